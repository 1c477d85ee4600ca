package dev.wayleave.policy;

/** The policy's own words in messages: in backticks, not too long, and on one line. */
final class Quoted {

    static final int LONGEST = 80;

    private Quoted() {}

    static String quoted(String text) {
        return "`" + shortened(text) + "`";
    }

    static String shortened(String text) {
        String cut = cut(text);
        if (cut.chars().noneMatch(Quoted::isInvisible)) {
            return cut;
        }
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            result.append(isInvisible(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return result.toString();
    }

    /** At most so many characters, and never half of one. */
    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + '…';
    }

    /** Would break the line, or show nothing. */
    private static boolean isInvisible(int c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || c == '\ufeff';
    }
}
