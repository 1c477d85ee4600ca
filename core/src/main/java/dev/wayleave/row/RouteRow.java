package dev.wayleave.row;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Denial;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.net.Prefix;
import java.util.Objects;

/**
 * What is stored of one prefix on one node. A row lives while the prefix is advertised, approved, denied or withdrawn
 * there.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param node the node
 * @param prefix the subnet or exit route
 * @param advertised whether the node says that it can carry it
 * @param status whether it may: approved, denied, withdrawn or undecided
 * @param primary whether it does, for the tailnet; never for an exit route
 */
public record RouteRow(NodeId node, Prefix prefix, boolean advertised, Status status, boolean primary) {

    public RouteRow {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(status, "status");
    }

    /** Whether a node may carry a prefix. */
    public sealed interface Status {}

    /** Nobody has said anything. */
    public record Undecided() implements Status {}

    /**
     * It may.
     *
     * @param approval on whose word
     */
    public record Approved(Approval approval) implements Status {

        public Approved {
            Objects.requireNonNull(approval, "approval");
        }
    }

    /**
     * It may not, whatever the policy says.
     *
     * @param denial on whose word
     */
    public record Denied(Denial denial) implements Status {

        public Denied {
            Objects.requireNonNull(denial, "denial");
        }
    }

    /**
     * It might until it stopped advertising it, and waits for an administrator.
     *
     * @param approval what it had
     */
    public record Withdrawn(Approval approval) implements Status {

        public Withdrawn {
            Objects.requireNonNull(approval, "approval");
        }
    }

    /**
     * Returns which row it is.
     *
     * @return node and prefix
     */
    public RouteKey key() {
        return new RouteKey(node, prefix);
    }
}
