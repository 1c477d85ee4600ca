package dev.wayleave.examples.tour;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.List;

/** The second program of the README: a route from its advertisement to its failover, and the router's return. */
public final class RouteLife {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private RouteLife() {}

    /**
     * Prints what happens, step by step, and why it is so in the end.
     *
     * @param args not read
     */
    public static void main(String[] args) {
        // the README shows what is between these two lines
        NodeId berlin = new NodeId(1);
        NodeId backup = new NodeId(2);
        Prefix lan = Prefix.parse("10.20.0.0/16");
        RoutingState state = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, START);
        state = step(state, 0, new Command.SetPolicy(PolicyReader.read("""
                {"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}""")));
        for (NodeId router : List.of(berlin, backup)) {
            Node facts = Node.builder(router, "router-" + router, Owner.tags("tag:router"))
                    .build();
            state = step(state, 0, new Command.RegisterNode(facts));
            state = step(state, 0, new Command.ConnectSession(router, new SessionId("first-" + router)));
            state = step(state, 0, new Command.AdvertiseRoutes(router, List.of(lan)));
        }
        state = step(state, 60, new Command.DisconnectSession(berlin, new SessionId("first-1"))); // it dies
        state = step(state, 75); // its grace is over: the standby serves
        state = step(state, 90, new Command.ConnectSession(berlin, new SessionId("second-1"))); // it does not steal
        System.out.print(Routing.explain(state, berlin, lan).orElseThrow().text(state.names()));
        // the README shows what is between these two lines
    }

    private static RoutingState step(RoutingState state, long second, Command... commands) {
        Step step = Routing.step(state, List.of(Submission.of(new Actor("tour"), commands)), START.plusSeconds(second));
        // a host would write step.rowChanges() here, and tell the viewers whom step.touched() concerns
        for (RouteEvent event : step.events()) {
            System.out.println(second + " s: " + event.text(step.next().names().withoutTimes()));
        }
        return step.next();
    }
}
