package dev.wayleave.mesh;

/** The limits on the texts that a host hands in, and the one check of them. */
final class Texts {

    /** Longest key of a tailnet, user or host's own node key, in UTF-16 code units. */
    static final int LONGEST_KEY = 200;

    /** Longest name of a node, user or tag, in UTF-16 code units. */
    static final int LONGEST_NAME = 255;

    private static final int LONGEST_QUOTE = 80;

    private Texts() {}

    /** In backticks, cut, and with everything escaped that is not printable ASCII, as in messages about addresses. */
    static String quoted(String text) {
        StringBuilder quote = new StringBuilder("`");
        for (int i = 0; i < Math.min(text.length(), LONGEST_QUOTE); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c <= '~' && c != '`';
            quote.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return quote + (text.length() <= LONGEST_QUOTE ? "`" : "...`");
    }

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
