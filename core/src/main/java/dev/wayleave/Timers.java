package dev.wayleave;

import dev.wayleave.event.Reason;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.row.Drain;
import java.time.Instant;
import java.util.TreeMap;

/**
 * Applies the timers that are due at the time of the step.
 *
 * <pre>
 *   online ──silence──► in grace ──grace over──► offline ──idle, if ephemeral──► removed
 * </pre>
 */
final class Timers {

    private final StateBuilder builder;

    private Timers(StateBuilder builder) {
        this.builder = builder;
    }

    static void pass(StateBuilder builder) {
        Timers timers = new Timers(builder);
        if (builder.fields.silentFrom(builder.fields.heard.earliestTime()) <= builder.now) {
            timers.silence();
        }
        while (!builder.fields.deadlines.isEmpty()
                && builder.fields.deadlines.first().at() <= builder.now) {
            timers.due(builder.fields.deadlines.first().node());
        }
        timers.failBack();
        builder.acceptDirectChanges();
    }

    private void failBack() {
        for (StateFields.FailBackDeadline deadline : builder.fields.failBacks) {
            if (deadline.at() > builder.now) {
                return;
            }
            builder.requestElection(deadline.prefix());
        }
    }

    private void silence() {
        // the slots of equal times depend on history: sort by time and node first
        TreeMap<Deadline, NodeState> silent = new TreeMap<>();
        LastHeardTimes heard = builder.fields.heard;
        for (LastHeardTimes.LastHeardTime first = heard.earliest();
                first != null && builder.fields.silentFrom(first.at()) <= builder.now;
                first = heard.earliest()) {
            NodeState node = node(first.node());
            silent.put(new Deadline(first.at(), first.node()), node);
            heard = heard.without(node.slot());
        }
        silent.forEach((last, node) -> {
            SessionId session = node.session().orElseThrow();
            SessionCommands.down(
                    builder,
                    node,
                    session,
                    builder.fields.silentFrom(last.at()),
                    new Reason.SessionSilent(session, Times.instant(last.at())));
        });
    }

    private void due(NodeId id) {
        NodeState node = node(id);
        if (node.isGraceOver(builder.now)) {
            Instant until = node.graceUntil().orElseThrow();
            builder.put(node.with(node.presence().offline()));
            builder.noteLivenessCause(id, new Reason.GraceOver(until));
            node = node(id);
        }
        if (node.isIdle(builder.fields.settings, builder.now)) {
            builder.remove(node, new Reason.Idle(node.absentSince().orElseThrow()));
            SettingsCommands.forgetPriorities(builder, id);
            return;
        }
        if (node.withKeyAt(builder.now) != node) {
            if (node.presence().isShared()) {
                builder.putAsOf(node, Times.instant(node.durable().keyExpires())); // each process writes the same time
            } else {
                builder.put(node);
            }
            node = node(id);
        }
        if (node.durable().drainEnds() <= builder.now) {
            Instant until = node.drain().flatMap(Drain::until).orElseThrow();
            DrainCommands.end(builder, node, new Reason.DeadlinePassed(until), until);
        }
    }

    private NodeState node(NodeId id) {
        NodeState node = builder.fields.nodes.get(id);
        if (node == null) {
            throw new IllegalStateException("no node " + id);
        }
        return node;
    }
}
