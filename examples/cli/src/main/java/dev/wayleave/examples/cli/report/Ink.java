package dev.wayleave.examples.cli.report;

import picocli.CommandLine.Help.Ansi;

/** Colours, where the output is a terminal that shows them and {@code NO_COLOR} is not set. */
public final class Ink {

    private final boolean coloured;

    public Ink(Ansi ansi) {
        this.coloured = ansi.enabled();
    }

    public String strong(String text) {
        return paint("1", text);
    }

    public String faint(String text) {
        return paint("2", text);
    }

    public String good(String text) {
        return paint("32", text);
    }

    public String bad(String text) {
        return paint("31", text);
    }

    public String waiting(String text) {
        return paint("33", text);
    }

    private String paint(String code, String text) {
        return coloured ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }
}
