package dev.wayleave.storage;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The replica that has the sessions of a tailnet, as the tailnet's row names it.
 *
 * @param replicaOrNull the owner; null if no replica owns the tailnet now
 * @param epoch how many owners the tailnet has had: each commit of an owner names its epoch
 * @param sinceOrNull when the owner took it, on the store's clock; null if no replica owns the tailnet now
 */
public record TailnetOwner(
        @Nullable ReplicaId replicaOrNull,
        long epoch,
        @Nullable Instant sinceOrNull) {

    /** No replica has ever owned the tailnet. */
    public static final TailnetOwner NONE = new TailnetOwner(null, 0, null);

    /**
     * Checks the epoch.
     *
     * @throws IllegalArgumentException if it is negative, or only one of owner and time is given
     */
    public TailnetOwner {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch `" + epoch + "` is negative: the first one is 0");
        }
        if ((replicaOrNull == null) != (sinceOrNull == null)) {
            throw new IllegalArgumentException("owner `" + replicaOrNull + "` since `" + sinceOrNull
                    + "`: an owner has a time, and no owner has none");
        }
    }

    /** {@return the owner; empty if no replica owns the tailnet now} */
    public Optional<ReplicaId> replica() {
        return Optional.ofNullable(replicaOrNull);
    }

    /** {@return when the owner took the tailnet, on the store's clock; empty if no replica owns it now} */
    public Optional<Instant> since() {
        return Optional.ofNullable(sinceOrNull);
    }

    /**
     * Returns whether a claim is still true.
     *
     * @param claim the claim of a writer
     * @return whether the tailnet has the owner and the epoch that it names; the lease of a writer that shares the
     *     tailnet is looked up elsewhere
     */
    public boolean isStill(Ownership claim) {
        Objects.requireNonNull(claim, "claim");
        return epoch == claim.epoch() && replica().equals(claim.owner());
    }
}
