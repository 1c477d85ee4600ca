package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.approval.Approvals;
import dev.wayleave.mesh.Node;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Drain;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The durable part of a node: what the host, the node and the administrators said of it. Only this makes rows. */
record NodeFacts(
        Node node,
        ImmutableSortedSet<Prefix> advertised,
        Approvals approvals,
        ImmutableSortedSet<Prefix> effective,
        @Nullable Drain drain) {

    static NodeFacts of(Node node) {
        return new NodeFacts(node, ImmutableSortedSet.of(), Approvals.none(), ImmutableSortedSet.of(), null);
    }

    NodeFacts withNode(Node next) {
        return new NodeFacts(next, advertised, approvals, effective, drain);
    }

    NodeFacts withRoutes(SortedSet<Prefix> nextAdvertised, Approvals nextApprovals) {
        return new NodeFacts(
                node,
                ImmutableSortedSet.copyOf(nextAdvertised),
                nextApprovals,
                ImmutableSortedSet.copyOf(nextApprovals.effective(nextAdvertised)),
                drain);
    }

    NodeFacts withDrain(@Nullable Drain next) {
        return new NodeFacts(node, advertised, approvals, effective, next);
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
}
