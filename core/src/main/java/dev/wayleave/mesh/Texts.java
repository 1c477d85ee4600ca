package dev.wayleave.mesh;

/** The limits on the texts that a host hands in, and the one check of them. */
final class Texts {

    /** Longest key of a tailnet, user or host's own node key, in UTF-16 code units. */
    static final int LONGEST_KEY = 200;

    /** Longest name of a node, user or tag, in UTF-16 code units. */
    static final int LONGEST_NAME = 255;

    private Texts() {}

    static void check(String what, String text, int longest) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty");
        }
        if (text.length() > longest) {
            throw new IllegalArgumentException(
                    what + " has " + text.length() + " characters; at most " + longest + " are allowed");
        }
    }
}
