package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowContradiction;
import dev.wayleave.row.StateRows;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lost or stale route state: one scenario for each issue of another control plane, named by its number. */
class StoredStateRegressionTest {

    private static final String NET = "10.0.0.0/8";

    @Test
    void headscale2063ARestartLosesNoApproval() {
        Scenario.begin()
                .router("a", NET)
                .register("b")
                .approve("b", NET)
                .revoke("b", "192.168.0.0/16")
                .restart()
                .expectApproved("a", NET)
                .expectApproved("b", NET);
    }

    @Test
    void headscale1482ARemovedEphemeralRouterLeavesNoRow() {
        Scenario scenario = Scenario.begin()
                .register("a", node -> node.ephemeral(true))
                .connect("a")
                .advertise("a", NET, "192.168.0.0/16")
                .approve("a", NET)
                .disconnect("a")
                .after(Duration.ofMinutes(30))
                .expectGone("a");
        assertThat(scenario.stored().routes()).isEmpty();
        assertThat(scenario.stored().nodes()).isEmpty();
    }

    private static RouteKey route(long node) {
        return new RouteKey(new NodeId(node), Prefix.parse(NET));
    }

    @Test
    void headscale2259ARouteWithoutANodeIsRefused() {
        Scenario scenario = Scenario.begin().router("a", NET);
        StateRows rows = withRoute(
                scenario.stored(),
                new RouteRow(new NodeId(99), Prefix.parse(NET), Scenario.START, new RouteRow.Undecided(), true));

        assertThatExceptionOfType(ContradictingRowsException.class)
                .isThrownBy(() -> RoutingState.restore(rows, scenario.now()))
                .satisfies(e -> assertThat(e.problems()).containsExactly(new RowContradiction.UnknownNode(route(99))));
    }

    @Test
    void headscale2868TwoPrimariesOfAPrefixAreRefused() {
        Scenario scenario = Scenario.begin().router("a", NET).router("b", NET);
        List<RouteRow> both = new ArrayList<>();
        for (RouteRow row : scenario.stored().routes()) {
            both.add(row.withPrimary(true));
        }
        StateRows rows = new StateRows(
                scenario.stored().tailnet(), List.of(), scenario.stored().nodes(), both);

        assertThatExceptionOfType(ContradictingRowsException.class)
                .isThrownBy(() -> RoutingState.restore(rows, scenario.now()))
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(new RowContradiction.SecondPrimary(route(2), new NodeId(1))));
    }

    @Test
    void headscale2868APrimaryThatMayNotCarryThePrefixIsRefused() {
        Scenario scenario = Scenario.begin().router("a", NET).router("b", NET);
        List<RouteRow> routes = new ArrayList<>();
        for (RouteRow row : scenario.stored().routes()) {
            routes.add(
                    row.node().equals(scenario.id("a"))
                            ? new RouteRow(row.node(), row.prefix(), Scenario.START, new RouteRow.Undecided(), true)
                            : row);
        }
        StateRows rows = new StateRows(
                scenario.stored().tailnet(), List.of(), scenario.stored().nodes(), routes);

        assertThatExceptionOfType(ContradictingRowsException.class)
                .isThrownBy(() -> RoutingState.restore(rows, scenario.now()))
                .satisfies(e ->
                        assertThat(e.problems()).containsExactly(new RowContradiction.ImpossiblePrimary(route(1))));
    }

    @Test
    void headscale3423AnEphemeralRouterIsNotDeletedBeforeItsFirstSession() {
        Scenario.begin()
                .register("a", node -> node.ephemeral(true))
                .after(Duration.ofMinutes(29))
                .connect("a")
                .after(Duration.ofHours(2))
                .expectLiveness("a", dev.wayleave.mesh.Liveness.ONLINE);
    }

    @Test
    void headscale3423AConnectionThatComesWithItsDeadlineWins() {
        Scenario late = Scenario.begin().register("a", node -> node.ephemeral(true));
        Step step = Routing.step(
                late.state(),
                List.of(Submission.of(
                        new dev.wayleave.mesh.Actor("host"),
                        new Command.ConnectSession(late.id("a"), new SessionId("s")))),
                late.now().plus(Duration.ofHours(1)));
        assertThat(step.next().node(late.id("a"))).isPresent();
    }

    @Test
    void headscale2351ANodeThatRegistersAgainKeepsItsApprovals() {
        Scenario scenario = Scenario.begin().router("a", NET);
        scenario.run(new Command.RegisterNode(scenario.node("a").facts()))
                .expectApproved("a", NET)
                .expectPrimary(NET, "a");
    }

    @Test
    void headscale260TheRoutesOfARemovedNodeGoWithIt() {
        Scenario scenario = Scenario.begin().router("a", NET).remove("a");
        assertThat(scenario.stored().routes()).isEmpty();
        assertThat(scenario.last().rowChanges().routes().deletes()).hasSize(1);
        assertThat(scenario.state().routes()).isEmpty();
    }

    private static StateRows withRoute(StateRows rows, RouteRow row) {
        List<RouteRow> routes = new ArrayList<>(rows.routes());
        routes.add(row);
        return new StateRows(rows.tailnet(), rows.users(), rows.nodes(), routes);
    }
}
