package dev.wayleave.storage;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A writer's claim to sessions of a tailnet. A commit with a claim is written only if the claim is true: if the
 * tailnet's row names the same owner and epoch or, of a writer that {@linkplain #shared shares} the tailnet, if the row
 * names no owner and the same epoch, and the lease of the writer is stored.
 *
 * @param replicaOrNull the process; null for a writer with sessions that uses no replica
 * @param epoch the epoch of the owner
 * @param leaseOrNull the mark of the start of a process that shares the tailnet; null for a writer that owns it
 */
public record Ownership(
        @Nullable ReplicaId replicaOrNull,
        long epoch,
        @Nullable CommitToken leaseOrNull) {

    /**
     * Checks the epoch.
     *
     * @throws IllegalArgumentException if it is negative, or 0 with an owner; or if a lease has no replica
     */
    public Ownership {
        if (epoch < (replicaOrNull == null || leaseOrNull != null ? 0 : 1)) {
            throw new IllegalArgumentException("epoch `" + epoch + "` is too small: the first owner has 1");
        }
        if (leaseOrNull != null && replicaOrNull == null) {
            throw new IllegalArgumentException("lease `" + leaseOrNull + "` has no replica: name it");
        }
    }

    /**
     * Creates the claim of an owner.
     *
     * @param replicaOrNull the owner; null for a writer with sessions that uses no replica
     * @param epoch the epoch of the owner
     */
    public Ownership(@Nullable ReplicaId replicaOrNull, long epoch) {
        this(replicaOrNull, epoch, null);
    }

    /**
     * Returns the claim of a writer that shares a tailnet.
     *
     * @param replica the process
     * @param lease the mark of its start
     * @param epoch the epoch of the tailnet
     * @return the claim
     */
    public static Ownership shared(ReplicaId replica, CommitToken lease, long epoch) {
        Objects.requireNonNull(replica, "replica");
        Objects.requireNonNull(lease, "lease");
        return new Ownership(replica, epoch, lease);
    }

    /** {@return the process; empty for a writer with sessions that uses no replica} */
    public Optional<ReplicaId> replica() {
        return Optional.ofNullable(replicaOrNull);
    }

    /** {@return the mark of the start of a process that shares the tailnet; empty for a writer that owns it} */
    public Optional<CommitToken> lease() {
        return Optional.ofNullable(leaseOrNull);
    }

    /** {@return the owner that the row of the tailnet must name; empty if it must name none} */
    public Optional<ReplicaId> owner() {
        return leaseOrNull == null ? replica() : Optional.empty();
    }
}
