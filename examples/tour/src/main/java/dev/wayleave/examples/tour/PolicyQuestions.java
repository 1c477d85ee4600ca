package dev.wayleave.examples.tour;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.List;

/** The program of docs/policies.md: a policy that is refused, one that is read, and questions about it. */
public final class PolicyQuestions {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private PolicyQuestions() {}

    /**
     * Prints problems, notices and answers.
     *
     * @param args not read
     */
    public static void main(String[] args) {
        NodeId berlin = new NodeId(1);
        NodeId laptop = new NodeId(2);
        Prefix lan = Prefix.parse("10.20.0.0/16");
        // the documentation shows what is between these two lines
        try {
            System.out.println(PolicyReader.read("""
                    {"tagOwners": {"tag:router": []},
                     "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:ruoter"]}},
                     "grants": [{"src": ["group:dev"], "dst": ["10.20.0.0/16"]}]}"""));
        } catch (PolicyException e) { // everything that is wrong, each with line and column
            e.problems().forEach(System.out::println);
        }
        RoutingPolicy policy = PolicyReader.read("""
                {"tagOwners": {"tag:router": [], "tag:dev": []},
                 "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}, // who may carry
                 "grants": [{"src": ["tag:dev"], "dst": ["10.20.1.1/16"], "ip": ["tcp:443"]}], // who may use
                }""");
        policy.notices().forEach(System.out::println); // accepted, and perhaps not what its author thinks
        RoutingState state = tailnet(policy, berlin, laptop, lan);
        System.out.print(Routing.review(state, berlin, lan).orElseThrow().text(state.names()));
        System.out.println();
        RoutingViews views = RoutingViews.of(state);
        for (int port : List.of(443, 22)) {
            System.out.print(views.can(laptop, Prefix.parse("10.20.1.1/32"), Protocol.TCP, port)
                    .orElseThrow()
                    .text(state.names()));
        }
        // the documentation shows what is between these two lines
    }

    private static RoutingState tailnet(RoutingPolicy policy, NodeId berlin, NodeId laptop, Prefix lan) {
        RoutingState empty = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, NOW);
        Submission submission = Submission.of(
                new Actor("ada@example.com"),
                new Command.SetPolicy(policy),
                new Command.RegisterNode(Node.builder(berlin, "berlin", Owner.tags("tag:router"))
                        .address(IpAddress.parse("100.64.0.1"))
                        .build()),
                new Command.RegisterNode(Node.builder(laptop, "laptop", Owner.tags("tag:dev"))
                        .address(IpAddress.parse("100.64.0.2"))
                        .build()),
                new Command.ConnectSession(berlin, new SessionId("first")),
                new Command.AdvertiseRoutes(berlin, List.of(lan)));
        return Routing.step(empty, List.of(submission), NOW).next();
    }
}
