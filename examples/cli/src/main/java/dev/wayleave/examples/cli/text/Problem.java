package dev.wayleave.examples.cli.text;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with an input, or that its author may not expect.
 *
 * @param code what kind of problem it is; may be empty
 * @param message what is wrong
 * @param line from 1; null where it has no place
 * @param column in that line, from 1; null where it has no place
 */
public record Problem(
        @Nullable String code,
        @Nullable String message,
        @Nullable Integer line,
        @Nullable Integer column) {

    /** The kind of what is wrong with a file around the policy in it. */
    private static final String FILE = "FILE";

    /** A problem at a place in a file. */
    public static Problem at(int line, int column, String message) {
        return new Problem(FILE, message, line, column);
    }

    /** A problem of a policy: a line of 0 stands for no place. */
    public static Problem of(Enum<?> code, String message, int line, int column) {
        return new Problem(code.name(), message, line == 0 ? null : line, line == 0 ? null : column);
    }

    /** The form in which compilers write positions, so that editors can jump to them. */
    public String in(SourceText source) {
        return in(source, "");
    }

    /** The same, with a word before the message, which may be coloured. */
    public String in(SourceText source, String word) {
        String place = line == null ? "" : line + ":" + column + ":";
        return Printable.line(source.name() + ":" + place + " ") + word + Printable.line(String.valueOf(message));
    }
}
