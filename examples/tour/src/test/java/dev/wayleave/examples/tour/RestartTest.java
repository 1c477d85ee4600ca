package dev.wayleave.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README shows this program and what it prints, to the letter. */
class RestartTest {

    private static final Path MODULE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    private static final String BORDER = "        // the README shows what stands between these two lines\n";

    @Test
    void readmeShowsThisProgram() throws IOException {
        String source = Files.readString(MODULE.resolve("src/main/java/dev/wayleave/examples/tour/Restart.java"));
        String program = source.substring(source.indexOf(BORDER) + BORDER.length(), source.lastIndexOf(BORDER))
                .indent(-8);
        assertThat(readme()).contains("<!-- program: restart -->\n```java\n" + program + "```\n");
    }

    @Test
    void readmeShowsWhatItPrints() throws IOException {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Restart.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        String output = printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        assertThat(readme()).contains("<!-- output: restart -->\n```text\n" + output + "```\n");
    }

    private static String readme() throws IOException {
        return Files.readString(MODULE.resolve("../../README.md")).replace("\r\n", "\n");
    }
}
