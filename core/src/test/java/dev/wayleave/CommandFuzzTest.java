package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.journal.Journal;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.Scenario;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * However the values of commands are mangled, a constructor refuses them, or the submission is refused, or it is
 * applied: nothing else ever happens, and nothing is half applied.
 */
class CommandFuzzTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");
    private static final int COMMANDS = SLOW ? 1_000_000 : 10_000;
    private static final int OF_ONE_TAILNET = 400;

    private final List<Integer> seen = new ArrayList<>(List.of(0, 0, 0));

    @Test
    void mangledCommandsAreRefusedOrAppliedWhole() {
        for (int made = 0; made < COMMANDS; made += OF_ONE_TAILNET) {
            long seed = made;
            try {
                history(new Random(seed));
            } catch (Throwable e) {
                throw new AssertionError("tailnet with seed " + seed, e);
            }
        }
        // each of the three happens often, or the test proves little
        assertThat(seen).allSatisfy(count -> assertThat(count).isGreaterThan(COMMANDS / 20));
    }

    private void history(Random random) {
        MutatedCommands commands = new MutatedCommands(random);
        Instant now = Scenario.START;
        RoutingState state = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, now);
        List<String> lines = new ArrayList<>();
        Journal.Recorder recorder = new Journal.Recorder(state.rows(), now, lines::add);
        state = recorder.step(List.of(commands.beginning()), now).next();
        int left = OF_ONE_TAILNET;
        while (left > 0) {
            List<Submission> submissions = new ArrayList<>();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                int size = 1 + random.nextInt(3);
                left -= size;
                submission(commands, size).ifPresent(submissions::add);
            }
            now = now.plusMillis(random.nextInt(20_000));
            Step step = recorder.step(submissions, now);
            check(state, submissions, step, now);
            state = step.next();
        }
        recorder.checkpoint();
        assertThat(Journal.replay(lines).state().canonicalText()).isEqualTo(state.canonicalText());
    }

    /** A submission; empty if a constructor refuses one of its values. */
    private Optional<Submission> submission(MutatedCommands commands, int size) {
        try {
            List<Command> made = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                made.add(commands.next());
            }
            return Optional.of(new Submission(new Actor("fuzz"), null, made));
        } catch (NullPointerException e) {
            assertThat(e).hasMessageMatching("\\w+( must not hold null)?");
        } catch (IllegalArgumentException | WayleaveException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        count(0);
        return Optional.empty();
    }

    private void check(RoutingState before, List<Submission> submissions, Step step, Instant now) {
        Invariants.check(before, submissions, step);
        List<Submission> accepted = new ArrayList<>();
        for (int i = 0; i < submissions.size(); i++) {
            boolean isRefused = step.results().get(i) instanceof SubmissionResult.Refused;
            count(isRefused ? 1 : 2);
            if (!isRefused) {
                accepted.add(submissions.get(i));
            }
        }
        if (accepted.size() < submissions.size()) {
            Step without = Routing.step(before, accepted, now);
            assertThat(step.next().canonicalText()).isEqualTo(without.next().canonicalText());
            assertThat(step.rowChanges()).isEqualTo(without.rowChanges());
            assertThat(step.events()).isEqualTo(without.events());
        }
    }

    private void count(int kind) {
        seen.set(kind, seen.get(kind) + 1);
    }
}
