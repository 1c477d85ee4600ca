package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes, watches and gives back the ownership of a tailnet for one controller. */
final class OwnerGuard implements SessionGuard {

    private static final QuietLog LOG = QuietLog.of(OwnerGuard.class);

    /** A lease is looked at this often in its length. */
    static final int LOOKS = 15;

    private final RoutingStore store;
    private final TailnetId tailnet;
    private final @Nullable Replica replica;

    /**
     * What the commits claim, and after the release what a deletion does: that no process has owned the tailnet since.
     * Null for a controller without sessions, which claims nothing.
     */
    private volatile @Nullable Ownership claim;

    private volatile boolean mustLook;
    private volatile boolean isFenced;

    /** The store did not answer when it was looked at: the next turn looks again. */
    private boolean isOwed;

    private Runnable wake = () -> {};
    private final Consumer<@Nullable Map<TailnetId, Long>> look = this::look;

    private OwnerGuard(RoutingStore store, TailnetId tailnet, @Nullable Replica replica, @Nullable Ownership claim) {
        this.store = store;
        this.tailnet = tailnet;
        this.replica = replica;
        this.claim = claim;
    }

    /** A controller without sessions: it may commit beside the owner. */
    static OwnerGuard withoutSessions(RoutingStore store, TailnetId tailnet) {
        return new OwnerGuard(store, tailnet, null, null);
    }

    /** A controller with sessions and without a replica: for tailnets that no replica owns. */
    static OwnerGuard withoutReplica(RoutingStore store, TailnetId tailnet) {
        TailnetOwner owner = store.owner(tailnet).orElse(TailnetOwner.NONE);
        if (owner.replica().isPresent()) {
            throw FencedException.refused(tailnet, owner, "give the controller a replica, or open it without sessions");
        }
        return new OwnerGuard(store, tailnet, null, new Ownership(null, owner.epoch()));
    }

    static OwnerGuard of(RoutingStore store, TailnetId tailnet, Replica replica, boolean takeOver, LongConsumer pause) {
        return new OwnerGuard(store, tailnet, replica, acquire(store, tailnet, replica, takeOver, pause));
    }

    /** A controller of a tailnet that the replica owns already, or will by the first commit. */
    static OwnerGuard of(RoutingStore store, TailnetId tailnet, Replica replica, Ownership claim) {
        return new OwnerGuard(store, tailnet, replica, claim);
    }

    /** Waits for a lease at most, or a little longer if the owner may be dead. */
    static Ownership acquire(
            RoutingStore store, TailnetId tailnet, Replica replica, boolean takeOver, LongConsumer pause) {
        return new Acquisition(store, tailnet, replica, pause, false).acquire(takeOver);
    }

    /** The same, unless no process owns the tailnet in the meantime: then a claim without an owner. */
    static Ownership acquireOrFree(
            RoutingStore store, TailnetId tailnet, Replica replica, boolean takeOver, LongConsumer pause) {
        return new Acquisition(store, tailnet, replica, pause, true).acquire(takeOver);
    }

    static void park(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    /** The wait for a tailnet that another replica owns. */
    private static final class Acquisition {

        private final RoutingStore store;
        private final TailnetId tailnet;
        private final Replica replica;
        private final LongConsumer pause;

        /** Whether the wait ends where no process owns the tailnet. */
        private final boolean endsWhereFree;

        private final long begun;

        private final LeaseWatch watch = new LeaseWatch();

        Acquisition(RoutingStore store, TailnetId tailnet, Replica replica, LongConsumer pause, boolean endsWhereFree) {
            this.store = store;
            this.tailnet = tailnet;
            this.replica = replica;
            this.pause = pause;
            this.endsWhereFree = endsWhereFree;
            this.begun = now();
        }

        private long now() {
            return replica.steadyNanos().getAsLong();
        }

        /** If the store fails in between, its exception ends the wait: nothing is known about the owner then. */
        Ownership acquire(boolean takeOver) {
            while (true) {
                TailnetOwner owner = store.owner(tailnet).orElse(null);
                if (owner == null) {
                    return new Ownership(replica.id(), 1); // the first commit makes the row
                }
                if (endsWhereFree && owner.replica().isEmpty()) {
                    return new Ownership(null, owner.epoch());
                }
                Lease lease = owner.replica()
                        .filter(other -> !other.equals(replica.id()))
                        .flatMap(store::lease)
                        .orElse(null);
                if (takeOver || lease == null || hasRunOut(lease)) {
                    Optional<TailnetOwner> mine = store.own(tailnet, owner.epoch(), replica.id());
                    if (mine.isPresent()) {
                        return new Ownership(replica.id(), mine.get().epoch());
                    }
                    continue; // another process was faster, and is the owner to look at
                }
                if (isRefused(lease) || Thread.currentThread().isInterrupted()) {
                    throw FencedException.refused(
                            tailnet, owner, "stop that process, take over from it, or open without sessions");
                }
                pause.accept(lease.length().toNanos() / LOOKS);
            }
        }

        /**
         * The time counts only while this process can renew its own lease: where the database reads and does not write,
         * as a primary that waits for its standby, the owner cannot renew either.
         */
        private boolean hasRunOut(Lease lease) {
            long length = lease.length().toNanos();
            long asked = now();
            boolean answers = replica.renew() && now() - asked < length / LOOKS;
            var unused = watch.look(lease, answers, length / 2, now());
            return watch.hasRunOut(now());
        }

        /** The wait was one lease long, and a renewal was seen not long ago. */
        private boolean isRefused(Lease lease) {
            long length = lease.length().toNanos();
            return now() - begun >= length && watch.unrenewed(now()) < length / 2;
        }
    }

    @Override
    public @Nullable Ownership claim() {
        return claim;
    }

    @Override
    public void watch(Runnable wakeUp) {
        wake = wakeUp;
        if (replica != null) {
            replica.add(look);
        }
    }

    /** Looks at the ownership in the next turn, unless the replica still owns the tailnet in the same epoch. */
    private void look(@Nullable Map<TailnetId, Long> owned) {
        Ownership claimed = claim;
        if (owned != null && claimed != null && Objects.equals(owned.get(tailnet), claimed.epoch())) {
            return;
        }
        mustLook = true;
        wake.run();
    }

    @Override
    public boolean isStale() {
        return isFenced || (replica != null && replica.isStale());
    }

    @Override
    public boolean hasLostLease() {
        return replica != null && replica.hasLostLease();
    }

    @Override
    public boolean hasWork() {
        return mustLook && !isFenced;
    }

    /**
     * Looks at the ownership if there is a reason to: before the controller acts on what it believes. If the store does
     * not answer, the controller goes on: it commits nothing then, and an outage of the store ends no ownership.
     *
     * @return why the controller must stop; null if it may go on
     */
    @Override
    public @Nullable Supplier<WayleaveException> check() {
        Ownership claimed = claim;
        if (replica == null || claimed == null) {
            return null;
        }
        replica.planAgain();
        if (replica.wasSuspended()) {
            var unused = replica.renew();
            mustLook = true;
        }
        if (replica.hasLostLease() && replica.successor() == null) {
            isFenced = true;
            return () -> FencedException.lostLease(tailnet, replica.id());
        }
        if (!mustLook && !isOwed) {
            return null;
        }
        mustLook = false; // before the read: a wish during it asks for another read
        isOwed = false;
        Lease successor = replica.successor();
        if (successor != null) {
            isFenced = true;
            return () -> FencedException.replaced(tailnet, successor);
        }
        try {
            TailnetOwner owner = StoreCall.answer(
                            "read the owner of tailnet `" + tailnet + "`", () -> store.owner(tailnet))
                    .orElse(null);
            return owner == null || owner.isStill(claimed) ? null : fenced(owner);
        } catch (StorageException e) {
            isOwed = true;
            LOG.debug("the owner of tailnet {} cannot be read now", tailnet, e);
            return null;
        }
    }

    @Override
    public Supplier<WayleaveException> fenced(TailnetOwner owner) {
        isFenced = true;
        return () -> FencedException.lost(tailnet, owner);
    }

    /** Other processes need not wait for the lease. */
    @Override
    public void release() {
        Ownership claimed = claim;
        if (replica == null || claimed == null) {
            return;
        }
        replica.remove(look);
        if (isFenced) {
            return;
        }
        try {
            if (store.disown(tailnet, claimed.epoch(), replica.id())) {
                claim = new Ownership(null, claimed.epoch());
            }
        } catch (Throwable e) {
            LOG.warn("tailnet {} could not be given up; the lease of replica {} says when", tailnet, replica.id(), e);
        }
    }
}
