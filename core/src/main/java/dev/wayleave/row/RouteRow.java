package dev.wayleave.row;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Denial;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored facts about one prefix on one node. A row lives while the prefix is advertised, approved, denied or
 * withdrawn there.
 *
 * <p>A new fact about routes is a component here and a column of the stores; {@code RowWriter} of {@code
 * wayleave-storage-jdbc} lists all places.
 *
 * @param node the node
 * @param prefix the subnet or exit route
 * @param advertisedAtOrNull since when the node advertises it; null if it does not
 * @param status whether the node may carry it: approved, denied, withdrawn or undecided
 * @param primary whether the node carries it for the tailnet; never for an exit route
 * @param healthOrNull what was reported about the way from the node to the prefix, where several processes share the
 *     tailnet; null means healthy or not recorded, and a store may treat them alike
 * @param steadySinceOrNull since when the facts that an election of the prefix reads have not changed, if that is
 *     another time than {@link SessionRow#steadySince}; null otherwise, and if no other process shares the tailnet
 */
public record RouteRow(
        NodeId node,
        Prefix prefix,
        @Nullable Instant advertisedAtOrNull,
        Status status,
        boolean primary,
        @Nullable Health healthOrNull,
        @Nullable Instant steadySinceOrNull) {

    public RouteRow {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(status, "status");
    }

    /**
     * Creates the row of a prefix without a stored health.
     *
     * @param node the node
     * @param prefix the subnet or exit route
     * @param advertisedAtOrNull since when the node advertises it; null if it does not
     * @param status whether it may
     * @param primary whether it does, for the tailnet
     */
    public RouteRow(NodeId node, Prefix prefix, @Nullable Instant advertisedAtOrNull, Status status, boolean primary) {
        this(node, prefix, advertisedAtOrNull, status, primary, null, null);
    }

    /** {@return whether the node advertises the prefix} */
    public boolean advertised() {
        return advertisedAtOrNull != null;
    }

    /** {@return since when the node advertises the prefix; empty if it does not} */
    public Optional<Instant> advertisedAt() {
        return Optional.ofNullable(advertisedAtOrNull);
    }

    /** {@return whether the way from the node to the prefix was reported as broken, as far as it is stored} */
    public boolean unhealthy() {
        return healthOrNull == Health.UNHEALTHY;
    }

    /** {@return what was reported about the way from the node to the prefix; empty means healthy or not recorded} */
    public Optional<Health> health() {
        return Optional.ofNullable(healthOrNull);
    }

    /**
     * {@return since when the facts that an election of the prefix reads have not changed; empty if that is stored with
     * the session of the node, or nowhere}
     */
    public Optional<Instant> steadySince() {
        return Optional.ofNullable(steadySinceOrNull);
    }

    /**
     * Returns the same row with another value of {@link #primary}.
     *
     * @param carries whether it does, for the tailnet
     * @return such a row
     */
    public RouteRow withPrimary(boolean carries) {
        return new RouteRow(node, prefix, advertisedAtOrNull, status, carries, healthOrNull, steadySinceOrNull);
    }

    /** The decision whether a node may carry a prefix. */
    public sealed interface Status extends NamedKind {}

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
     * The node may not carry the prefix, even if an auto-approver lists it.
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

    /** {@return which row it is; node and prefix} */
    public RouteKey key() {
        return new RouteKey(node, prefix);
    }
}
