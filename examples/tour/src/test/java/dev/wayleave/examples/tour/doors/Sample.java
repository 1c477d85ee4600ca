package dev.wayleave.examples.tour.doors;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.List;

/** A tailnet with a router and a laptop. */
final class Sample {

    static final TailnetId TAILNET = new TailnetId("example.com");
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final NodeId BERLIN = new NodeId(1);
    static final NodeId LAPTOP = new NodeId(2);
    static final Prefix LAN = Prefix.parse("10.20.0.0/16");
    static final RoutingState EMPTY = RoutingState.empty(TAILNET, RoutingSettings.DEFAULT, NOW);

    private Sample() {}

    static Submission by(String actor, Command... commands) {
        return Submission.of(new Actor(actor), commands);
    }

    static Command register(NodeId node, String name) {
        return new Command.RegisterNode(
                Node.builder(node, name, Owner.tags("tag:device")).build());
    }

    static Submission router() {
        return by(
                "ada",
                register(BERLIN, "berlin"),
                new Command.ConnectSession(BERLIN, new SessionId("first")),
                new Command.AdvertiseRoutes(BERLIN, List.of(LAN)),
                new Command.ApproveRoutes(BERLIN, List.of(LAN)));
    }

    static Submission laptop() {
        return by("gateway", register(LAPTOP, "laptop"));
    }

    static Step step() {
        return Routing.step(EMPTY, List.of(router(), laptop()), NOW);
    }
}
