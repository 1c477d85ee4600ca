package dev.wayleave.policy;

/** The policy's own words in messages: in backticks, not too long, and on one line. */
final class Quoted {

    static final int LONGEST = 80;

    private Quoted() {}

    static String quoted(String text) {
        return "`" + shortened(text) + "`";
    }

    static String shortened(String text) {
        StringBuilder result = new StringBuilder();
        int end = Math.min(text.length(), LONGEST);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
                result.append(String.format("\\u%04x", (int) c));
            } else {
                result.append(c);
            }
        }
        return end < text.length() ? result.append('…').toString() : result.toString();
    }
}
