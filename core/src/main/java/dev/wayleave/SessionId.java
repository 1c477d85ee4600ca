package dev.wayleave;

/**
 * The host's own key of one control session of a node; opaque to this library.
 *
 * <p>Immutable and safe for use by several threads. A host gives every connection a key of its own: that is how the end
 * of an old connection is told from the end of the current one.
 *
 * @param value 1 to 200 characters
 */
public record SessionId(String value) {

    private static final int LONGEST = 200;

    /**
     * Checks the text.
     *
     * @param value 1 to 200 characters
     * @throws IllegalArgumentException if it is empty or longer than 200 characters
     */
    public SessionId {
        checkText("session id", value);
    }

    static void checkText(String what, String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty");
        }
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    what + " has " + text.length() + " characters; at most " + LONGEST + " are allowed");
        }
    }

    /**
     * Returns the text as the host gave it.
     *
     * @return the text
     */
    @Override
    public String toString() {
        return value;
    }
}
