package dev.wayleave.storage;

import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.TailnetId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * This process among the processes that use one store: it holds a lease, and gives it to its controllers.
 *
 * <pre>
 *   Replica replica = Replica.join(store, new ReplicaId("control-1"), scheduler, InstantSource.system());
 *   RouteController routes = RouteController.builder(store, tailnet, scheduler, clock).replica(replica).open();
 * </pre>
 *
 * <p>A tailnet has at most one controller with sessions, unless it is
 * {@linkplain RouteControllerBuilder#shared shared}: its row names the owner and the owner's epoch, and each commit of
 * the owner is written only while it does. Another process takes a tailnet over when the owner has left it, when the
 * owner's lease has run out, or when {@link RouteControllerBuilder#takeOver} asks for it.
 *
 * <p><b>When a lease has run out.</b> Another process has seen it unrenewed for its whole length, by steady nanoseconds
 * of its own, while the store answered all the time: an outage of the store ends no lease. Clocks of hosts are compared
 * nowhere; the times in the rows are the store's.
 *
 * <p>The host closes it after the controllers.
 */
public final class Replica implements AutoCloseable {

    private static final QuietLog LOG = QuietLog.of(Replica.class);

    /** After a renewal that failed, the next one follows after this part of the usual time. */
    private static final int AGAIN = 5;

    private final RoutingStore store;
    private final ReplicaId id;
    private final InstantSource clock;
    private final LeaseRule rule;
    private final LongSupplier steadyNanos;
    private final CommitToken incarnation = CommitToken.random();
    private final Set<Consumer<@Nullable Map<TailnetId, Long>>> controllers = ConcurrentHashMap.newKeySet();

    private volatile long renewedNanos;
    private volatile long askedNanos;
    private volatile Duration offset = Duration.ZERO;
    private volatile @Nullable Lease successor;
    private volatile boolean hasLostLease;
    private volatile boolean isClosed;
    private final AtomicBoolean isRenewing = new AtomicBoolean();
    private final SharedLeases sharedLeases;
    private final StoreClock storeClock;
    private final RenewalTimer timer;

    // guarded by this

    private long takeovers;
    private boolean fails;

    /** Whether the lease had vanished and was made anew: tailnets may have been taken over meanwhile. */
    private boolean hasRejoined;

    private Replica(
            RoutingStore store,
            ReplicaId id,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            LeaseRule rule,
            LongSupplier steadyNanos) {
        this.store = store;
        this.id = id;
        this.clock = clock;
        this.rule = rule;
        this.steadyNanos = steadyNanos;
        this.sharedLeases = new SharedLeases(store, id, steadyNanos, rule.renewal());
        this.storeClock = new StoreClock(steadyNanos);
        this.timer = new RenewalTimer(id, scheduler, this::tick);
    }

    /**
     * Joins with {@link LeaseRule#DEFAULT}. Blocks.
     *
     * @param store the store of the controllers
     * @param id the name of this process
     * @param scheduler renews the lease, with a short call of the store each time; the host shuts it down later
     * @param clock the wall clock, to be compared with the store's
     * @return the replica, to be closed by the caller
     * @throws IllegalStateException if the scheduler is shut down
     * @throws StorageException if the store cannot be used now
     */
    public static Replica join(
            RoutingStore store, ReplicaId id, ScheduledExecutorService scheduler, InstantSource clock) {
        return join(store, id, scheduler, clock, LeaseRule.DEFAULT);
    }

    /**
     * Joins with a chosen lease. Blocks. Another process that joined with the same id before is fenced.
     *
     * @param store the store of the controllers
     * @param id the name of this process
     * @param scheduler renews the lease, with a short call of the store each time; the host shuts it down later
     * @param clock the wall clock, to be compared with the store's
     * @param rule the length of the lease, and how often it is renewed
     * @return the replica, to be closed by the caller
     * @throws IllegalStateException if the scheduler is shut down
     * @throws StorageException if the store cannot be used now
     */
    public static Replica join(
            RoutingStore store, ReplicaId id, ScheduledExecutorService scheduler, InstantSource clock, LeaseRule rule) {
        return join(store, id, scheduler, clock, rule, System::nanoTime);
    }

    static Replica join(
            RoutingStore store,
            ReplicaId id,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            LeaseRule rule,
            LongSupplier steadyNanos) {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(rule, "rule");
        if (scheduler.isShutdown()) {
            throw withoutScheduler(id, null);
        }
        Replica replica = new Replica(store, id, scheduler, clock, rule, steadyNanos);
        long begun = steadyNanos.getAsLong();
        replica.renewed(store.joinReplica(id, replica.incarnation, rule.length()), begun);
        if (StoreClock.isRough(begun, steadyNanos.getAsLong())) {
            var unused = replica.renewAlone();
        }
        Throwable refusal = replica.timer.plan(rule.renewal());
        if (refusal != null) {
            replica.close();
            throw withoutScheduler(id, refusal);
        }
        return replica;
    }

    private static IllegalStateException withoutScheduler(ReplicaId id, @Nullable Throwable cause) {
        return new IllegalStateException(
                "the scheduler takes no renewal for replica `" + id + "`: give it one that is not shut down", cause);
    }

    /** {@return the name of this process} */
    public ReplicaId id() {
        return id;
    }

    /** {@return the store's clock minus this host's, as of the last renewal} */
    public Duration storeClockOffset() {
        return offset;
    }

    /**
     * {@return whether another process may have taken over the tailnets of this one without this one knowing: its lease
     * was not renewed for its whole length, another process joined with the same id, or it is closed; also asks the
     * scheduler for the next renewal again if it rejected it}
     */
    public boolean isStale() {
        planAgain();
        return hasLostLease()
                || steadyNanos.getAsLong() - renewedNanos > rule.length().toNanos();
    }

    /** {@return the lease of the process that joined with the same id later; null if there is none} */
    @Nullable
    Lease successor() {
        return successor;
    }

    /**
     * {@return whether the process did not even try to renew the lease for its whole length: it was suspended, and must
     * not act on what it believes}
     */
    boolean wasSuspended() {
        return steadyNanos.getAsLong() - askedNanos > rule.length().toNanos();
    }

    LongSupplier steadyNanos() {
        return steadyNanos;
    }

    // ---- for controllers that share their tailnets

    /** Asks the scheduler for the next renewal again if it rejected it: in each turn of a controller. */
    void planAgain() {
        timer.planAgain();
    }

    /** Renews the lease, unless another thread does or has just tried. */
    void renewIfDue() {
        long sinceAsked = steadyNanos.getAsLong() - askedNanos;
        if (sinceAsked < pauseAfterFailure().toNanos() || !isRenewing.compareAndSet(false, true)) {
            return;
        }
        try {
            var unused = renew();
        } finally {
            isRenewing.set(false);
        }
    }

    /** {@return the time between two renewals of which the first failed} */
    Duration pauseAfterFailure() {
        return rule.renewal().dividedBy(AGAIN);
    }

    /** {@return the mark of this start} */
    CommitToken incarnation() {
        return incarnation;
    }

    /** {@return this start, as the holder of sessions} */
    SessionHolder holder() {
        return new SessionHolder(incarnation.value());
    }

    SharedLeases sharedLeases() {
        return sharedLeases;
    }

    /** {@return the time of the store, as far as this process knows it} */
    InstantSource storeClock() {
        return storeClock;
    }

    /** {@return whether the lease is another start's, was ended, or was given back: its sessions are over} */
    boolean hasLostLease() {
        return isClosed || hasLostLease || successor != null;
    }

    /**
     * Adds a controller, which is called when tailnets of this process were taken over: with those that it still owns,
     * and their epochs; with null if they are not known.
     */
    void add(Consumer<@Nullable Map<TailnetId, Long>> controller) {
        controllers.add(controller);
    }

    void remove(Consumer<@Nullable Map<TailnetId, Long>> controller) {
        controllers.remove(controller);
    }

    // ---- renewal

    private void tick() {
        boolean isRenewed = false;
        try {
            isRenewed = renew();
        } catch (Throwable e) {
            LOG.error("a renewal of the lease of replica {} failed; it is tried again", id, e);
        }
        var unused = timer.plan(isRenewed ? rule.renewal() : pauseAfterFailure());
        if (!sharedLeases.isInUse()) {
            return;
        }
        if (isRenewed && !isStale()) {
            sharedLeases.look();
        } else {
            sharedLeases.missed();
        }
    }

    /** Renews the lease now. Returns false if the store could not be reached. */
    boolean renew() {
        boolean isRenewed;
        boolean isNews;
        synchronized (this) {
            long before = takeovers;
            boolean hadLost = hasLostLease();
            isRenewed = renewAlone();
            isNews = takeovers != before || hadLost != hasLostLease() || (isRenewed && hasRejoined);
            hasRejoined &= !isRenewed;
        }
        if (isNews) {
            wakeControllers(); // outside of the lock: they take turns
        }
        return isRenewed;
    }

    private void wakeControllers() {
        sharedLeases.wakeControllers();
        Map<TailnetId, Long> owned = owned();
        for (Consumer<@Nullable Map<TailnetId, Long>> controller : controllers) {
            try {
                controller.accept(owned);
            } catch (Throwable e) {
                LOG.error("a controller of replica {} could not be woken", id, e);
            }
        }
    }

    /** Reads all at once: of thousands of tailnets, one may have been taken over. */
    private @Nullable Map<TailnetId, Long> owned() {
        if (hasLostLease()) {
            return null;
        }
        try {
            return store.ownedBy(id);
        } catch (Throwable e) {
            LOG.debug("the tailnets of replica {} cannot be read now: each is looked at", id, e);
            return null;
        }
    }

    private synchronized boolean renewAlone() {
        if (hasLostLease()) {
            return !isClosed;
        }
        long begun = steadyNanos.getAsLong();
        try {
            Optional<Lease> lease = store.renewLease(id, incarnation);
            if (lease.isEmpty()) {
                Optional<Lease> other = store.lease(id);
                if (other.isPresent()) {
                    successor = other.get();
                    Instant since = other.get().joinedAt();
                    LOG.warn("another process joined as replica {} at {}: this one gives up its tailnets", id, since);
                    return true;
                }
                if (sharedLeases.wasUsed()) {
                    hasLostLease = true; // its sessions may be ended already
                    LOG.warn("the lease of replica {} was ended by another process: its sessions are over", id);
                    return true;
                }
                // a failover to a server that was behind, or an operator: no process has the name
                hasRejoined = true; // first: the answer may be lost
                lease = Optional.of(store.joinReplica(id, incarnation, rule.length()));
            }
            renewed(lease.get(), begun);
            return true;
        } catch (Throwable e) {
            if (!fails) {
                LOG.warn("the lease of replica {} cannot be renewed; it is tried again", id, e);
            }
            fails = true;
            return false;
        } finally {
            askedNanos = steadyNanos.getAsLong();
        }
    }

    private synchronized void renewed(Lease lease, long begun) {
        renewedNanos = begun;
        askedNanos = begun;
        storeClock.set(lease.renewedAt(), begun, steadyNanos.getAsLong());
        if (fails) {
            fails = false;
            LOG.info("the lease of replica {} is renewed again", id);
        }
        takeovers = lease.takeovers();
        offset = StoreClock.offset(lease.renewedAt(), clock, offset);
    }

    /**
     * Leaves: other processes take over its tailnets without waiting. Blocks. If the store cannot be reached, they wait
     * until the lease has run out. Controllers that are still open answer all that waits with {@link FencedException},
     * and close. A second call does nothing.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
        }
        timer.close();
        wakeControllers();
        try {
            store.leaveReplica(id, incarnation);
        } catch (Throwable e) {
            LOG.warn("replica {} could not leave; its lease runs out", id, e);
        }
    }
}
