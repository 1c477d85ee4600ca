package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Step;
import dev.wayleave.examples.cli.Run;
import dev.wayleave.journal.Journal;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any history, and any prefix, by the generators that the library publishes for other people's tests. */
class ReplayPropertyTest {

    private static Path file = Path.of("");

    @BeforeContainer
    static void create() throws IOException {
        file = Files.createTempFile("journal", ".jsonl");
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void everyHistoryIsPrintedInWords(@ForAll Script script, @ForAll Prefix prefix) throws IOException {
        List<String> lines = new ArrayList<>();
        Journal.Recorder recorder =
                new Journal.Recorder(script.start().rows(), script.start().now(), lines::add);
        int events = 0;
        for (Script.Moment moment : script.moments()) {
            Step step = recorder.step(moment.submissions(), moment.at());
            events += step.events().size();
        }
        recorder.checkpoint();
        Files.write(file, lines);

        Run run = Run.of("replay", file.toString(), "--explain", prefix.toString(), "--digest");

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).endsWith("\ndigest " + recorder.state().digest() + "\n");
        // nothing is left in the words of the program
        assertThat(run.out()).doesNotContainPattern("\\w\\[|Optional|dev\\.wayleave");
        assertThat(run.out().lines().takeWhile(line -> !line.isEmpty()).count()).isGreaterThanOrEqualTo(events);
    }
}
