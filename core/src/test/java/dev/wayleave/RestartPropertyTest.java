package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.journal.Journal;
import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.ReferenceRouting;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Random histories in which the process dies at any point, and begins again with nothing but rows. */
@Domain(RoutingDomain.class)
@Domain(DomainContext.Global.class)
class RestartPropertyTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");

    /** One history at a time, so that a failure shrinks well; many in the long run. */
    @Provide
    static Arbitrary<List<Script>> histories() {
        return RoutingArbitraries.scripts().list().ofSize(SLOW ? 50 : 1);
    }

    /** With the clock set back while the process was down, and set forward. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void aHistoryWithRestartsEqualsTheSlowTwins(
            @ForAll("histories") List<Script> histories,
            @ForAll @IntRange(min = 1, max = 6) int every,
            @ForAll @IntRange(min = -40, max = 80) int downSeconds) {
        histories.forEach(script -> compare(script, every, downSeconds));
    }

    private static void compare(Script script, int every, int downSeconds) {
        RoutingState state = script.start();
        ReferenceRouting twin = new ReferenceRouting(state.settings(), state.now());
        int count = 0;
        for (Script.Moment moment : script.moments()) {
            if (++count % every == 0) {
                Instant at = state.now().plusSeconds(downSeconds);
                state = RoutingState.restore(state.rows(), at);
                twin.restart(at);
                Invariants.check(state);
            }
            Step step = Routing.step(state, moment.submissions(), moment.at());
            twin.step(moment.submissions(), moment.at());
            twin.requireEqual(step.next());
            Invariants.check(state, moment.submissions(), step);
            state = step.next();
        }
    }

    /** What was stored of routers and ephemeral nodes is what the state has: nothing of it is read differently. */
    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void ofRoutersAndEphemeralNodesWithoutASessionARestartForgetsNothing(@ForAll Script script) {
        RoutingState state = script.start();
        for (Script.Moment moment : script.onOneClock().moments()) {
            state = Routing.step(state, moment.submissions(), moment.at()).next();
            RoutingState restored = RoutingState.restore(state.rows(), state.now());
            for (NodeState node : state.nodes().values()) {
                NodeState same = restored.node(node.id()).orElseThrow();
                if (node.row().absence().isPresent()) {
                    assertThat(same.liveness()).isEqualTo(node.liveness());
                    assertThat(same.absentSince()).isEqualTo(node.absentSince());
                    assertThat(same.graceUntil()).isEqualTo(node.graceUntil());
                }
            }
            assertThat(restored.nextDeadline().orElse(Instant.MAX)).isBeforeOrEqualTo(firstOfWhatIsStored(state));
        }
    }

    private static Instant firstOfWhatIsStored(RoutingState state) {
        Instant first = Instant.MAX;
        for (NodeState node : state.nodes().values()) {
            if (node.row().absence().isPresent() && node.graceUntil().isPresent()) {
                Instant until = node.graceUntil().get();
                first = until.isBefore(first) ? until : first;
            }
        }
        return first;
    }

    /** Nodes that are not routers, and not ephemeral, come and go without a row. */
    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void theAbsenceOfOtherNodesIsNotStored(@ForAll Script script) {
        RoutingState state = script.start();
        for (Script.Moment moment : script.moments()) {
            Step step = Routing.step(state, moment.submissions(), moment.at());
            state = step.next();
            for (NodeState node : state.nodes().values()) {
                boolean isStored = node.isRouter() || node.facts().isEphemeral();
                assertThat(isStored || node.row().absence().isEmpty()).isTrue();
            }
        }
    }

    /** A journal that begins with the rows of a tailnet in the middle of anything replays to the same state. */
    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void aJournalThatBeginsAtARestartReplays(@ForAll Script script, @ForAll @IntRange(max = 20) int place) {
        RoutingState state = script.start();
        List<String> lines = new ArrayList<>();
        Journal.Recorder recorder = null;
        List<RouteEvent> events = new ArrayList<>();
        int count = 0;
        for (Script.Moment moment : script.moments()) {
            if (count++ == Math.min(place, script.moments().size() - 1)) {
                recorder = new Journal.Recorder(state.rows(), state.now().plus(Duration.ofSeconds(3)), lines::add);
            }
            if (recorder == null) {
                state = Routing.step(state, moment.submissions(), moment.at()).next();
            } else {
                events.addAll(recorder.step(moment.submissions(), moment.at()).events());
            }
        }
        if (recorder == null) {
            return;
        }
        recorder.checkpoint();

        Journal.Replay replay = Journal.replay(lines);

        assertThat(replay.state().canonicalText()).isEqualTo(recorder.state().canonicalText());
        assertThat(replay.events()).isEqualTo(events);
    }
}
