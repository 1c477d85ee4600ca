package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.Candidate;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.row.RowChanges;
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

/** A history in which the clock is stepped, and whose rest comes so much later, has the same decisions as without. */
@Domain(RoutingDomain.class)
@Domain(DomainContext.Global.class)
class ClockStepPropertyTest {

    private static final Actor CLOCK = new Actor("clock");

    @Provide
    static Arbitrary<Duration> clockSteps() {
        return RoutingArbitraries.clockSteps();
    }

    /** Without dates, which do not move: the property is about all else. */
    private static Command withoutDates(Command command) {
        if (command instanceof Command.RegisterNode registered) {
            return new Command.RegisterNode(withoutExpiry(registered.facts()));
        }
        if (command instanceof Command.UpdateNode changed) {
            return new Command.UpdateNode(withoutExpiry(changed.facts()));
        }
        return command instanceof Command.DrainNode drain
                ? new Command.DrainNode(drain.node(), null, drain.forced())
                : command;
    }

    private static Node withoutExpiry(Node facts) {
        return facts.toBuilder().keyExpiry(null).build();
    }

    private static List<Submission> changed(
            List<Submission> submissions, java.util.function.UnaryOperator<Command> change) {
        return submissions.stream()
                .map(submission -> new Submission(
                        submission.actor(),
                        submission.correlationId().orElse(null),
                        submission.commands().stream().map(change).toList()))
                .toList();
    }

    private static Command later(Command command, Duration by) {
        return command instanceof Command.KeepAlive heard
                ? new Command.KeepAlive(
                        heard.node(),
                        heard.session(),
                        heard.at().map(at -> at.plus(by)).orElse(null))
                : command;
    }

    /** All that is decided and all that runs, with every time read on the old clock. */
    private static List<Object> onTheOldClock(RoutingState state, Duration by) {
        List<Object> all = new ArrayList<>();
        all.add(state.now().minus(by));
        all.add(state.nextDeadline().map(at -> at.minus(by)));
        for (NodeState node : state.nodes().values()) {
            all.add(List.of(
                    node.facts(),
                    node.effective(),
                    node.approvals().approved().keySet(),
                    node.approvals().denied().keySet(),
                    node.liveness(),
                    node.session(),
                    node.health(),
                    node.unhealthyPrefixes(),
                    node.drain().isPresent(),
                    node.graceUntil().map(at -> at.minus(by)),
                    node.absentSince().map(at -> at.minus(by)),
                    state.lastHeard(node.id()).map(at -> at.minus(by))));
        }
        for (RouteState route : state.routes().values()) {
            all.add(List.of(
                    route.prefix(),
                    route.holders(),
                    route.primary(),
                    route.isKept(),
                    route.failsBackAt().map(at -> at.minus(by))));
            for (Candidate candidate : route.candidates()) {
                all.add(
                        candidate.isInGrace()
                                ? candidate
                                : candidate.toBuilder()
                                        .steadySince(candidate.steadySince().minus(by))
                                        .build());
            }
        }
        return all;
    }

    /** The clock moves what is stored of absences, and no other row. */
    private static void requireNoRowsButOfAbsences(Step step) {
        RowChanges changes = step.rowChanges();
        assertThat(changes.nodes().upserts()).allMatch(row -> row.absence().isPresent());
        assertThat(new RowChanges(changes.tailnetOrNull(), changes.users(), RowChanges.Rows.none(), changes.routes())
                        .isEmpty())
                .isTrue();
        assertThat(changes.nodes().deletes()).isEmpty();
    }

    private static List<String> kinds(Step step) {
        return step.events().stream()
                .filter(event -> !(event instanceof RouteEvent.ClockStepped))
                .map(event ->
                        event.getClass().getSimpleName() + event.subjectNode() + event.subjectPrefix() + event.actor())
                .toList();
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void theRestOfAHistoryComesToTheSame(
            @ForAll Script script,
            @ForAll("clockSteps") Duration by,
            @ForAll @IntRange(max = 40) int place,
            @ForAll boolean together) {
        RoutingState plain = script.start();
        RoutingState stepped = script.start();
        ReferenceRouting twin = new ReferenceRouting(stepped.settings(), stepped.now());
        Duration moved = Duration.ZERO;
        for (int i = 0; i < script.moments().size(); i++) {
            Instant at = script.moments().get(i).at();
            List<Submission> submissions =
                    changed(script.moments().get(i).submissions(), ClockStepPropertyTest::withoutDates);
            List<Submission> later = new ArrayList<>();
            if (i == Math.min(place, script.moments().size() - 1)) {
                moved = by;
                later.add(Submission.of(CLOCK, new Command.StepClock(by)));
                if (!together) {
                    // a step of its own, at no other time than the last
                    Instant same = stepped.now().plus(by);
                    Step step = Routing.step(stepped, later, same);
                    Invariants.check(stepped, later, step);
                    assertThat(kinds(step)).isEmpty();
                    requireNoRowsButOfAbsences(step);
                    assertThat(step.touched().isEmpty()).isTrue();
                    twin.step(later, same);
                    twin.requireEqual(step.next());
                    stepped = step.next();
                    later.clear();
                }
            }
            Duration all = moved;
            later.addAll(changed(submissions, command -> later(command, all)));
            Step one = Routing.step(plain, submissions, at);
            Step other = Routing.step(stepped, later, at.plus(moved));
            Invariants.check(stepped, later, other);
            twin.step(later, at.plus(moved));
            twin.requireEqual(other.next());
            plain = one.next();
            stepped = other.next();

            assertThat(onTheOldClock(stepped, moved)).isEqualTo(onTheOldClock(plain, Duration.ZERO));
            assertThat(kinds(other)).isEqualTo(kinds(one));
        }
    }
}
