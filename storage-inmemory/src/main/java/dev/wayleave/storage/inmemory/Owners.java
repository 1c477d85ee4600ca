package dev.wayleave.storage.inmemory;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Lease;
import dev.wayleave.storage.Ownership;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.TailnetOwner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The leases of replicas, and the owners of tailnets. The store guards it. */
final class Owners {

    private final InstantSource clock;
    private final Map<ReplicaId, Lease> leases = new HashMap<>();
    private final Map<TailnetId, TailnetOwner> owners = new HashMap<>();

    Owners(InstantSource clock) {
        this.clock = clock;
    }

    // ---- leases

    Lease join(ReplicaId replica, CommitToken incarnation, Duration length) {
        Instant now = clock.instant();
        Lease lease = new Lease(replica, incarnation, length, 0, 0, now, now);
        leases.put(replica, lease);
        return lease;
    }

    Optional<Lease> lease(ReplicaId replica) {
        return Optional.ofNullable(leases.get(replica));
    }

    Optional<Lease> renew(ReplicaId replica, CommitToken incarnation) {
        return lease(replica)
                .filter(lease -> lease.incarnation().equals(incarnation))
                .map(lease -> replaced(lease, lease.renewals() + 1, lease.takeovers(), clock.instant()));
    }

    void leave(ReplicaId replica, CommitToken incarnation) {
        leases.values()
                .removeIf(lease ->
                        lease.replica().equals(replica) && lease.incarnation().equals(incarnation));
    }

    @CanIgnoreReturnValue
    private Lease replaced(Lease lease, long renewals, long takeovers, Instant renewedAt) {
        Lease changed = new Lease(
                lease.replica(), lease.incarnation(), lease.length(), renewals, takeovers, lease.joinedAt(), renewedAt);
        leases.put(lease.replica(), changed);
        return changed;
    }

    // ---- owners

    /** {@return the owner of a tailnet that is stored} */
    TailnetOwner of(TailnetId tailnet) {
        return owners.getOrDefault(tailnet, TailnetOwner.NONE);
    }

    /** The first commit of a tailnet makes its claim true. */
    void begin(TailnetId tailnet, Ownership claim) {
        claim.replica()
                .ifPresent(replica -> owners.put(tailnet, new TailnetOwner(replica, claim.epoch(), clock.instant())));
    }

    Optional<TailnetOwner> own(TailnetId tailnet, long epoch, ReplicaId replica) {
        TailnetOwner before = of(tailnet);
        if (before.epoch() != epoch) {
            return Optional.empty();
        }
        before.replica()
                .filter(other -> !other.equals(replica))
                .flatMap(this::lease)
                .ifPresent(lease -> replaced(lease, lease.renewals(), lease.takeovers() + 1, lease.renewedAt()));
        TailnetOwner owner = new TailnetOwner(replica, epoch + 1, clock.instant());
        owners.put(tailnet, owner);
        return Optional.of(owner);
    }

    boolean disown(TailnetId tailnet, long epoch, ReplicaId replica) {
        TailnetOwner before = of(tailnet);
        if (before.epoch() != epoch || !before.replica().equals(Optional.of(replica))) {
            return false;
        }
        owners.put(tailnet, new TailnetOwner(null, epoch, null));
        return true;
    }

    void forget(TailnetId tailnet) {
        owners.remove(tailnet);
    }
}
