package dev.wayleave.foresight;

import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.testing.Scenario;
import java.util.List;

/**
 * A tailnet of two users with a laptop each, and two routers that share a prefix; one of them has another prefix too.
 */
final class TwoRouters {

    private TwoRouters() {}

    static Scenario under(String policy) {
        return Scenario.begin()
                .user("ann")
                .user("ben")
                .policy(policy)
                .register(
                        "ann-laptop",
                        node -> node.owner(Owner.user(new UserId("ann"))).address(IpAddress.parse("100.64.0.8")))
                .register(
                        "ben-laptop",
                        node -> node.owner(Owner.user(new UserId("ben"))).address(IpAddress.parse("100.64.0.9")))
                .register("a", node -> node.owner(Owner.tags("tag:router")))
                .register("b", node -> node.owner(Owner.tags("tag:router")))
                .connect("ann-laptop")
                .connect("ben-laptop")
                .connect("a")
                .connect("b")
                .advertise("a", "10.1.0.0/16", "10.2.0.0/16")
                .approve("a", "10.1.0.0/16", "10.2.0.0/16")
                .advertise("b", "10.1.0.0/16")
                .approve("b", "10.1.0.0/16");
    }

    /** Plans some commands of one caller. */
    static RoutePlan plan(Scenario scenario, Command... commands) {
        RoutingViews views = RoutingViews.of(scenario.state());
        return RoutePlan.of(
                views,
                List.of(Submission.of(new Actor("test"), commands)),
                views.state().now());
    }
}
