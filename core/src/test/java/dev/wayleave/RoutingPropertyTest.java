package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.journal.Journal;
import dev.wayleave.mesh.Actor;
import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.ReferenceRouting;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** Random histories under all kinds of settings: every step equals the slow twin's, and keeps every invariant. */
@Domain(RoutingDomain.class)
class RoutingPropertyTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");

    /** One history at a time, so that a failure shrinks well; many in the long run. */
    @Provide
    static Arbitrary<List<Script>> histories() {
        return RoutingArbitraries.scripts().list().ofSize(SLOW ? 50 : 1);
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void everyStepEqualsTheSlowTwins(@ForAll("histories") List<Script> histories) {
        histories.forEach(RoutingPropertyTest::compare);
    }

    private static void compare(Script script) {
        RoutingState state = script.start();
        ReferenceRouting twin = new ReferenceRouting(state.settings(), state.now());
        for (Script.Moment moment : script.moments()) {
            Step step = Routing.step(state, moment.submissions(), moment.at());
            assertThat(step.results().stream()
                            .map(SubmissionResult.Accepted.class::isInstance)
                            .toList())
                    .isEqualTo(twin.step(moment.submissions(), moment.at()));
            twin.requireEqual(step.next());
            Invariants.check(state, moment.submissions(), step);
            state = step.next();
        }
    }

    /** A history of random commands survives being written down. */
    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void everyHistoryReplays(@ForAll Script script) {
        List<String> lines = new ArrayList<>();
        Journal.Recorder recorder =
                new Journal.Recorder(script.start().rows(), script.start().now(), lines::add);
        List<RouteEvent> events = new ArrayList<>();
        for (Script.Moment moment : script.moments()) {
            events.addAll(recorder.step(moment.submissions(), moment.at()).events());
        }
        recorder.checkpoint();

        Journal.Replay replay = Journal.replay(lines);

        assertThat(replay.state().canonicalText()).isEqualTo(recorder.state().canonicalText());
        assertThat(replay.events()).isEqualTo(events);
    }

    /** Sleeping until the next deadline misses nothing: a step before it changes nothing. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void nothingHappensBeforeTheNextDeadline(@ForAll Script script) {
        RoutingState state = script.start();
        for (Script.Moment moment : script.moments()) {
            state = Routing.step(state, moment.submissions(), moment.at()).next();
            Optional<Instant> next = state.nextDeadline();
            Instant before =
                    next.map(at -> at.minusMillis(1)).orElse(state.now().plusSeconds(1_000_000_000));
            Step quiet = Routing.step(state, List.of(), before);
            assertThat(quiet.events()).isEmpty();
            assertThat(quiet.rowChanges().isEmpty()).isTrue();
            assertThat(quiet.next().rows()).isEqualTo(state.rows());
            if (next.isPresent()) {
                Step due = Routing.step(state, List.of(), next.get());
                assertThat(due.next().nextDeadline()).isNotEqualTo(next);
            }
        }
    }

    /** A step that is nothing but keep-alives takes a short cut to the same state. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void theShortCutOfKeepAlivesLeadsToTheSameState(@ForAll Script script) {
        RoutingState state = script.start();
        for (Script.Moment moment : script.moments()) {
            state = Routing.step(state, moment.submissions(), moment.at()).next();
            List<Submission> heard = new ArrayList<>();
            for (NodeState node : state.nodes().values()) {
                node.session()
                        .ifPresent(session ->
                                heard.add(Submission.of(new Actor("host"), new Command.KeepAlive(node.id(), session))));
            }
            for (Instant at : List.of(
                    state.now(), state.now().plusSeconds(14), state.now().plusSeconds(131))) {
                Step step = Routing.step(state, heard, at);
                List<Submission> more = new ArrayList<>(heard);
                more.add(Submission.of(new Actor("host"), new Command.PassTime()));
                Step slow = Routing.step(state, more, at);

                assertThat(step.next().canonicalText()).isEqualTo(slow.next().canonicalText());
                assertThat(step.next().nextDeadline()).isEqualTo(slow.next().nextDeadline());
                assertThat(step.events()).isEqualTo(slow.events());
                assertThat(step.rowChanges()).isEqualTo(slow.rowChanges());
                assertThat(step.touched()).isEqualTo(slow.touched());
                assertThat(step.results()).isEqualTo(slow.results().subList(0, heard.size()));
            }
        }
    }

    /** A reload of what was just written changes nothing, sessions, health and timers included. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void aReloadOfTheOwnRowsIsNone(@ForAll Script script) {
        RoutingState state = script.start();
        for (Script.Moment moment : script.moments()) {
            state = Routing.step(state, moment.submissions(), moment.at()).next();
            assertThat(state.reload(state.rows()).canonicalText()).isEqualTo(state.canonicalText());
        }
    }
}
