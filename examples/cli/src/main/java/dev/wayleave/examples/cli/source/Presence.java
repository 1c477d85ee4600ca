package dev.wayleave.examples.cli.source;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.StateRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The facts about a node that the rows of a tailnet do not have.
 *
 * @param node the node
 * @param liveness whether it is there
 * @param absentSince since when it has no session; null while it is online
 * @param graceUntil when its grace ends; null if it is not in its grace
 * @param healthy whether it can forward
 * @param unhealthyPrefixes prefixes to which it cannot forward
 */
record Presence(
        NodeId node,
        Liveness liveness,
        @Nullable Instant absentSince,
        @Nullable Instant graceUntil,
        boolean healthy,
        List<Prefix> unhealthyPrefixes) {

    private static final Actor READER = new Actor("wayleave");
    private static final SessionId SESSION = new SessionId("read");

    static Presence online(NodeId node) {
        return new Presence(node, Liveness.ONLINE, null, null, true, List.of());
    }

    /**
     * Makes the state that had these rows, at a time when these nodes were there. It begins when the first of the nodes
     * that are in their grace went away, so that each grace ends when it does.
     */
    static RoutingState restore(StateRows rows, List<Presence> nodes, Instant now) {
        Duration grace = rows.tailnet().settings().grace();
        List<Presence> inGrace = nodes.stream()
                .filter(node -> node.liveness() == Liveness.GRACE && node.absentSince() != null)
                .sorted(Comparator.comparing(Presence::leftAt))
                .toList();
        Instant begin = inGrace.isEmpty() ? now : inGrace.get(0).leftAt();
        RoutingState state = RoutingState.restore(rows, begin.isBefore(now) ? begin : now);
        // what is in the grace of a restart has no session to end: restoring gives it that grace
        List<Presence> leaving = inGrace.stream()
                .filter(node -> node.leftAt().plus(grace).equals(node.graceUntil()))
                .toList();
        List<Command> online = new ArrayList<>();
        for (Presence node : nodes) {
            if (node.liveness() == Liveness.ONLINE) {
                online.add(new Command.ConnectSession(node.node(), SESSION));
            }
        }
        List<Command> atFirst = new ArrayList<>(online);
        leaving.forEach(node -> atFirst.add(new Command.ConnectSession(node.node(), SESSION)));
        nodes.forEach(node -> node.reportHealth(atFirst));
        state = step(state, atFirst, state.now());
        for (Presence node : leaving) {
            state = step(state, List.of(new Command.DisconnectSession(node.node(), SESSION)), node.leftAt());
        }
        return step(state, online, now);
    }

    private Instant leftAt() {
        return Objects.requireNonNull(absentSince);
    }

    private void reportHealth(List<Command> commands) {
        if (!healthy) {
            commands.add(new Command.ReportHealth(node, Health.UNHEALTHY));
        }
        unhealthyPrefixes.forEach(
                prefix -> commands.add(new Command.ReportHealth(node, prefix, Health.UNHEALTHY, null)));
    }

    private static RoutingState step(RoutingState state, List<Command> commands, Instant at) {
        List<Submission> submissions =
                commands.stream().map(command -> Submission.of(READER, command)).toList();
        return Routing.step(state, submissions, at.isBefore(state.now()) ? state.now() : at)
                .next();
    }
}
