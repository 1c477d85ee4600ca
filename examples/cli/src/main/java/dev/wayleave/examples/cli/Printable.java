package dev.wayleave.examples.cli;

import java.util.HexFormat;

/**
 * Text of files and command lines in a form that may go to a terminal: a name cannot break its line, colour what follows,
 * or turn the direction of reading. The characters that would are shown as JSON escapes them.
 */
final class Printable {

    private static final int NONE = -1;

    private Printable() {}

    /** A text that stands on one line. */
    static String line(String text) {
        return escaped(text, NONE);
    }

    /** A text whose line feeds are meant. */
    static String lines(String text) {
        return escaped(text, '\n');
    }

    private static String escaped(String text, int kept) {
        if (text.codePoints().noneMatch(point -> point != kept && steers(point))) {
            return text;
        }
        StringBuilder result = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point == kept || !steers(point)) {
                result.appendCodePoint(point);
                return;
            }
            for (char unit : Character.toChars(point)) {
                result.append("\\u").append(HexFormat.of().toHexDigits(unit));
            }
        });
        return result.toString();
    }

    /** Moves, hides or turns what stands around it, or is half a character. */
    private static boolean steers(int point) {
        switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE:
                return true;
            default:
                return false;
        }
    }
}
