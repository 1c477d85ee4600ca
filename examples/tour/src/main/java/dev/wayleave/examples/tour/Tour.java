package dev.wayleave.examples.tour;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.json.NetmapWriter;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.visibility.ViewChanges;
import java.time.Instant;
import java.util.List;

/** The first program of the README: a state, a few commands, and which node must be sent what. */
public final class Tour {

    private Tour() {}

    /**
     * Prints what happened, and the change of the netmap of each node.
     *
     * @param args not read
     */
    public static void main(String[] args) {
        // the README shows what is between these two lines
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        NodeId berlin = new NodeId(1);
        NodeId laptop = new NodeId(2);
        List<Prefix> lan = List.of(Prefix.parse("10.20.0.0/16"));
        List<Command> commands = List.of(
                new Command.RegisterNode(
                        Node.builder(berlin, "berlin", Owner.tags("tag:router")).build()),
                new Command.RegisterNode(
                        Node.builder(laptop, "laptop", Owner.tags("tag:dev")).build()),
                new Command.ConnectSession(berlin, new SessionId("first")),
                new Command.AdvertiseRoutes(berlin, lan),
                new Command.ApproveRoutes(berlin, lan));
        RoutingState empty = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, now);
        Step step = Routing.step(empty, List.of(new Submission(new Actor("ada"), null, commands)), now);
        step.events().forEach(event -> System.out.println(event.text(step.next().names())));
        RoutingViews sent = RoutingViews.of(empty);
        RoutingViews views = sent.after(step);
        ViewChanges changes = views.changesSince(sent);
        for (NodeId viewer : changes.viewers()) {
            String netmap =
                    new NetmapWriter().difference(views, changes, viewer).orElseThrow();
            System.out.println("to node " + viewer + ": " + netmap);
        }
        // the README shows what is between these two lines
    }
}
