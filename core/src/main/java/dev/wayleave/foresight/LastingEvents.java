package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.net.Prefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists the events of a step whose effect is there at its end: a command of a step may undo what an earlier one did.
 */
final class LastingEvents {

    private final RoutingState before;
    private final RoutingState after;

    private LastingEvents(RoutingState before, RoutingState after) {
        this.before = before;
        this.after = after;
    }

    /** In their order; of several events of one kind about one route, the last. */
    static List<RouteEvent> of(RoutingState before, Step step) {
        LastingEvents lasting = new LastingEvents(before, step.next());
        Map<Object, RouteEvent> events = new LinkedHashMap<>();
        for (RouteEvent event : step.events()) {
            if (lasting.isLasting(event)) {
                Object key = event instanceof RouteEvent.OfRoute route
                        ? List.of(route.kind(), route.node(), route.prefix())
                        : event;
                events.remove(key);
                events.put(key, event);
            }
        }
        return List.copyOf(events.values());
    }

    private boolean isLasting(RouteEvent event) {
        if (event instanceof RouteEvent.OfNode ofNode) {
            NodeState old = before.node(ofNode.node()).orElse(null);
            NodeState now = after.node(ofNode.node()).orElse(null);
            return event instanceof RouteEvent.NodeRemoved
                    ? old != null && now == null
                    : now != null && isLasting(ofNode, old, now);
        }
        if (event instanceof RouteEvent.UsersChanged) {
            return !before.users().equals(after.users());
        }
        if (event instanceof RouteEvent.SettingsChanged) {
            return !before.settings().equals(after.settings());
        }
        // what a new policy does is in other events, in views and in packet filters
        return event instanceof RouteEvent.OfElection || event instanceof RouteEvent.ClockStepped;
    }

    private static boolean isLasting(RouteEvent.OfNode event, @Nullable NodeState old, NodeState now) {
        if (event instanceof RouteEvent.OfRoute route) {
            return isLasting(route, old, now);
        }
        if (event instanceof RouteEvent.DrainStarted) {
            return now.drain().isPresent() && (old == null || !now.drain().equals(old.drain()));
        }
        if (event instanceof RouteEvent.DrainEnded) {
            return now.drain().isEmpty() && old != null && old.drain().isPresent();
        }
        if (event instanceof RouteEvent.OfPresence) {
            return old != null && old.liveness() != now.liveness();
        }
        return old != null && !old.facts().equals(now.facts());
    }

    private static boolean isLasting(RouteEvent.OfRoute event, @Nullable NodeState old, NodeState now) {
        Prefix prefix = event.prefix();
        if (event instanceof RouteEvent.RouteApproved) {
            return begins(old, now, node -> isApproved(node, prefix));
        }
        if (event instanceof RouteEvent.RouteRevoked) {
            return ends(old, now, node -> isApproved(node, prefix));
        }
        if (event instanceof RouteEvent.RouteDenied) {
            return begins(old, now, node -> isDenied(node, prefix));
        }
        if (event instanceof RouteEvent.RouteAdvertised) {
            return begins(old, now, node -> node.advertised().contains(prefix));
        }
        if (event instanceof RouteEvent.RouteWithdrawn) {
            return ends(old, now, node -> node.advertised().contains(prefix));
        }
        return begins(
                old,
                now,
                node -> node.advertised().contains(prefix) && !isApproved(node, prefix) && !isDenied(node, prefix));
    }

    private static boolean begins(@Nullable NodeState old, NodeState now, Predicate<NodeState> fact) {
        return fact.test(now) && (old == null || !fact.test(old));
    }

    private static boolean ends(@Nullable NodeState old, NodeState now, Predicate<NodeState> fact) {
        return !fact.test(now) && old != null && fact.test(old);
    }

    private static boolean isApproved(NodeState node, Prefix prefix) {
        return node.approvals().approved().containsKey(prefix);
    }

    private static boolean isDenied(NodeState node, Prefix prefix) {
        return node.approvals().denied().containsKey(prefix);
    }
}
