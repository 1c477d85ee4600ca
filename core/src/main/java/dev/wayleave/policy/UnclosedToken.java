package dev.wayleave.policy;

import org.jspecify.annotations.Nullable;

/**
 * A string or comment of HuJSON that has begun, and where.
 *
 * @param kind what has begun
 * @param start the offset of its first character
 */
record UnclosedToken(Kind kind, int start) {

    enum Kind {
        STRING,
        COMMENT
    }

    /**
     * Finds the string or block comment in which a text breaks off or is refused.
     *
     * @param text HuJSON without an error before {@code end}
     * @param end an offset in it
     * @return the token that has begun before {@code end} and is not closed before it; null if there is none
     */
    static @Nullable UnclosedToken at(String text, int end) {
        int i = 0;
        while (i < end) {
            int start = i;
            if (text.charAt(i) == '"') {
                i = endOfString(text, i + 1, end);
                if (i > end) {
                    return new UnclosedToken(Kind.STRING, start);
                }
            } else if (text.startsWith("/*", i)) {
                int close = text.indexOf("*/", i + 2);
                if (close < 0 || close >= end) {
                    return new UnclosedToken(Kind.COMMENT, start);
                }
                i = close + 2;
            } else if (text.startsWith("//", i)) {
                while (i < end && text.charAt(i) != '\n' && text.charAt(i) != '\r') {
                    i++;
                }
            } else {
                i++;
            }
        }
        return null;
    }

    /** The offset behind the closing quote, or one beyond the end. */
    private static int endOfString(String text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i + 1;
            }
        }
        return end + 1;
    }
}
