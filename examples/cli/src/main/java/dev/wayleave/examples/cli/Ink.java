package dev.wayleave.examples.cli;

import picocli.CommandLine.Help.Ansi;

/** Colours, where the output is a terminal that shows them and nobody set {@code NO_COLOR}. */
final class Ink {

    private final boolean coloured;

    Ink(Ansi ansi) {
        this.coloured = ansi.enabled();
    }

    String strong(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String good(String text) {
        return paint("32", text);
    }

    String bad(String text) {
        return paint("31", text);
    }

    String waiting(String text) {
        return paint("33", text);
    }

    private String paint(String code, String text) {
        return coloured ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }
}
