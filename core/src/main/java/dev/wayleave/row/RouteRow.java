package dev.wayleave.row;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Denial;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Kinds;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of one prefix on one node. A row lives while the prefix is advertised, approved, denied or withdrawn
 * there.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param node the node
 * @param prefix the subnet or exit route
 * @param advertisedAtOrNull since when the node says that it can carry it; null if it does not
 * @param status whether it may: approved, denied, withdrawn or undecided
 * @param primary whether it does, for the tailnet; never for an exit route
 */
public record RouteRow(
        NodeId node, Prefix prefix, @Nullable Instant advertisedAtOrNull, Status status, boolean primary) {

    public RouteRow {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(status, "status");
    }

    /**
     * {@return whether the node says that it can carry it}
     */
    public boolean advertised() {
        return advertisedAtOrNull != null;
    }

    /**
     * {@return since when the node says that it can carry it; empty if it does not}
     */
    public Optional<Instant> advertisedAt() {
        return Optional.ofNullable(advertisedAtOrNull);
    }

    /**
     * Returns the row of the same facts with another word on whether the node carries the prefix.
     *
     * @param carries whether it does, for the tailnet
     * @return such a row
     */
    public RouteRow withPrimary(boolean carries) {
        return new RouteRow(node, prefix, advertisedAtOrNull, status, carries);
    }

    /** Whether a node may carry a prefix. */
    public sealed interface Status {
        /**
         * {@return the stable name of the kind in lower-case words with hyphens, for example {@code undecided}}
         */
        default String kind() {
            return Kinds.of(this);
        }
    }

    /** No administrator and no auto-approver decided. */
    @Kind("undecided")
    public record Undecided() implements Status {}

    /**
     * It may.
     *
     * @param approval who approved it, and when
     */
    @Kind("approved")
    public record Approved(Approval approval) implements Status {

        public Approved {
            Objects.requireNonNull(approval, "approval");
        }
    }

    /**
     * The node may not carry the prefix, also where an auto-approver lists it.
     *
     * @param denial who denied it, and when
     */
    @Kind("denied")
    public record Denied(Denial denial) implements Status {

        public Denied {
            Objects.requireNonNull(denial, "denial");
        }
    }

    /**
     * The node lost its approval when it stopped advertising the prefix. An administrator must approve it again.
     *
     * @param approval the approval that it lost
     */
    @Kind("withdrawn")
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
