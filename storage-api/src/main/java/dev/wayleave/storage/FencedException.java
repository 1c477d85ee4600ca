package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Another process owns the tailnet: a controller was not opened, or lost the tailnet while it ran; or a process that
 * shared the tailnet has lost its lease. Nothing of the submission is stored. A tailnet that was to be deleted is still
 * there.
 *
 * <p>A controller that lost its tailnet is closed, and its sessions are dropped. The host ends the connections of its
 * nodes, which connect to the new owner.
 */
public final class FencedException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** The process that owns the tailnet instead of this one; null if it has left since. */
    private final transient @Nullable ReplicaId owner;

    /** When that process took the tailnet, on the clock of the store; null if it has left since. */
    private final @Nullable Instant since;

    private FencedException(String message, TailnetOwner owner) {
        super(message);
        this.owner = owner.replicaOrNull();
        this.since = owner.sinceOrNull();
    }

    static FencedException refused(TailnetId tailnet, TailnetOwner owner, String advice) {
        return new FencedException("tailnet `" + tailnet + "` has an owner: " + text(owner) + "; " + advice, owner);
    }

    static FencedException lost(TailnetId tailnet, TailnetOwner owner) {
        return new FencedException(
                "tailnet `" + tailnet + "` was taken over from this controller, which is closed: its owner is "
                        + text(owner) + "; end the connections of its nodes",
                owner);
    }

    /**
     * Creates the exception of a store that refuses a deletion, because its claim is not true.
     *
     * @param tailnet the host's key of the tailnet
     * @param owner the owner that the tailnet has
     * @return the exception
     */
    public static FencedException notDeleted(TailnetId tailnet, TailnetOwner owner) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(owner, "owner");
        String reason = owner.replica().isPresent()
                ? "it was taken over, and its owner is " + text(owner) + "; delete it there"
                : "it was taken over meanwhile, or the lease of this process is over; join again, and delete it then";
        return new FencedException("tailnet `" + tailnet + "` is not deleted: " + reason, owner);
    }

    /** For a controller that shares its tailnet. */
    static FencedException lostLease(TailnetId tailnet, ReplicaId replica) {
        return new FencedException(
                "replica `" + replica + "` has lost its lease: the controller of tailnet `" + tailnet
                        + "` is closed, and its sessions are over; end the connections of its nodes, and join again",
                TailnetOwner.NONE);
    }

    static FencedException replaced(TailnetId tailnet, Lease by) {
        return lost(tailnet, new TailnetOwner(by.replica(), 1, by.joinedAt()));
    }

    private static String text(TailnetOwner owner) {
        return owner.replica()
                .map(replica ->
                        "replica `" + replica + "` since " + owner.since().orElseThrow())
                .orElse("no replica");
    }

    /** {@return the process that owns the tailnet; empty if it has left since} */
    public Optional<ReplicaId> owner() {
        return Optional.ofNullable(owner);
    }

    /** {@return since when that process owns the tailnet, on the store's clock; empty if it has left since} */
    public Optional<Instant> since() {
        return Optional.ofNullable(since);
    }
}
