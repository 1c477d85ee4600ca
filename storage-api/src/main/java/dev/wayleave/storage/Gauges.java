package dev.wayleave.storage;

import dev.wayleave.NodeState;
import dev.wayleave.RouteState;
import dev.wayleave.RoutingState;
import dev.wayleave.TouchedKeys;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import java.util.Optional;

/**
 * Two counts for metrics, updated by what each step, or each change of another process, touched. A full count is
 * {@code O(n)}, and is made when all rows were loaded.
 */
final class Gauges {

    private int unserved;
    private int pending;

    /** Whether an update failed, so that a full count is needed. */
    private boolean isStale;

    Gauges(RoutingState state) {
        count(state);
    }

    void count(RoutingState state) {
        isStale = true;
        unserved = (int) state.routes().values().stream()
                .filter(route -> route.primary().isEmpty())
                .count();
        pending = 0;
        for (NodeState node : state.nodes().values()) {
            pending += (int) node.advertised().stream()
                    .filter(prefix -> isPending(node, prefix))
                    .count();
        }
        isStale = false;
    }

    /** Brings the numbers up to date after a step, or after rows of another process were followed. */
    void follow(RoutingState before, RoutingState after, TouchedKeys touched, RowChanges changes) {
        if (isStale) {
            count(after);
            return;
        }
        isStale = true;
        for (Prefix prefix : touched.prefixes()) {
            unserved += change(isUnserved(before, prefix), isUnserved(after, prefix));
        }
        for (RouteRow row : changes.routes().upserts()) {
            pending += change(isPending(before, row.key()), isPending(after, row.key()));
        }
        for (RouteKey key : changes.routes().deletes()) {
            pending += change(isPending(before, key), isPending(after, key));
        }
        isStale = false;
    }

    /** {@return the number of prefixes that are effective on some node and have no primary} */
    int unserved() {
        return unserved;
    }

    /** {@return the number of prefixes on nodes that are advertised, and neither approved nor denied} */
    int pending() {
        return pending;
    }

    private static int change(boolean previous, boolean current) {
        return (current ? 1 : 0) - (previous ? 1 : 0);
    }

    private static boolean isUnserved(RoutingState state, Prefix prefix) {
        Optional<RouteState> route = state.route(prefix);
        return route.isPresent() && route.get().primary().isEmpty();
    }

    private static boolean isPending(RoutingState state, RouteKey key) {
        return state.node(key.node())
                .filter(node -> node.advertised().contains(key.prefix()) && isPending(node, key.prefix()))
                .isPresent();
    }

    private static boolean isPending(NodeState node, Prefix advertised) {
        return !node.approvals().approved().containsKey(advertised)
                && !node.approvals().denied().containsKey(advertised);
    }
}
