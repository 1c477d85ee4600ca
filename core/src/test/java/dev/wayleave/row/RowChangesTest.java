package dev.wayleave.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A step writes the rows that it changed, and nothing else. */
class RowChangesTest {

    private static final Actor ADMIN = new Actor("admin");
    private static final List<Prefix> NET = List.of(Prefix.parse("10.0.0.0/8"));

    private final Scenario scenario = Scenario.begin().router("a", "10.0.0.0/8");
    private final NodeId a = scenario.id("a");

    private RowChanges.Rows<RouteRow, RouteKey> routes(Submission submission) {
        Step step = Routing.step(scenario.state(), List.of(submission), scenario.now());
        Invariants.check(scenario.state(), List.of(submission), step);
        return step.rowChanges().routes();
    }

    @Test
    void aNodeThatIsApprovedAgainIsWrittenAsThePrimaryOnlyIfItIs() {
        scenario.router("b", "10.0.0.0/8");
        NodeId b = scenario.id("b");

        RowChanges.Rows<RouteRow, RouteKey> routes = routes(Submission.of(
                new Actor("another"),
                new Command.RevokeRoutes(a, NET),
                new Command.SetApprovedRoutes(a, NET),
                new Command.RevokeRoutes(b, NET),
                new Command.SetApprovedRoutes(b, NET)));

        assertThat(routes.upserts())
                .extracting(RouteRow::node, RouteRow::primary)
                .containsExactly(tuple(a, true), tuple(b, false));
    }

    @Test
    void theFirstRowsOfATailnetBringItsOwnRow() {
        RoutingState empty = RoutingState.empty(new TailnetId("new"), RoutingSettings.HEADSCALE, scenario.now());
        Step nothing = Routing.step(empty, List.of(), scenario.now());
        assertThat(nothing.rowChanges().isEmpty()).isTrue();

        Step first = Routing.step(nothing.next(), List.of(registered(1)), scenario.now());
        Step second = Routing.step(first.next(), List.of(registered(2)), scenario.now());

        assertThat(first.rowChanges().tailnet()).contains(empty.rows().tailnet());
        assertThat(first.rowChanges().nodes().upserts()).hasSize(1);
        assertThat(second.rowChanges().tailnet()).isEmpty();
        RoutingState restored = RoutingState.restore(first.next().rows(), scenario.now());
        assertThat(Routing.step(restored, List.of(registered(2)), scenario.now())
                        .rowChanges()
                        .tailnet())
                .isEmpty();
    }

    private static Submission registered(long node) {
        return Submission.of(
                ADMIN,
                new Command.RegisterNode(Node.builder(new NodeId(node), "node-" + node, Owner.tags("tag:router"))
                        .build()));
    }

    @Test
    void anApprovalOfWhatIsNotAdvertisedGoesWithItsRow() {
        scenario.settings(settings -> settings.rememberDenied(false)).approve("a", "10.0.0.0/8", "10.9.0.0/16");
        Prefix notAdvertised = Prefix.parse("10.9.0.0/16");

        RowChanges.Rows<RouteRow, RouteKey> routes =
                routes(Submission.of(ADMIN, new Command.RevokeRoutes(a, List.of(notAdvertised))));

        assertThat(routes.deletes()).containsExactly(new RouteKey(a, notAdvertised));
    }
}
