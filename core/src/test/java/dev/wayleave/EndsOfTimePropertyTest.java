package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.FailBack;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A host may show any time and hand in any date: no step fails, and no state fails to come back from its rows. */
class EndsOfTimePropertyTest {

    private static final TailnetId TAILNET = new TailnetId("example.com");
    private static final SessionHolder SELF = new SessionHolder("self");
    private static final Actor ADA = new Actor("ada");
    private static final Prefix NET = Prefix.parse("10.0.0.0/8");

    /** Every time has its longest length, and fail-back waits. */
    private static final RoutingSettings LONGEST = RoutingSettings.DEFAULT.toBuilder()
            .grace(RoutingSettings.LONGEST_GRACE)
            .restartGrace(RoutingSettings.LONGEST_GRACE)
            .silenceLimit(RoutingSettings.LONGEST)
            .ephemeralIdle(RoutingSettings.LONGEST)
            .failBack(new FailBack.After(FailBack.LONGEST))
            .build();

    @Provide
    static Arbitrary<Instant> times() {
        return Arbitraries.of(
                Instant.MIN,
                Instant.MIN.plusNanos(1),
                Times.instant(Times.millis(Instant.MIN)),
                Times.instant(Times.millis(Instant.MIN) + 1),
                Instant.ofEpochMilli(-1),
                Instant.EPOCH,
                Instant.parse("2026-01-01T00:00:00Z"),
                Times.instant(Times.millis(Instant.MAX) - 1),
                Times.instant(Times.millis(Instant.MAX)),
                Instant.MAX.minusNanos(1),
                Instant.MAX);
    }

    private static Arbitrary<Duration> clockSteps() {
        return Arbitraries.of(
                Command.StepClock.MOST,
                Command.StepClock.MOST.negated(),
                Command.StepClock.MOST.plusNanos(1),
                Duration.ofMillis(1),
                Duration.ZERO,
                Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                Duration.ofSeconds(Long.MIN_VALUE));
    }

    @Provide
    static Arbitrary<Command> commands() {
        Arbitrary<NodeId> nodes = Arbitraries.longs().between(1, 3).map(NodeId::new);
        SessionId session = new SessionId("session");
        return Arbitraries.oneOf(
                Combinators.combine(nodes, times(), times(), Arbitraries.of(true, false))
                        .as((node, registered, expiry, ephemeral) ->
                                new Command.RegisterNode(Node.builder(node, "node-" + node, Owner.tags("tag:router"))
                                        .registeredAt(registered)
                                        .keyExpiry(expiry)
                                        .ephemeral(ephemeral)
                                        .build())),
                nodes.map(node -> new Command.AdvertiseRoutes(node, List.of(NET))),
                nodes.map(node -> new Command.ApproveRoutes(node, List.of(NET))),
                nodes.map(node -> new Command.ConnectSession(node, session)),
                nodes.map(node -> new Command.DisconnectSession(node, session)),
                Combinators.combine(nodes, times()).as((node, at) -> new Command.KeepAlive(node, session, at)),
                Combinators.combine(nodes, times()).as((node, until) -> new Command.DrainNode(node, until, true)),
                clockSteps().map(Command.StepClock::new));
    }

    /** Every command is a submission of its own: what one refuses, the next still decides. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aStepAtAnyTimeWithAnyDatesIsDecided(
            @ForAll("histories") List<List<Command>> history,
            @ForAll("times") Instant begin,
            @ForAll("times") Instant restart,
            @ForAll boolean isShared,
            @ForAll("manyTimes") List<Instant> times) {
        RoutingState state = isShared
                ? RoutingState.emptyShared(TAILNET, LONGEST, SELF, begin)
                : RoutingState.empty(TAILNET, LONGEST, begin);
        for (int i = 0; i < history.size(); i++) {
            List<Submission> submissions = history.get(i).stream()
                    .map(command -> Submission.of(ADA, command))
                    .toList();

            Step step = Routing.step(state, submissions, times.get(i % times.size()));

            assertThat(step.results()).hasSameSizeAs(submissions);
            assertThat(step.next().now()).isAfterOrEqualTo(state.now().minus(steps(history.get(i))));
            step.events().forEach(event -> assertThat(event.text(Names.NUMBERS)).isNotBlank());
            step.next()
                    .nextDeadline()
                    .ifPresent(
                            due -> assertThat(due).isAfterOrEqualTo(step.next().now()));
            assertThat(Routing.follow(state, step.rowChanges(), restart)
                            .next()
                            .rows()
                            .nodes())
                    .hasSameSizeAs(step.next().rows().nodes());
            state = step.next();
        }
        RoutingState again = isShared
                ? RoutingState.restoreShared(state.rows(), SELF, restart)
                : RoutingState.restore(state.rows(), restart);
        assertThat(again.nodes().keySet()).isEqualTo(state.nodes().keySet());
        assertThat(Routing.step(again, List.of(), begin).results()).isEmpty();
    }

    /** How far the clock may have been set back by a step: each step of the clock counts. */
    private static Duration steps(List<Command> commands) {
        return Command.StepClock.MOST.multipliedBy(commands.size());
    }

    @Provide
    static Arbitrary<List<List<Command>>> histories() {
        return commands().list().ofMaxSize(6).list().ofMaxSize(8);
    }

    @Provide
    static Arbitrary<List<Instant>> manyTimes() {
        return times().list().ofMinSize(1).ofMaxSize(8);
    }
}
