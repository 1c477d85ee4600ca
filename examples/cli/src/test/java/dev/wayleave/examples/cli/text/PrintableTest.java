package dev.wayleave.examples.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No name breaks a line of this tool or writes to the terminal as the tool would. */
class PrintableTest {

    private static final String SPOOF = "a\u2066b\u202eX";
    private static final String SHOWN = "a\\u2066b\\u202eX";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            000a | \\u000a
            001b | \\u001b
            007f | \\u007f
            009b | \\u009b
            00ad | \\u00ad
            200f | \\u200f
            2028 | \\u2028
            2029 | \\u2029
            2066 | \\u2066
            feff | \\ufeff
            d800 | \\ud800
            """)
    void aCharacterThatSteersATerminalIsShownAsAnEscape(String character, String shown) {
        assertThat(Printable.line("a" + (char) Integer.parseInt(character, 16) + "b"))
                .isEqualTo("a" + shown + "b");
    }

    @Test
    void aCharacterOfTwoUnitsIsShownAsBoth() {
        assertThat(Printable.line("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "berlin-a", "Ærø – 東京", "\uD83D\uDE00", "C:\\users"})
    void otherTextIsLeftAsItIs(String text) {
        assertThat(Printable.line(text)).isEqualTo(text);
    }

    @Test
    void linesKeepTheirLineFeeds() {
        assertThat(Printable.lines("a\n\u001b\n")).isEqualTo("a\n\\u001b\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"id": 1, "name": "a", "tags": ["tag:x\\ny"]}
            {"id": 1, "name": "a", "user": "bo\\nb"}
            {"id": 1, "name": "a", "us\\ner": "bob"}
            {"id": 1, "name": "a\\nb"}
            {"id": 1, "name": "a", "user": "bob", "advertised": ["10.0.0.0\\n/8"]}
            """)
    void complaintsAboutAFileStandOnOneLine(String node) {
        String file = Run.file(folder, "case.json", """
                {"policy": {}, "users": [{"id": 1, "name": "bob"}], "nodes": [%s]}
                """.formatted(node));
        complainsInOneLine("routes", "-c", file);
    }

    @Test
    void complaintsAboutTheCommandLineStandOnOneLine() {
        String file = Run.file(folder, "case.json", """
                {"policy": {}, "nodes": []}""");
        complainsInOneLine("ro\nx");
        complainsInOneLine("--a\nb");
        complainsInOneLine("routes", "-c", "a\nb");
        complainsInOneLine("routes", "-c", "a\0b");
        complainsInOneLine("routes", "-c", file, "a\nb");
        complainsInOneLine("routes", "-c", file, "-o", "js\non");
        complainsInOneLine("explain", "-c", file, "-n", "a\nb", "-p", "10.0.0.0/8");
        complainsInOneLine("explain", "-c", file, "-n", "a", "-p", "10.0.0.0\n/8");
        complainsInOneLine("policy", "check", "a\nb");
        complainsInOneLine("via6", "7\n", "10.0.0.0/8");
    }

    private static void complainsInOneLine(String... command) {
        Run run = Run.of(command);
        assertThat(run.code()).as(String.join(" ", command)).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("wayleave: ")
                .endsWith("\n")
                .containsOnlyOnce("\n")
                .containsAnyOf("\\u000a", "U+000A", "\\u0000", "\\u001b")
                .doesNotContain("java.");
    }

    @Test
    void aTableShowsANameThatSteersAsEscapes() {
        List<String> lines = Run.of("routes", "-c", spoofing()).out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).startsWith("1  | " + SHOWN + " | ");
    }

    @Test
    void jsonSaysTheSameInEscapes() {
        String json = Run.of("routes", "-c", spoofing(), "-o", "json").out();
        assertThat(json)
                .contains("\"name\": \"a\\u2066b\\u202eX\"")
                .contains("\"user\": {\n")
                .doesNotContain("\u2066", "\u202e");
    }

    @Test
    void anExplanationShowsNamesOnOneLine() {
        String text = Run.of("explain", "-c", spoofing(), "-n", SPOOF, "-p", "10.0.0.0/8")
                .out();
        assertThat(text)
                .startsWith("10.0.0.0/8 at " + SHOWN + " (1, o\\u2066w)\n")
                .contains("  " + SHOWN + " (1)  not approved  ")
                .contains("\"o\\u2066w@\"")
                .doesNotContain("\u2066", "\u202e");
    }

    @Test
    void viewFilterAndAnswersShowNamesOnOneLine() {
        String file = spoofing();
        assertThat(Run.of("view", "-c", file, "-n", SPOOF, "--why").out())
                .startsWith(SHOWN + " (1, o\\u2066w)\n")
                .doesNotContain("\u2066", "\u202e");
        assertThat(Run.of("view", "-c", file, "-n", "c", "--why").out())
                .contains("1  | " + SHOWN, "  " + SHOWN + "  ")
                .doesNotContain("\u2066", "\u202e");
        assertThat(Run.of("can", SPOOF, "100.64.0.2", "-c", file).out())
                .startsWith("yes: " + SHOWN + " (100.64.0.1) → 100.64.0.2 (c), any traffic\n")
                .doesNotContain("\u2066", "\u202e");
        String closed = Run.file(folder, "closed.json", """
                {"policy": {"acls": []}, "nodes": [{"id": 1, "name": "a\\u2066b\\u202eX", "tags": ["tag:a"]}]}
                """);
        assertThat(Run.of("filter", "-c", closed, "-n", SPOOF).out()).isEqualTo(SHOWN + " lets nothing in.\n");
    }

    /** Two nodes advertise the same, and the first of them has a name that turns the direction of reading. */
    private String spoofing() {
        return Run.file(folder, "case.json", """
                {"policy": {}, "users": [{"id": 1, "name": "o\\u2066w"}],
                 "nodes": [{"id": 1, "name": "a\\u2066b\\u202eX", "user": "o\\u2066w", "ipv4": "100.64.0.1",
                            "advertised": ["10.0.0.0/8"]},
                           {"id": 2, "name": "c", "user": "o\\u2066w", "ipv4": "100.64.0.2",
                            "advertised": ["10.0.0.0/8"]}]}
                """);
    }
}
