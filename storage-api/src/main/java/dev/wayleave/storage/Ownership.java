package dev.wayleave.storage;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A writer's claim to be the owner of a tailnet. A commit with a claim is written only if the tailnet's row names the
 * same owner and epoch.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param replicaOrNull the owner; null for a writer with sessions that uses no replica
 * @param epoch the epoch of the owner
 */
public record Ownership(@Nullable ReplicaId replicaOrNull, long epoch) {

    /**
     * Checks the epoch.
     *
     * @throws IllegalArgumentException if it is negative, or 0 with an owner
     */
    public Ownership {
        if (epoch < (replicaOrNull == null ? 0 : 1)) {
            throw new IllegalArgumentException("epoch `" + epoch + "` is too small: the first owner has 1");
        }
    }

    /** {@return the owner; empty for a writer with sessions that uses no replica} */
    public Optional<ReplicaId> replica() {
        return Optional.ofNullable(replicaOrNull);
    }
}
