package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a host may forget a state and keep its rows, and what is restored of it. */
class DormantStateTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final NodeId NODE = new NodeId(1);
    private static final SessionId SESSION = new SessionId("session");

    private Instant now = START;
    private RoutingState state = RoutingState.empty(new TailnetId("t"), RoutingSettings.DEFAULT, START);

    private Step step(Duration after, Command... commands) {
        now = now.plus(after);
        List<Submission> submissions =
                commands.length == 0 ? List.of() : List.of(Submission.of(new Actor("host"), commands));
        Step step = Routing.step(state, submissions, now);
        state = step.next();
        return step;
    }

    private static Command registered(boolean ephemeral) {
        return new Command.RegisterNode(Node.builder(NODE, "laptop", Owner.tags("tag:laptop"))
                .ephemeral(ephemeral)
                .build());
    }

    @Test
    void aStateIsDormantWhileNoNodeHasASessionOrAGrace() {
        step(Duration.ZERO, registered(false));
        assertThat(state.isDormant()).isTrue();
        step(Duration.ZERO, new Command.ConnectSession(NODE, SESSION));
        assertThat(state.isDormant()).as("online").isFalse();
        step(Duration.ofMinutes(1), new Command.DisconnectSession(NODE, SESSION));
        assertThat(state.isDormant()).as("in grace").isFalse();
        step(Duration.ofMinutes(1));
        assertThat(state.isDormant()).as("offline").isTrue();
    }

    @Test
    void aSessionThatFellSilentKeepsAStateAwakeUntilItIsDisconnected() {
        step(Duration.ZERO, registered(false), new Command.ConnectSession(NODE, SESSION));
        step(Duration.ofHours(1));
        assertThat(state.node(NODE).orElseThrow().liveness()).isEqualTo(Liveness.OFFLINE);
        assertThat(state.isDormant()).isFalse();

        step(Duration.ZERO, new Command.DisconnectSession(NODE, SESSION));
        assertThat(state.isDormant()).isTrue();
    }

    @Test
    void anEphemeralNodeKeepsAStateAwakeUntilItIsRemoved() {
        step(Duration.ZERO, registered(true));
        assertThat(state.isDormant()).isFalse();

        step(Duration.ofHours(1));
        assertThat(state.nodes()).isEmpty();
        assertThat(state.isDormant()).isTrue();
    }

    @Test
    void nodesOfADormantStateAreRestoredAsOfflineAndNoEventFollows() {
        step(Duration.ZERO, registered(false));
        RoutingState again = RoutingState.restoreDormant(state.rows(), now.plusSeconds(60));

        assertThat(again.node(NODE).orElseThrow().liveness()).isEqualTo(Liveness.OFFLINE);
        assertThat(again.nextDeadline()).isEmpty();
        assertThat(again.isDormant()).isTrue();
        assertThat(Routing.step(again, List.of(), now.plusSeconds(3_600)).events())
                .isEmpty();
        assertThat(RoutingState.restore(state.rows(), now)
                        .node(NODE)
                        .orElseThrow()
                        .liveness())
                .isEqualTo(Liveness.UNKNOWN);
    }
}
