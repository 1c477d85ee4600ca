package dev.wayleave.policy;

/**
 * The policy's own words in messages: in backticks, not too long, and on one line. What could mislead is escaped as
 * in messages about addresses; letters of any language stay.
 */
final class Quotes {

    static final int LONGEST = 80;

    private Quotes() {}

    static String quoted(String text) {
        return "`" + shortened(text) + "`";
    }

    static String shortened(String text) {
        String cut = cut(text);
        if (cut.codePoints().noneMatch(Quotes::misleads)) {
            return cut;
        }
        StringBuilder result = new StringBuilder();
        cut.codePoints().forEach(c -> {
            String character = Character.toString(c);
            if (misleads(c)) {
                character.chars().forEach(unit -> result.append(String.format("\\u%04x", unit)));
            } else {
                result.append(character);
            }
        });
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

    /** Would end the quote, break the line, show nothing, or turn the direction of what follows. */
    private static boolean misleads(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> c == '`';
        };
    }
}
