package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process that administers a tailnet whose nodes another process hears. */
class WithoutSessionsTest {

    private static final String NET = "10.0.0.0/8";
    private static final Actor ADMIN = new Actor("admin");
    private static final Duration YEAR = Duration.ofDays(365);

    private final Scenario scenario =
            Scenario.begin().router("a", NET).router("b", NET).register("c");
    private final NodeId a = scenario.id("a");
    private final NodeId b = scenario.id("b");
    private final Instant later = scenario.now().plus(YEAR);
    private final RoutingState state = RoutingState.restoreWithoutSessions(scenario.stored(), scenario.now());

    private Step step(Command... commands) {
        return Routing.step(state, List.of(Submission.of(ADMIN, commands)), later);
    }

    private static Liveness liveness(RoutingState of, NodeId node) {
        return of.node(node).orElseThrow().liveness();
    }

    @Test
    void aNodeThatWasOnlineStaysSoHoweverLongNothingIsHeard() {
        assertThat(state.nextDeadline()).isEmpty();
        Step step = step(new Command.PassTime());
        assertThat(step.next().primary(Prefix.parse(NET))).contains(a);
        assertThat(liveness(step.next(), a)).isEqualTo(Liveness.GRACE);
        assertThat(liveness(step.next(), scenario.id("c"))).isEqualTo(Liveness.UNKNOWN);
        assertThat(step.events()).isEmpty();
        assertThat(step.rowChanges().isEmpty()).isTrue();
    }

    @Test
    void aNodeThatTheReaderRegistersIsUnknownBeforeAndAfterAReload() {
        Node phone =
                Node.builder(new NodeId(9), "phone", Owner.tags("tag:phone")).build();
        Step step = step(new Command.RegisterNode(phone));
        assertThat(liveness(step.next(), phone.id())).isEqualTo(Liveness.UNKNOWN);
        RoutingState reloaded = step.next().reload(step.rowChanges().applyTo(state.rows()), later);
        assertThat(liveness(reloaded, phone.id())).isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void aCommandAboutASessionOrHealthIsRefused() {
        Step step = Routing.step(
                state,
                List.of(
                        Submission.of(ADMIN, new Command.ConnectSession(a, new SessionId("s"))),
                        Submission.of(ADMIN, new Command.ReportHealth(b, Health.UNHEALTHY)),
                        Submission.of(ADMIN, new Command.RevokeRoutes(a, List.of(Prefix.parse(NET))))),
                later);
        assertThat(step.results())
                .containsExactly(
                        new SubmissionResult.Refused(List.of(new Problem.SessionsElsewhere(0, a))),
                        new SubmissionResult.Refused(List.of(new Problem.SessionsElsewhere(0, b))),
                        SubmissionResult.accepted());
        assertThat(step.next().primary(Prefix.parse(NET))).contains(b);
    }

    @Test
    void aDrainCountsOnWhomTheRowsCallPresentAndLeavesTheMoveToWhoHearsThem() {
        Step step = step(new Command.DrainNode(a));
        assertThat(step.results()).containsExactly(SubmissionResult.accepted());
        assertThat(step.next().node(a).orElseThrow().drain()).isPresent();
        assertThat(step.next().primary(Prefix.parse(NET))).contains(a);

        Step alone = Routing.step(
                RoutingState.restoreWithoutSessions(
                        scenario.disconnect("b").sleep(Duration.ofMinutes(1)).stored(), later),
                List.of(Submission.of(ADMIN, new Command.DrainNode(a))),
                later);
        assertThat(alone.results()).hasOnlyElementsOfType(SubmissionResult.Refused.class);
    }

    @Test
    void aNodeThatIsRegisteredHereIsNeverIdle() {
        Node guest = Node.builder(new NodeId(9), "guest", Owner.tags("tag:router"))
                .ephemeral(true)
                .build();
        RoutingState next = step(new Command.RegisterNode(guest)).next();
        assertThat(next.nextDeadline()).isEmpty();
        assertThat(Routing.step(next, List.of(), later.plus(YEAR)).next().node(guest.id()))
                .isPresent();
    }

    @Test
    void aReloadBelievesTheRowsAgain() {
        scenario.disconnect("a").sleep(Duration.ofMinutes(1)).expectPrimary(NET, "b");
        RoutingState reloaded = state.reload(scenario.stored());
        assertThat(liveness(reloaded, a)).isEqualTo(Liveness.OFFLINE);
        assertThat(liveness(reloaded, b)).isEqualTo(Liveness.GRACE);
        assertThat(reloaded.primary(Prefix.parse(NET))).contains(b);
        assertThat(reloaded.canonicalText()).contains("sessions elsewhere");
    }
}
