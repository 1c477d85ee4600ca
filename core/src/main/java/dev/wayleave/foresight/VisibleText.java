package dev.wayleave.foresight;

import java.text.Normalizer;

/** The part of a text that a person sees. */
final class VisibleText {

    /** Fillers of Hangul, Khmer, Mongolian and Braille, and the joiner of graphemes: letters and marks without ink. */
    private static final String FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0";

    private VisibleText() {}

    /** The text in NFC without invisible characters and without blanks around it; each run of blanks is one space. */
    static String of(String text) {
        boolean plain = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (plain) {
            return text;
        }
        StringBuilder seen = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFC).codePoints().forEach(point -> {
            if (Character.isWhitespace(point) || Character.isSpaceChar(point)) {
                if (seen.length() > 0 && seen.charAt(seen.length() - 1) != ' ') {
                    seen.append(' ');
                }
            } else if (!isUnseen(point)) {
                seen.appendCodePoint(point);
            }
        });
        return seen.toString().strip();
    }

    private static boolean isUnseen(int point) {
        int type = Character.getType(point);
        boolean variation = (point >= 0xfe00 && point <= 0xfe0f) || (point >= 0xe0100 && point <= 0xe01ef);
        return type == Character.FORMAT || type == Character.CONTROL || variation || FILLERS.indexOf(point) >= 0;
    }
}
