package dev.wayleave;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Denial;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;

/**
 * What is stored of one prefix on one node. A row lives while the prefix is advertised, approved, denied or withdrawn
 * there.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param node the node
 * @param prefix the subnet or exit route
 * @param advertised whether the node says that it can carry it
 * @param standing whether it may
 * @param primary whether it does, for the tailnet; never for an exit route
 */
public record RouteRow(NodeId node, Prefix prefix, boolean advertised, Standing standing, boolean primary) {

    /** Whether a node may carry a prefix. */
    public sealed interface Standing {}

    /** Nobody has said anything. */
    public record Undecided() implements Standing {}

    /**
     * It may.
     *
     * @param approval on whose word
     */
    public record Approved(Approval approval) implements Standing {}

    /**
     * It may not, whatever the policy says.
     *
     * @param denial on whose word
     */
    public record Denied(Denial denial) implements Standing {}

    /**
     * It might until it stopped advertising it, and waits for an administrator.
     *
     * @param approval what it had
     */
    public record Withdrawn(Approval approval) implements Standing {}

    /**
     * Which row it is.
     *
     * @param node the node
     * @param prefix the prefix
     */
    public record Key(NodeId node, Prefix prefix) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byNode = node.compareTo(other.node);
            return byNode != 0 ? byNode : prefix.compareTo(other.prefix);
        }
    }

    /**
     * Returns which row it is.
     *
     * @return node and prefix
     */
    public Key key() {
        return new Key(node, prefix);
    }
}
