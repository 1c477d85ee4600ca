package dev.wayleave;

import dev.wayleave.command.Command;
import dev.wayleave.event.Reason;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import org.jspecify.annotations.Nullable;

/** What control sessions do to nodes. Only the current session of a node counts. */
final class SessionCommands {

    private final StateBuilder transition;

    SessionCommands(StateBuilder transition) {
        this.transition = transition;
    }

    /** False if the command is about a session that no longer counts. */
    boolean apply(Command.OfSession command) {
        NodeState node = transition.nodes.get(command.node());
        if (node == null) {
            return false;
        }
        if (command instanceof Command.ConnectSession) {
            connected(node, command.session());
            return true;
        }
        if (!node.hasSession(command.session())) {
            return false;
        }
        if (command instanceof Command.KeepAlive heard) {
            heard(node, command.session(), heardAt(heard, transition.stepsToCome, transition.now));
        } else {
            disconnected(node, command.session());
        }
        return true;
    }

    /** What was stamped before a step of the clock moves along with it. */
    static long heardAt(Command.KeepAlive command, long stepsToCome, long now) {
        return command.at().isPresent()
                ? Math.min(Times.moved(Times.millis(command.at().get()), stepsToCome), now)
                : now;
    }

    private void connected(NodeState node, SessionId session) {
        if (node.isListening() && node.hasSession(session)) {
            heard(node, session, transition.now);
            return;
        }
        online(node, session, transition.now, true);
    }

    private void heard(NodeState node, SessionId session, long at) {
        if (node.isListening()) {
            if (at > transition.heard.at(node.slot())) {
                transition.heard(transition.heard.with(node.slot(), new LastHeardTimes.Heard(node.id(), at)));
            }
        } else if (transition.settings.silenceLimit().isEmpty()
                || Times.plus(at, transition.settings.silenceLimit().get()) > transition.now) {
            online(node, session, at, false);
        }
    }

    private void online(NodeState node, SessionId session, long at, boolean isNew) {
        LastHeardTimes.Heard heard = new LastHeardTimes.Heard(node.id(), at);
        int slot = node.isListening() ? node.slot() : transition.heard.freeSlot();
        transition.heard(node.isListening() ? transition.heard.with(slot, heard) : transition.heard.plus(slot, heard));
        NodeState.Builder next = node.edit().online(session, slot);
        if (isNew) {
            next.healthOfAll(Health.HEALTHY);
        }
        transition.put(next.build());
        if (node.liveness() != Liveness.ONLINE) {
            transition.caused(node.id(), new Reason.SessionUp(session));
        }
    }

    private void disconnected(NodeState node, SessionId session) {
        if (!node.isListening()) {
            transition.put(node.edit().noSession().build());
            return;
        }
        // a session that is ended too late, after it fell silent, was down from then on
        long at = transition.now;
        if (transition.settings.silenceLimit().isPresent()) {
            long silent = Times.plus(
                    transition.heard.at(node.slot()),
                    transition.settings.silenceLimit().get());
            at = Math.min(at, silent);
        }
        down(transition, node, null, at, new Reason.SessionDown(session));
    }

    static void down(StateBuilder transition, NodeState node, @Nullable SessionId silent, long at, Reason reason) {
        transition.heard(transition.heard.without(node.slot()));
        long until = Times.plus(at, transition.settings.grace());
        transition.put(node.edit().down(silent, at, until).build());
        transition.caused(node.id(), reason);
    }

    /** Whether the node still counts as there, though the passing of time has not been looked at yet. */
    static boolean isPresent(StateBuilder transition, NodeId id) {
        NodeState node = transition.nodes.get(id);
        return isThere(transition, id)
                || (node != null
                        && node.graceUntil()
                                .filter(until -> until.isAfter(transition.nowInstant))
                                .isPresent());
    }

    /** Whether somebody hears the node; who keeps no sessions believes what is stored. */
    static boolean isThere(StateBuilder transition, NodeId id) {
        NodeState node = transition.nodes.get(id);
        if (node == null || node.liveness() == Liveness.OFFLINE) {
            return false;
        }
        return node.liveness() == Liveness.ONLINE ? isHeard(transition, node) : transition.withoutSessions;
    }

    private static boolean isHeard(StateBuilder transition, NodeState node) {
        return transition.settings.silenceLimit().isEmpty()
                || Times.plus(
                                transition.heard.at(node.slot()),
                                transition.settings.silenceLimit().get())
                        > transition.now;
    }
}
