package dev.wayleave;

import dev.wayleave.command.Command;
import dev.wayleave.event.Reason;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies the commands of control sessions to nodes. Only the current session of a node counts. */
final class SessionCommands {

    private final StateBuilder builder;
    private final long laterClockShift;

    /**
     * Prepares the commands of one submission.
     *
     * @param laterClockShift by how many milliseconds later submissions of the step move the clock
     */
    SessionCommands(StateBuilder builder, long laterClockShift) {
        this.builder = builder;
        this.laterClockShift = laterClockShift;
    }

    /** False if the command is about a session that no longer counts. */
    boolean apply(Command.OfSession command) {
        NodeState node = builder.fields.nodes.get(command.node());
        if (node == null) {
            return false;
        }
        if (command instanceof Command.ConnectSession) {
            connect(node, command.session());
            return true;
        }
        if (!node.hasSession(command.session()) || node.presence().isElsewhere()) {
            return false;
        }
        if (command instanceof Command.KeepAlive heard) {
            heard(node, command.session(), heardAt(heard, laterClockShift, builder.now));
        } else if (command instanceof Command.DisconnectSession) {
            disconnect(node, command.session());
        } else {
            throw new IllegalStateException("command `" + command.kind() + "` is not applied: add its branch here");
        }
        return true;
    }

    /** The time of a keep-alive; one that was stamped before a step of the clock is shifted with it. */
    static long heardAt(Command.KeepAlive command, long laterClockShift, long now) {
        return command.at().isPresent()
                ? Math.min(Times.shifted(Times.millis(command.at().get()), laterClockShift), now)
                : now;
    }

    private void connect(NodeState node, SessionId session) {
        if (node.isListening() && node.hasSession(session)) {
            heard(node, session, builder.now);
            return;
        }
        online(node, session, builder.now, true);
    }

    private void heard(NodeState node, SessionId session, long at) {
        if (node.isListening()) {
            if (at > builder.fields.heard.at(node.slot())) {
                builder.fields.heard =
                        builder.fields.heard.with(node.slot(), new LastHeardTimes.LastHeardTime(node.id(), at));
            }
        } else if (builder.fields.silentFrom(at) > builder.now) {
            online(node, session, at, false);
        }
    }

    private void online(NodeState node, SessionId session, long at, boolean isNew) {
        LastHeardTimes.LastHeardTime last = new LastHeardTimes.LastHeardTime(node.id(), at);
        LastHeardTimes heard = builder.fields.heard;
        int slot = node.isListening() ? node.slot() : heard.freeSlot();
        builder.fields.heard = node.isListening() ? heard.with(slot, last) : heard.plus(slot, last);
        Presence next = node.presence().online(session, slot, builder.now).heldBy(builder.fields.sessions.self());
        if (isNew && next.isShared() && !isStored(node)) {
            next = next.steadyFrom(builder.now); // its row, once there is one, shows which of two sessions is the later
        }
        builder.put(node.with(isNew ? next.withHealth(Health.HEALTHY) : next));
        if (node.liveness() != Liveness.ONLINE) {
            builder.noteLivenessCause(node.id(), new Reason.SessionUp(session));
        }
    }

    /** Whether the row of a node has what is known here of its session. */
    private boolean isStored(NodeState node) {
        return node.isTracked() && !builder.fields.repairs.nodes().containsKey(node.id());
    }

    private void disconnect(NodeState node, SessionId session) {
        if (!node.isListening()) {
            builder.put(node.with(node.presence().withoutSession()));
            return;
        }
        // a session that is ended too late, after it fell silent, was down from then on
        long at = Math.min(builder.now, builder.fields.silentFrom(builder.fields.heard.at(node.slot())));
        down(builder, node, null, at, new Reason.SessionDown(session));
    }

    /** What another process reports about its session of a node, of which nothing is stored. */
    void report(Command.ReportSession report, NodeState node) {
        SessionHolder holder = report.holder();
        if (node.isTracked() || node.isListening() || holder.equals(builder.fields.sessions.self())) {
            return;
        }
        Presence presence = node.presence();
        boolean isKnown = holder.equals(presence.holder()) && node.liveness() == Liveness.ONLINE;
        SessionId session = report.sessionOrNull();
        if (session == null) {
            if (isKnown) {
                Reason reason = new Reason.SessionDown(node.session().orElseThrow());
                down(builder, node.with(presence.heldBy(null)), null, builder.now, reason);
            }
        } else if (!isKnown || !node.hasSession(session)) {
            builder.put(node.with(presence.reportedBy(holder, session, builder.now)));
            if (node.liveness() != Liveness.ONLINE) {
                builder.noteLivenessCause(node.id(), new Reason.SessionUp(session));
            }
        }
    }

    /** A process is gone, and with it all sessions that it had. */
    static void endAll(StateBuilder builder, SessionHolder holder) {
        for (NodeState node : List.copyOf(builder.fields.nodes.values())) {
            if (!holder.equals(node.presence().holder())) {
                continue;
            }
            NodeState free = node.with(node.presence().heldBy(null));
            if (node.liveness() == Liveness.ONLINE) {
                down(builder, free, null, builder.now, new Reason.HolderGone(holder));
            } else {
                builder.put(free);
            }
        }
    }

    static void down(StateBuilder builder, NodeState node, @Nullable SessionId silent, long at, Reason reason) {
        if (node.isListening()) {
            builder.fields.heard = builder.fields.heard.without(node.slot());
        }
        long until = Times.plus(at, builder.fields.settings.grace());
        builder.put(node.with(node.presence().down(silent, at, until)));
        builder.noteLivenessCause(node.id(), reason);
    }

    /** Whether the node is online or in its grace at this time, before {@link Timers} have run. */
    static boolean isPresent(StateBuilder builder, NodeId id) {
        NodeState node = builder.fields.nodes.get(id);
        return isConnected(builder, id)
                || (node != null && node.liveness() == Liveness.GRACE && !node.isGraceOver(builder.now));
    }

    /**
     * Whether the node's session is live; where another process has it, whether it is stored as such.
     */
    static boolean isConnected(StateBuilder builder, NodeId id) {
        NodeState node = builder.fields.nodes.get(id);
        if (node == null || !node.isPresent()) {
            return false;
        }
        if (node.liveness() != Liveness.ONLINE) {
            return builder.fields.sessions.withoutSessions();
        }
        return !node.isListening() || builder.fields.silentFrom(builder.fields.heard.at(node.slot())) > builder.now;
    }
}
