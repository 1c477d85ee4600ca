package dev.wayleave.storage.internal;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.SessionRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Lease;
import dev.wayleave.storage.Ownership;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.TailnetOwner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The leases of replicas and the owners of tailnets, kept in memory: for stores that do, which guard it.
 */
public final class Owners {

    private final InstantSource clock;
    private final Map<ReplicaId, Lease> leases = new HashMap<>();
    private final Map<TailnetId, TailnetOwner> owners = new HashMap<>();

    /**
     * Begins without a lease.
     *
     * @param clock the time of the store
     */
    public Owners(InstantSource clock) {
        this.clock = clock;
    }

    // ---- leases

    /** Begins a lease anew: {@code RoutingStore.joinReplica}. */
    public Lease join(ReplicaId replica, CommitToken incarnation, Duration length) {
        Instant now = clock.instant();
        Lease lease = new Lease(replica, incarnation, length, 0, 0, now, now);
        leases.put(replica, lease);
        return lease;
    }

    /** {@return the lease of a replica, if it has one} */
    public Optional<Lease> lease(ReplicaId replica) {
        return Optional.ofNullable(leases.get(replica));
    }

    /** Renews a lease that is still of this incarnation: {@code RoutingStore.renewLease}. */
    public Optional<Lease> renew(ReplicaId replica, CommitToken incarnation) {
        return lease(replica)
                .filter(lease -> lease.incarnation().equals(incarnation))
                .map(lease -> replaced(lease, lease.renewals() + 1, lease.takeovers(), clock.instant()));
    }

    /** Ends a lease: {@code RoutingStore.leaveReplica}. */
    public void leave(ReplicaId replica, CommitToken incarnation) {
        leases.values()
                .removeIf(lease ->
                        lease.replica().equals(replica) && lease.incarnation().equals(incarnation));
    }

    /** {@return all leases: {@code RoutingStore.leases}} */
    public List<Lease> leases() {
        return leases.values().stream()
                .sorted(Comparator.comparing(Lease::replica))
                .toList();
    }

    /** Ends a lease that is as it was seen: {@code RoutingStore.endLease}. */
    public boolean end(Lease seen) {
        boolean isSame = lease(seen.replica())
                .filter(lease -> lease.incarnation().equals(seen.incarnation()) && lease.renewals() == seen.renewals())
                .isPresent();
        if (isSame) {
            leases.remove(seen.replica());
        }
        return isSame;
    }

    /** {@return whether what a commit claims is true of a tailnet that is stored} */
    public boolean isTrue(Ownership claim, TailnetId tailnet) {
        return of(tailnet).isStill(claim) && hasLease(claim);
    }

    /** {@return whether the lease is stored that a claim names; true if it names none} */
    public boolean hasLease(Ownership claim) {
        return claim.lease().isEmpty()
                || claim.replica().flatMap(this::lease).map(Lease::incarnation).equals(claim.lease());
    }

    @CanIgnoreReturnValue
    private Lease replaced(Lease lease, long renewals, long takeovers, Instant renewedAt) {
        Lease changed = new Lease(
                lease.replica(), lease.incarnation(), lease.length(), renewals, takeovers, lease.joinedAt(), renewedAt);
        leases.put(lease.replica(), changed);
        return changed;
    }

    // ---- owners

    /** {@return whether a tailnet is orphaned: {@code RoutingStore.orphaned}} */
    public boolean isOrphaned(TailnetId tailnet, StateRows rows) {
        Set<String> holders = leases.values().stream()
                .map(lease -> lease.incarnation().value())
                .collect(Collectors.toSet());
        return of(tailnet).replica().filter(leases::containsKey).isEmpty()
                && rows.nodes().stream()
                        .filter(row -> row.candidate() || row.facts().isEphemeral())
                        .anyMatch(row -> row.session()
                                .flatMap(SessionRow::holder)
                                .filter(holder -> holders.contains(holder.value()))
                                .isEmpty());
    }

    /** {@return the owner of a tailnet that is stored} */
    public TailnetOwner of(TailnetId tailnet) {
        return owners.getOrDefault(tailnet, TailnetOwner.NONE);
    }

    /** {@return the tailnets that a replica owns, with their epochs: {@code RoutingStore.ownedBy}} */
    public SortedMap<TailnetId, Long> ownedBy(ReplicaId replica) {
        SortedMap<TailnetId, Long> owned = new TreeMap<>();
        owners.forEach((tailnet, owner) -> {
            if (owner.replica().equals(Optional.of(replica))) {
                owned.put(tailnet, owner.epoch());
            }
        });
        return owned;
    }

    /** The first commit of a tailnet makes the process that it names the owner. */
    public void begin(TailnetId tailnet, Ownership claim) {
        claim.owner()
                .ifPresent(replica -> owners.put(tailnet, new TailnetOwner(replica, claim.epoch(), clock.instant())));
    }

    /** Makes a replica the owner, if the epoch is still this one: {@code RoutingStore.own}. */
    public Optional<TailnetOwner> own(TailnetId tailnet, long epoch, ReplicaId replica) {
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

    /** Leaves a tailnet without an owner: {@code RoutingStore.disown}. */
    public boolean disown(TailnetId tailnet, long epoch, ReplicaId replica) {
        TailnetOwner before = of(tailnet);
        if (before.epoch() != epoch || !before.replica().equals(Optional.of(replica))) {
            return false;
        }
        owners.put(tailnet, new TailnetOwner(null, epoch, null));
        return true;
    }

    /** Forgets the owner of a tailnet that is deleted. */
    public void forget(TailnetId tailnet) {
        owners.remove(tailnet);
    }
}
