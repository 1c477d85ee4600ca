package dev.wayleave.examples.cli.text;

import java.util.HexFormat;

/**
 * Text of files and command lines in a form that may go to a terminal: a name cannot break its line, colour what
 * follows, or turn the direction of reading. The characters that would are shown as JSON escapes them.
 */
public final class Printable {

    private Printable() {}

    /** A text for one line. */
    public static String line(String text) {
        return escaped(text, "");
    }

    /** A text whose line feeds are meant. */
    public static String lines(String text) {
        return escaped(text, "\n");
    }

    /** A text from an editor: its tabs are kept, and its lines end as they do here. */
    public static String written(String text) {
        return escaped(text.replace("\r\n", "\n"), "\n\t");
    }

    private static String escaped(String text, String kept) {
        if (isPlain(text) || text.codePoints().noneMatch(point -> kept.indexOf(point) < 0 && controls(point))) {
            return text;
        }
        StringBuilder result = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (kept.indexOf(point) >= 0 || !controls(point)) {
                result.appendCodePoint(point);
                return;
            }
            for (char unit : Character.toChars(point)) {
                result.append("\\u").append(HexFormat.of().toHexDigits(unit));
            }
        });
        return result.toString();
    }

    /** Most texts are only printable ASCII, which a short loop finds out. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** Moves, hides or turns the characters around it, or is half a character. */
    private static boolean controls(int point) {
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
