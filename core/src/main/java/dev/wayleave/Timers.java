package dev.wayleave;

import dev.wayleave.event.Reason;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.row.Drain;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the passing of time does, up to the time of the step.
 *
 * <pre>
 *   online ──silence──► in grace ──grace over──► offline ──idle, if ephemeral──► removed
 * </pre>
 */
final class Timers {

    private final StateBuilder transition;

    private Timers(StateBuilder transition) {
        this.transition = transition;
    }

    static void pass(StateBuilder transition) {
        Timers passing = new Timers(transition);
        Optional<Duration> limit = transition.settings.silenceLimit();
        if (limit.isPresent() && Times.plus(transition.heard.earliestTime(), limit.get()) <= transition.now) {
            passing.silence(limit.get());
        }
        while (!transition.deadlines.isEmpty() && transition.deadlines.first().at() <= transition.now) {
            passing.due(transition.deadlines.first().node());
        }
        if (!transition.failBacks.isEmpty()) {
            passing.failBack();
        }
        transition.keep();
    }

    private void failBack() {
        for (RoutingState.FailBackDeadline deadline : transition.failBacks) {
            if (deadline.at() > transition.now) {
                return;
            }
            transition.election(deadline.prefix());
        }
    }

    private void silence(Duration limit) {
        // the slots of equal times depend on history, so that they are put in an order first
        TreeMap<Deadline, NodeState> silent = new TreeMap<>();
        LastHeardTimes heard = transition.heard;
        for (LastHeardTimes.Heard first = heard.earliest();
                first != null && Times.plus(first.at(), limit) <= transition.now;
                first = heard.earliest()) {
            NodeState node = node(first.node());
            silent.put(new Deadline(first.at(), first.node()), node);
            heard = heard.without(node.slot());
        }
        silent.forEach((last, node) -> {
            SessionId session = node.session().orElseThrow();
            SessionCommands.down(
                    transition,
                    node,
                    session,
                    Times.plus(last.at(), limit),
                    new Reason.SessionSilent(session, Times.instant(last.at())));
        });
    }

    private void due(NodeId id) {
        NodeState node = node(id);
        Optional<Instant> until = node.graceUntil();
        if (until.isPresent() && !until.get().isAfter(transition.nowInstant)) {
            transition.put(node.edit().offline().build());
            transition.caused(id, new Reason.GraceOver(until.get()));
            node = node(id);
        }
        if (node.facts().isEphemeral()
                && node.liveness() != Liveness.ONLINE
                && Times.plus(node.idleSince(), transition.settings.ephemeralIdle()) <= transition.now) {
            transition.remove(node, new Reason.Idle(Times.instant(node.idleSince())));
            SettingsCommands.forget(transition, id);
            return;
        }
        if (!node.isKeyExpired() && node.facts().keyExpiry().isPresent()) {
            // putting it looks at the key again
            transition.put(node);
            node = node(id);
        }
        Drain drain = node.drainOrNull();
        if (drain != null
                && drain.until().isPresent()
                && Times.ceilingMillis(drain.until().get()) <= transition.now) {
            Instant deadline = drain.until().get();
            DrainCommands.end(transition, node, new Reason.DeadlinePassed(deadline), deadline);
        }
    }

    private NodeState node(NodeId id) {
        NodeState node = transition.nodes.get(id);
        if (node == null) {
            throw new IllegalStateException("no node " + id);
        }
        return node;
    }
}
