package dev.wayleave.examples.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Route tests run under the policy that is tested, whatever its own tests say. */
class RouteTestsRunTest {

    private static RoutingState tailnet() {
        RoutingState empty = RoutingState.empty(new TailnetId("t"), RoutingSettings.TAILSCALE, Instant.EPOCH);
        Submission nodes = Submission.of(
                new Actor("ada"),
                new Command.SetPolicy(PolicyReader.read("""
                        {"grants": []}""")),
                new Command.RegisterNode(node(1, "client")),
                new Command.RegisterNode(node(2, "server")),
                new Command.ConnectSession(new NodeId(2), new SessionId("s")));
        return Routing.step(empty, List.of(nodes), Instant.EPOCH).next();
    }

    private static Node node(int number, String name) {
        return Node.builder(new NodeId(number), name, Owner.tags("tag:" + name))
                .address(IpAddress.parse("100.64.0." + number))
                .build();
    }

    @Test
    void aPolicyThatFailsItsOwnTestsIsTheOneThatRouteTestsRunUnder() {
        RoutingPolicy policy = PolicyReader.read("""
                {"tagOwners": {"tag:client": [], "tag:server": []},
                 "grants": [{"src": ["tag:client"], "dst": ["tag:server"], "ip": ["*"]}],
                 "tests": [{"src": "tag:client", "deny": ["tag:server:22"]}]}""");
        SourceText tests = new SourceText("routes.json", """
                {"routeTests": [{"viewer": "client", "reaches": ["100.64.0.2"]}]}""");

        assertThat(RouteTestsRun.of(tests, tailnet(), policy).failures()).isEmpty();
    }
}
