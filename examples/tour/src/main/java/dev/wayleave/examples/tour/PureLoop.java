package dev.wayleave.examples.tour;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The program of docs/embedding.md for hosts that own state and storage. */
public final class PureLoop {

    private PureLoop() {}

    /**
     * Prints what a host does with a step, and what is there after a restart.
     *
     * @param args not read
     */
    public static void main(String[] args) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        NodeId berlin = new NodeId(1);
        Prefix lan = Prefix.parse("10.20.0.0/16");
        List<Submission> submissions = List.of(
                Submission.of(
                        new Actor("ada@example.com"),
                        new Command.RegisterNode(Node.builder(berlin, "berlin", Owner.tags("tag:router"))
                                .build()),
                        new Command.AdvertiseRoutes(berlin, List.of(lan)),
                        new Command.ApproveRoutes(berlin, List.of(lan))),
                Submission.of(new Actor("gateway"), new Command.ConnectSession(berlin, new SessionId("first"))));
        // the documentation shows what is between these two lines
        RoutingState state = RoutingState.empty(new TailnetId("example.com"), RoutingSettings.DEFAULT, now);
        RoutingViews views = RoutingViews.of(state);
        StateRows stored = state.rows();

        Step step = Routing.step(state, submissions, now); // pure: nothing is changed yet
        Names names = step.next().names();
        step.results().forEach(result -> System.out.println(result.text(names))); // one answer for each submission
        stored = step.rowChanges().applyTo(stored); // your transaction: these rows, and your own
        views = views.after(step); // after it has committed: whose view changed?
        state = step.next();
        System.out.println("look again at " + state.nextDeadline().orElseThrow());

        Instant tomorrow = now.plus(Duration.ofDays(1));
        RoutingState again = RoutingState.restore(stored, tomorrow); // the next process
        System.out.println(lan + " is served by node " + again.primary(lan).orElseThrow() + ", which has until "
                + again.nextDeadline().orElseThrow() + " to connect");
        // the documentation shows what is between these two lines
        if (views.state() != state) {
            throw new IllegalStateException("the views are those of the state");
        }
    }
}
