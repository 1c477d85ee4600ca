package dev.wayleave.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README shows this program and what it prints, to the letter. */
class TourTest {

    private static final Path MODULE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    private static final String BORDER = "        // the README shows what is between these two lines\n";

    @Test
    void readmeShowsThisProgram() throws IOException {
        assertThat(readmeBlock("program: tour", "java")).isEqualTo(program());
    }

    @Test
    void readmeShowsWhatItPrints() throws IOException {
        assertThat(readmeBlock("output: tour", "text")).isEqualTo(printed());
    }

    @Test
    void theProgramIsShort() throws IOException {
        assertThat(program().lines()).hasSizeLessThanOrEqualTo(25);
    }

    private static String program() throws IOException {
        String source = Files.readString(MODULE.resolve("src/main/java/dev/wayleave/examples/tour/Tour.java"));
        int start = source.indexOf(BORDER) + BORDER.length();
        return source.substring(start, source.lastIndexOf(BORDER)).indent(-8);
    }

    private static String printed() {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Tour.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    /** The fenced block right after a marker. */
    private static String readmeBlock(String marker, String language) throws IOException {
        String readme = Files.readString(MODULE.resolve("../../README.md")).replace("\r\n", "\n");
        Matcher block = Pattern.compile(
                        "<!-- " + Pattern.quote(marker) + " -->\n```" + language + "\n(.*?)```\n", Pattern.DOTALL)
                .matcher(readme);
        assertThat(block.find()).as("a block after the marker `%s`", marker).isTrue();
        return block.group(1);
    }
}
