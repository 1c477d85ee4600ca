package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.journal.Journal;
import dev.wayleave.mesh.Actor;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import dev.wayleave.testing.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {

    private static final Scenario SCENARIO = Scenario.begin()
            .user("alice")
            .policy(AutoApprovalRegressionTest.ROUTERS)
            .register("a", node -> node.ephemeral(true))
            .connect("a")
            .advertise("a", "10.0.0.0/8", "0.0.0.0/0")
            .router("b", "10.0.0.0/8")
            .drain("a")
            .fallSilent("b")
            .after(Duration.ofMinutes(4))
            .settings(settings -> settings.priority(new dev.wayleave.mesh.NodeId(2), 7));

    private static List<String> journal() {
        List<String> lines = new ArrayList<>();
        Script script = SCENARIO.script();
        Journal.Recorder recorder =
                new Journal.Recorder(script.start().rows(), script.start().now(), lines::add);
        for (Script.Moment moment : script.moments()) {
            Step unused = recorder.step(moment.submissions(), moment.at());
        }
        recorder.checkpoint();
        return lines;
    }

    @Test
    void aReplayComesToTheSameStateAndEvents() {
        Journal.Replay replay = Journal.replay(journal());

        assertThat(replay.state().digest()).isEqualTo(SCENARIO.state().digest());
        assertThat(replay.events()).isEqualTo(SCENARIO.events());
        assertThat(replay.steps()).isEqualTo(SCENARIO.script().moments().size());
    }

    @Test
    void aReplayUntilATimeTakesTheStepsUpToThen() {
        Instant until = Scenario.START.plusSeconds(30);

        Journal.Replay replay = Journal.replay(journal(), until);

        assertThat(replay.state().now()).isEqualTo(Scenario.START);
        assertThat(replay.steps())
                .isPositive()
                .isLessThan(SCENARIO.script().moments().size());
    }

    @Test
    void aJournalMayBeginWithAStateThatWasStored() {
        List<String> lines = List.of(
                Journal.begin(SCENARIO.stored(), SCENARIO.now()),
                "",
                Journal.step(List.of(), SCENARIO.now().plusSeconds(1)));

        assertThat(Journal.replay(lines).state().rows()).isEqualTo(SCENARIO.stored());
    }

    @Test
    void aHostThatStartsAnewGoesOnInTheSameJournal() {
        List<String> lines = journal();
        Instant restarted = SCENARIO.now().plusSeconds(60);
        Journal.Recorder anew = new Journal.Recorder(SCENARIO.stored(), restarted, lines::add);
        Step unused = anew.step(List.of(), restarted.plusSeconds(1));
        anew.checkpoint();
        StepCounter counter = new StepCounter();

        Journal.Replay whole = Journal.replay(lines, null, counter);
        Journal.Replay before = Journal.replay(lines, restarted.minusMillis(1));

        assertThat(counter.beginnings).isEqualTo(2);
        assertThat(counter.steps).isEqualTo(whole.steps());
        assertThat(whole.state().now()).isEqualTo(restarted.plusSeconds(1));
        assertThat(whole.steps()).isEqualTo(before.steps() + 1);
        assertThat(before.state().digest()).isEqualTo(SCENARIO.state().digest());
    }

    private static final String FAILING = """
            {"acls": [], "tests": [{"src": "ann@example.com", "accept": ["10.0.0.1:22"]}]}""";

    private static List<Submission> failingPolicy() {
        return List.of(Submission.of(new Actor("ada"), new Command.SetPolicy(PolicyReader.read(FAILING))));
    }

    @Test
    void aPolicyThatWasTakenIsTakenAgainWhateverItsTestsSay() {
        Scenario strict = Scenario.of(RoutingSettings.TAILSCALE);

        Journal.Replay replay = Journal.replay(
                List.of(Journal.begin(strict.stored(), strict.now()), Journal.step(failingPolicy(), strict.now())));

        assertThat(replay.state().policy().tests()).hasSize(1);
    }

    @Test
    void aPolicyThatWasRefusedForItsTestsIsRefusedAgain() {
        Scenario strict = Scenario.of(RoutingSettings.TAILSCALE);
        List<String> lines = new ArrayList<>();
        Journal.Recorder recorder = new Journal.Recorder(strict.stored(), strict.now(), lines::add);
        Step refused = recorder.step(failingPolicy(), strict.now());
        recorder.checkpoint();
        Step accepted = recorder.step(List.of(), strict.now().plusSeconds(1));

        assertThat(Journal.refusal(refused)).contains("""
                {"policyTestsFailed":true}""");
        assertThat(Journal.refusal(accepted)).isEmpty();
        assertThat(Journal.replay(lines).state().digest())
                .isEqualTo(recorder.state().digest());
    }

    private static final class StepCounter implements Journal.Follower {

        private int beginnings;
        private int steps;

        @Override
        public void begins(RoutingState state) {
            beginnings++;
        }

        @Override
        public void stepped(List<Submission> submissions, Step step) {
            steps++;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H"})
    void aStepOfTheClockIsRecordedAndReplaysToTheSameStateAndEvents(Duration by) {
        Scenario scenario = Scenario.begin()
                .router("berlin", "10.0.0.0/16")
                .router("backup", "10.0.0.0/16")
                .disconnect("berlin");
        List<String> lines = new ArrayList<>();
        Journal.Recorder recorder = new Journal.Recorder(scenario.stored(), scenario.now(), lines::add);
        List<RouteEvent> events = new ArrayList<>();
        Instant stepped = scenario.now().plusSeconds(1).plus(by);
        events.addAll(recorder.step(List.of(Submission.of(new Actor("clock"), new Command.StepClock(by))), stepped)
                .events());
        events.addAll(recorder.step(List.of(), stepped.plusSeconds(60)).events());
        recorder.checkpoint();

        Journal.Replay replay = Journal.replay(lines);

        assertThat(replay.events()).isEqualTo(events).hasAtLeastOneElementOfType(RouteEvent.ClockStepped.class);
        assertThat(replay.state().now()).isEqualTo(stepped.plusSeconds(60));
        assertThat(replay.state().digest()).isEqualTo(recorder.state().digest());
    }

    @Test
    void linesThatCanBeReadOnlyOnceAreEnough() {
        Stream<String> once = journal().stream();

        Journal.Replay replay = Journal.replay(once::iterator);

        assertThat(replay.state().digest()).isEqualTo(SCENARIO.state().digest());
    }

    @Test
    void stepsAfterACheckpointAreTaken() {
        List<String> lines = journal();
        lines.add(Journal.step(List.of(), SCENARIO.now().plusSeconds(1)));
        assertThat(Journal.replay(lines).steps())
                .isEqualTo(SCENARIO.script().moments().size() + 1);
    }

    @Test
    void aRecorderTakesTheStepsThatItWritesDown() {
        List<String> lines = new ArrayList<>();
        Journal.Recorder recorder = new Journal.Recorder(SCENARIO.stored(), SCENARIO.now(), lines::add);

        Step step = recorder.step(List.of(), SCENARIO.now().plusSeconds(1));

        assertThat(step.next().now()).isEqualTo(SCENARIO.now().plusSeconds(1));
        assertThat(recorder.state()).isSameAs(step.next());
        assertThat(lines).hasSize(2);
    }

    @Test
    void whereALastLineWasCutShortItSaysSo() {
        List<String> lines = journal();
        String cut = Journal.step(List.of(), SCENARIO.now()).substring(0, 9);
        lines.add(cut);
        assertThatThrownBy(() -> Journal.replay(lines))
                .hasMessageStartingWith("line " + lines.size())
                .hasMessageContaining("take it away");
        lines.add(Journal.step(List.of(), SCENARIO.now()));
        assertThatThrownBy(() -> Journal.replay(lines))
                .hasMessageStartingWith("line " + (lines.size() - 1))
                .message()
                .doesNotContain("take it away");
    }

    @Test
    void theStepBeforeALineThatWasCutShortIsTaken() {
        List<String> lines = new ArrayList<>(List.of(
                Journal.begin(SCENARIO.stored(), SCENARIO.now()),
                Journal.step(List.of(), SCENARIO.now().plusSeconds(1)),
                "{\"at\":"));
        StepCounter counter = new StepCounter();

        assertThatThrownBy(() -> Journal.replay(lines, null, counter)).isInstanceOf(StoredTextException.class);

        assertThat(counter.steps).isOne();
    }

    @Test
    void aHostThatStartsTooLateEndsAReplayEvenIfTheClockIsSteppedBackLater() {
        Instant begun = SCENARIO.now();
        List<String> lines = List.of(
                Journal.begin(SCENARIO.stored(), begun),
                Journal.begin(SCENARIO.stored(), begun.plusSeconds(60)),
                Journal.step(List.of(), begun.plusSeconds(1)));

        Journal.Replay replay = Journal.replay(lines, begun.plusSeconds(30));

        assertThat(replay.steps()).isZero();
        assertThat(replay.state().now()).isEqualTo(begun);
    }

    @Test
    void aReplayNoticesAnotherState() {
        List<String> lines = journal();
        lines.remove(3);

        assertThatThrownBy(() -> Journal.replay(lines))
                .isInstanceOf(StoredTextException.class)
                .hasMessageContaining("line " + lines.size())
                .hasMessageContaining("digest");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"at":"2026-01-01T00:00:00Z"}                                                  | begins with a line
            {"wayleaveJournal":1,"at":"2026-01-01T00:00:00Z"}                              | format `1` cannot be read
            {"wayleaveJournal":2,"at":"2026-01-01T00:00:00Z"}                              | format `2` cannot be read
            {"wayleaveJournal":4,"at":"2026-01-01T00:00:00Z"}                              | format `4` cannot be read
            {"wayleaveJournal":3,"at":"yesterday","rows":{}}                               | .at: `yesterday` cannot be read
            {"wayleaveJournal":3,"at":"2026-01-01T00:00:00Z"}                              | `rows` is missing
            []                                                                             | not a JSON object
            {"wayleaveJournal":                                                            | no valid JSON
            """)
    void aMalformedLineIsNamed(String line, String message) {
        assertThatThrownBy(() -> Journal.replay(List.of(line)))
                .isInstanceOf(StoredTextException.class)
                .hasMessageStartingWith("line 1")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"kind":"explode"}                                                  | .submissions[0].commands[0].kind: `explode` is unknown
            {"kind":"remove-node"}                                               | is missing
            {"kind":"remove-node","node":0}                                      | not positive
            {"kind":"remove-node","node":1,"force":true}                         | is unknown here
            {"kind":"set-approved-routes","node":1,"prefixes":["10.0.0.1/8"]}         | cannot be read
            {"kind":"connect-session","node":1,"session":""}                    | is empty
            """)
    void aMalformedCommandIsNamed(String command, String message) {
        List<String> lines = new ArrayList<>(journal().subList(0, 1));
        lines.add("""
                {"at":"2026-01-01T00:00:00Z","submissions":[{"actor":"x","commands":[%s]}]}""".formatted(command));

        assertThatThrownBy(() -> Journal.replay(lines))
                .isInstanceOf(StoredTextException.class)
                .hasMessageStartingWith("line 2")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"wayleaveJournal":3,"at":"2026-01-01T00:00:00Z","rows":{},"new":1}
            {"at":"2026-01-01T00:00:00Z","new":1}
            {"at":"2026-01-01T00:00:00Z","submissions":[{"actor":"x","commands":[],"new":1}]}
            {"digest":"?","new":1}
            """)
    void aFieldOfALaterVersionIsRefusedInALine(String line) {
        assertThatThrownBy(() -> Journal.replay(List.of(journal().get(0), line)))
                .isInstanceOf(StoredTextException.class)
                .hasMessageStartingWith("line 2")
                .hasMessageContaining("`new` is unknown here");
    }

    @Test
    void anEmptyJournalIsRefused() {
        assertThatThrownBy(() -> Journal.replay(List.of()))
                .isInstanceOf(StoredTextException.class)
                .hasMessageContaining("empty");
    }

    @Test
    void textsOfAnyKindSurvive() {
        Submission odd =
                new Submission(new Actor("\u200d\"\\ \ud83d\ude80"), "caf\u00e9", List.of(new Command.PassTime()));
        List<String> lines = List.of(journal().get(0), Journal.step(List.of(odd), Scenario.START));

        assertThat(lines.get(1)).doesNotContain("\n");
        assertThat(Journal.replay(lines).steps()).isOne();
    }
}
