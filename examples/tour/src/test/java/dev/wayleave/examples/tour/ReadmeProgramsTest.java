package dev.wayleave.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The README shows these programs and what they print, to the letter. */
class ReadmeProgramsTest {

    private static final Path MODULE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    private static final String BORDER = "        // the README shows what stands between these two lines\n";

    private enum Program {
        LIFE("life", "RouteLife", RouteLife::main),
        KEPT("kept", "KeptRoutes", KeptRoutes::main),
        RESTART("restart", "Restart", Restart::main);

        private final String marker;
        private final String source;
        private final Main main;

        Program(String marker, String source, Main main) {
            this.marker = marker;
            this.source = source;
            this.main = main;
        }
    }

    private interface Main {
        void run(String[] arguments) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void readmeShowsTheProgram(Program program) throws IOException {
        String source = Files.readString(
                MODULE.resolve("src/main/java/dev/wayleave/examples/tour/" + program.source + ".java"));
        String shown = source.substring(source.indexOf(BORDER) + BORDER.length(), source.lastIndexOf(BORDER))
                .indent(-8);
        assertThat(readme()).contains("<!-- program: " + program.marker + " -->\n```java\n" + shown + "```\n");
    }

    @ParameterizedTest
    @EnumSource
    void readmeShowsWhatItPrints(Program program) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.main.run(new String[0]);
        } finally {
            System.setOut(console);
        }
        String output = printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        assertThat(readme()).contains("<!-- output: " + program.marker + " -->\n```text\n" + output + "```\n");
    }

    private static String readme() throws IOException {
        return Files.readString(MODULE.resolve("../../README.md")).replace("\r\n", "\n");
    }
}
