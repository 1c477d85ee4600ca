package dev.wayleave.examples.tour;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.foresight.RoutePlan;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.List;

/** The second program of docs/policies.md: what a policy would do here, before it is in force. */
public final class PolicyPlan {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private PolicyPlan() {}

    /**
     * Prints the plan.
     *
     * @param args not read
     */
    public static void main(String[] args) {
        Actor actor = new Actor("ada@example.com");
        RoutingViews views = RoutingViews.of(tailnet(actor));
        Instant now = NOW;
        // the documentation shows what is between these two lines
        RoutingPolicy next = PolicyReader.read("""
                {"tagOwners": {"tag:router": [], "tag:dev": [], "tag:ops": []},
                 "grants": [{"src": ["tag:ops"], "dst": ["10.20.0.0/16"], "ip": ["*"]}]}""");
        RoutePlan plan = RoutePlan.of(views, List.of(Submission.of(actor, new Command.SetPolicy(next))), now);
        System.out.println(plan.verdict()); // PlanText.of(plan) has all of it in the words of an operator
        plan.viewers()
                .forEach(impact -> impact.routesLost()
                        .forEach(lost -> System.out.println("nodes " + impact.viewers() + " lose " + lost.prefix())));
        // the documentation shows what is between these two lines
    }

    private static RoutingState tailnet(Actor actor) {
        RoutingState empty = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, NOW);
        NodeId berlin = new NodeId(1);
        List<Prefix> lan = List.of(Prefix.parse("10.20.0.0/16"));
        Submission submission = Submission.of(
                actor,
                new Command.SetPolicy(PolicyReader.read("""
                        {"tagOwners": {"tag:router": [], "tag:dev": []},
                         "grants": [{"src": ["tag:dev"], "dst": ["10.20.0.0/16"], "ip": ["tcp:443"]}]}""")),
                new Command.RegisterNode(Node.builder(berlin, "berlin", Owner.tags("tag:router"))
                        .address(IpAddress.parse("100.64.0.1"))
                        .build()),
                new Command.RegisterNode(Node.builder(new NodeId(2), "laptop", Owner.tags("tag:dev"))
                        .address(IpAddress.parse("100.64.0.2"))
                        .build()),
                new Command.ConnectSession(berlin, new SessionId("first")),
                new Command.AdvertiseRoutes(berlin, lan),
                new Command.ApproveRoutes(berlin, lan));
        return Routing.step(empty, List.of(submission), NOW).next();
    }
}
