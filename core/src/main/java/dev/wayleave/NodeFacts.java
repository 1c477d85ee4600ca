package dev.wayleave;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.approval.Approvals;
import dev.wayleave.mesh.Node;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Drain;
import dev.wayleave.row.RouteRow;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the host, the node and the administrators stated about a node: all of it is durable. Rows are made of this and,
 * for routers and ephemeral nodes, of what {@code NodeState.row} and {@code NodeState.routeRow} read of
 * {@link Presence}.
 *
 * @param advertisedAt what the node advertises, each prefix with the time since when
 */
record NodeFacts(
        Node node,
        ImmutableSortedMap<Prefix, Instant> advertisedAt,
        Approvals approvals,
        ImmutableSortedSet<Prefix> effective,
        @Nullable Drain drain) {

    static NodeFacts of(Node node) {
        return new NodeFacts(node, ImmutableSortedMap.of(), Approvals.none(), ImmutableSortedSet.of(), null);
    }

    NodeFacts withNode(Node next) {
        return new NodeFacts(next, advertisedAt, approvals, effective, drain);
    }

    NodeFacts withRoutes(SortedMap<Prefix, Instant> nextAdvertised, Approvals nextApprovals) {
        ImmutableSortedMap<Prefix, Instant> next = ImmutableSortedMap.copyOfSorted(nextAdvertised);
        return new NodeFacts(
                node, next, nextApprovals, ImmutableSortedSet.copyOf(nextApprovals.effective(next.keySet())), drain);
    }

    NodeFacts withApprovals(Approvals nextApprovals) {
        return withRoutes(advertisedAt, nextApprovals);
    }

    ImmutableSortedSet<Prefix> advertised() {
        return advertisedAt.keySet();
    }

    /** Whether the policy may still approve a route: one that is neither approved, denied nor withdrawn. */
    boolean hasUndecidedRoute() {
        if (effective.size() == advertisedAt.size()) {
            return false;
        }
        for (Prefix prefix : advertised()) {
            boolean decided = approvals.approved().containsKey(prefix)
                    || approvals.denied().containsKey(prefix)
                    || approvals.withdrawn().containsKey(prefix);
            if (!decided) {
                return true;
            }
        }
        return false;
    }

    /**
     * Identity check of the facts that the rows of routes are made of: all but the facts of the node itself and its
     * drain, which are in the row of the node. A row is written only where they differ.
     */
    @SuppressWarnings("ReferenceEquality") // unchanged parts are shared between states
    boolean hasRouteFactsOf(NodeFacts other) {
        return advertisedAt == other.advertisedAt && approvals == other.approvals;
    }

    NodeFacts withDrain(@Nullable Drain next) {
        return new NodeFacts(node, advertisedAt, approvals, effective, next);
    }

    /** When the drain ends by itself. */
    long drainEnds() {
        return drain == null
                ? Deadline.NEVER
                : drain.until().map(Times::ceilingMillis).orElse(Deadline.NEVER);
    }

    /** The first moment at which the key has expired. */
    long keyExpires() {
        return node.keyExpiry().map(Times::ceilingMillis).orElse(Deadline.NEVER);
    }

    /** {@return the decision about a prefix} */
    RouteRow.Status status(Prefix prefix) {
        var approval = approvals.approved().get(prefix);
        if (approval != null) {
            return new RouteRow.Approved(approval);
        }
        var denial = approvals.denied().get(prefix);
        if (denial != null) {
            return new RouteRow.Denied(denial);
        }
        var lost = approvals.withdrawn().get(prefix);
        return lost != null ? new RouteRow.Withdrawn(lost) : new RouteRow.Undecided();
    }
}
