package dev.wayleave.storage;

import com.google.common.collect.ImmutableSet;
import dev.wayleave.mesh.SessionHolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The processes that have a lease, for the controllers of one process that share their tailnets. It also ends leases
 * that have run out: those that this process saw unrenewed for their whole length, by its own steady clock, while it
 * read the leases again and again.
 *
 * <p>Safe for use by several threads.
 */
final class SharedLeases {

    private static final QuietLog LOG = QuietLog.of(SharedLeases.class);

    /** The largest number of ended starts of processes that are kept; of an older one the leases are read again. */
    private static final int MOST_ENDED = 1_000;

    private final RoutingStore store;
    private final ReplicaId self;
    private final LongSupplier nanos;

    /** After a longer time between two looks an unrenewed lease proves nothing: the store may have been gone. */
    private final long mostBetweenLooks;

    private final Set<Runnable> controllers = ConcurrentHashMap.newKeySet();

    private volatile Set<SessionHolder> known = Set.of();

    /** Starts of processes whose lease is over for good, the latest ones: an incarnation never comes back. */
    private volatile ImmutableSet<SessionHolder> ended = ImmutableSet.of();

    private volatile boolean wasUsed;

    /** Whether a controller could not read the leases: the next look calls it. */
    private volatile boolean isOwed;

    /** Reads are numbered before they begin: an older one that ends later is ignored. */
    private final AtomicLong reads = new AtomicLong();

    // guarded by this

    private long lastRead;

    private final Map<ReplicaId, LeaseWatch> watches = new HashMap<>();

    SharedLeases(RoutingStore store, ReplicaId self, LongSupplier nanos, Duration renewal) {
        this.store = store;
        this.self = self;
        this.nanos = nanos;
        this.mostBetweenLooks = renewal.toNanos() + renewal.toNanos() / 2;
    }

    void add(Runnable controller) {
        wasUsed = true;
        controllers.add(controller);
    }

    void remove(Runnable controller) {
        controllers.remove(controller);
    }

    boolean isInUse() {
        return !controllers.isEmpty();
    }

    /** {@return whether a controller may ever have written a session that ends with the lease of this process} */
    boolean wasUsed() {
        return wasUsed;
    }

    /** {@return whether this start of a process had a lease when the leases were read last} */
    boolean isKnown(SessionHolder holder) {
        return known.contains(holder) && !hasEnded(holder);
    }

    /** {@return whether the lease of this start of a process is known to be over} Does not block. */
    boolean hasEnded(SessionHolder holder) {
        return ended.contains(holder);
    }

    /** Calls the controllers: each checks which replicas still have a lease. */
    void wakeControllers() {
        for (Runnable controller : controllers) {
            try {
                controller.run();
            } catch (Throwable e) {
                LOG.error("a controller of replica {} could not be woken", self, e);
            }
        }
    }

    /**
     * Reads the leases.
     *
     * @param named starts of processes that rows name which were read before: those without a lease have ended
     */
    void read(Collection<SessionHolder> named) {
        long number = reads.incrementAndGet();
        Set<SessionHolder> now;
        try {
            now = holders(leases());
        } catch (StorageException e) {
            isOwed = true;
            throw e;
        }
        end(named.stream().filter(holder -> !now.contains(holder)).toList());
        if (keep(now, number)) {
            wakeControllers();
        }
    }

    private List<Lease> leases() {
        return StoreCall.answer("read the leases", store::leases);
    }

    private static Set<SessionHolder> holders(List<Lease> leases) {
        return leases.stream().map(SharedLeases::holder).collect(Collectors.toUnmodifiableSet());
    }

    private synchronized void end(Collection<SessionHolder> holders) {
        List<SessionHolder> all =
                Stream.concat(ended.stream(), holders.stream()).distinct().toList();
        ended = ImmutableSet.copyOf(all.subList(Math.max(0, all.size() - MOST_ENDED), all.size()));
    }

    /** {@return whether there is news} */
    private synchronized boolean keep(Set<SessionHolder> next, long number) {
        if (number < lastRead) {
            return false;
        }
        lastRead = number;
        Set<SessionHolder> left =
                next.stream().filter(holder -> !hasEnded(holder)).collect(Collectors.toUnmodifiableSet());
        boolean isChanged = !left.equals(known);
        known = left;
        return isChanged;
    }

    static SessionHolder holder(Lease lease) {
        return new SessionHolder(lease.incarnation().value());
    }

    /**
     * This process has just renewed its own lease: looks at those of the other processes, and ends those that have run
     * out.
     */
    void look() {
        boolean isChanged;
        long number = reads.incrementAndGet();
        try {
            List<Lease> leases = leases();
            boolean hasEnded = endAll(runOut(leases));
            isChanged = keep(holders(leases), number) || hasEnded;
        } catch (Throwable e) {
            missed();
            LOG.debug("the leases cannot be read now", e);
            return;
        }
        if (isChanged || isOwed) {
            isOwed = false;
            wakeControllers();
        }
    }

    /** The store could not be reached: the time of all leases begins anew. */
    synchronized void missed() {
        watches.clear();
    }

    /**
     * Ends leases, unless they were renewed meanwhile; without the monitor: the store may wait for a controller.
     *
     * @return whether one ended
     */
    private boolean endAll(List<Lease> leases) {
        boolean hasEnded = false;
        for (Lease seen : leases) {
            if (StoreCall.answer("ended the lease of replica `" + seen.replica() + "`", () -> store.endLease(seen))) {
                LOG.warn("the lease of replica {} has run out: its sessions end", seen.replica());
                end(List.of(holder(seen)));
                hasEnded = true;
            }
        }
        return hasEnded;
    }

    /** {@return the leases of other processes that have run out} */
    private synchronized List<Lease> runOut(List<Lease> leases) {
        long now = nanos.getAsLong();
        watches.keySet().retainAll(leases.stream().map(Lease::replica).collect(Collectors.toSet()));
        List<Lease> over = new ArrayList<>();
        for (Lease lease : leases) {
            LeaseWatch watch = watches.computeIfAbsent(lease.replica(), replica -> new LeaseWatch());
            var unused = watch.look(lease, true, mostBetweenLooks, now);
            if (watch.hasRunOut(now) && !lease.replica().equals(self)) {
                over.add(lease);
            }
        }
        return over;
    }
}
