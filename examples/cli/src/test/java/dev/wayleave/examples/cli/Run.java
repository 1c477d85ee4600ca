package dev.wayleave.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/**
 * One run of the program inside this process.
 *
 * @param code the exit code
 * @param out what it printed
 * @param err what it complained about
 */
public record Run(int code, String out, String err) {

    public static final Path MODULE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    public static final String SAMPLE = MODULE.resolve("sample/tailnet.json").toString();

    public static Run of(String... args) {
        return with(Ansi.OFF, args);
    }

    /** A command that asks about the sample. */
    public static Run onSample(String command, String... words) {
        return of(Stream.concat(Stream.of(command, "--case", SAMPLE), Stream.of(words))
                .toArray(String[]::new));
    }

    public static Run with(Ansi ansi, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Wayleave.run(new PrintWriter(out), new PrintWriter(err), ansi, args);
        return new Run(code, lines(out), lines(err));
    }

    /** Asserts that it is refused in one line with these {@link Facts}: exit code 2, and nothing but the complaint. */
    public void assertRefused(String facts) {
        assertThat(code).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(err).endsWith("\n");
        Facts.assertLines(err, "wayleave: … " + facts + " …");
    }

    /** Writes a file and returns its name. */
    public static String file(Path folder, String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text).toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String lines(StringWriter text) {
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
