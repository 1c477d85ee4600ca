package dev.wayleave.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The README shows what the commands print, to the letter. */
class ReadmeTest {

    private static final String SAMPLES = "examples/cli/sample/";

    private static final String SAMPLE_FOLDER = Run.MODULE.resolve("sample") + File.separator;

    private static final Pattern EXAMPLE =
            Pattern.compile("```sh\nwayleave ([^\n]+)\n```\n\n```text\n(.*?)```\n", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> everyCommandPrintsWhatIsShown() throws IOException {
        String readme = Files.readString(Run.MODULE.resolve("README.md")).replace("\r\n", "\n");
        List<MatchResult> examples = EXAMPLE.matcher(readme).results().toList();
        assertThat(examples).hasSizeGreaterThan(5);
        return examples.stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.group(1),
                        () -> assertThat(printed(example.group(1))).isEqualTo(example.group(2))));
    }

    private static String printed(String command) {
        String[] words = command.split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].startsWith("examples/cli/")
                    ? Run.MODULE
                            .resolve(words[i].substring("examples/cli/".length()))
                            .toString()
                    : words[i];
        }
        return Run.of(words).out().replace(SAMPLE_FOLDER, SAMPLES);
    }
}
