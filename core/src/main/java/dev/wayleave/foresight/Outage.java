package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/**
 * What would follow if some nodes went down together.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param nodes the nodes that go down
 * @param failovers prefixes of which another node would become the primary, by prefix
 * @param losses routes that viewers would lose, by prefix, then node; a prefix that fails over and that some viewers
 *     may not use at the other node is in both lists
 */
public record Outage(SortedSet<NodeId> nodes, List<Failover> failovers, List<Loss> losses) {

    public Outage {
        nodes = Copies.sortedSet(nodes, "nodes");
        failovers = Copies.list(failovers, "failovers");
        losses = Copies.list(losses, "losses");
    }

    /**
     * {@return how much is lost: for each lost route the number of viewers that lose it, in sum}
     */
    public long damage() {
        return losses.stream().mapToLong(Loss::viewers).sum();
    }

    /**
     * A prefix that fails over.
     *
     * @param prefix the subnet prefix
     * @param from its primary
     * @param to the node that would take over
     */
    public record Failover(Prefix prefix, NodeId from, NodeId to) {

        public Failover {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }
    }

    /**
     * A route that viewers lose.
     *
     * @param prefix the subnet or exit route
     * @param from who carries it for them now
     * @param viewers how many viewers lose it, at least 1
     */
    public record Loss(Prefix prefix, NodeId from, int viewers) {

        public Loss {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
        }
    }
}
