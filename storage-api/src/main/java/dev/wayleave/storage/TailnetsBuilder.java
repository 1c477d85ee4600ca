package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Collects what {@link Tailnets} need; for one thread. */
public final class TailnetsBuilder {

    /** The largest number of tailnets that may be loaded at once, by default. */
    public static final int LOADED_TAILNETS = 10_000;

    /** The largest number of nodes that the loaded tailnets may have together, by default. */
    public static final int LOADED_NODES = 500_000;

    /** The largest number of submissions that may wait for a tailnet, by default: one must not use up the memory. */
    public static final int QUEUE_LIMIT = 1_000;

    /** The largest number of tailnets that are being loaded at the same time, by default. */
    public static final int LOADS_AT_ONCE = 4;

    final RoutingStore store;
    final ScheduledExecutorService scheduler;
    final InstantSource clock;

    @Nullable
    Executor executor;

    @Nullable
    Replica replica;

    boolean isShared;

    @Nullable
    private SessionChannel sessionChannel;

    @Nullable
    private RoutingSettings newTailnets;

    @Nullable
    Function<TailnetId, PublicationListener> listeners;

    final List<RoutingObserver> observers = new ArrayList<>();
    Duration idlePeriod = Duration.ofMinutes(5);
    int loadedTailnets = LOADED_TAILNETS;
    int loadedNodes = LOADED_NODES;
    int loadsAtOnce = LOADS_AT_ONCE;
    int queueLimit = QUEUE_LIMIT;
    private RetryRule retry = RetryRule.DEFAULT;

    @Nullable
    private Duration following;

    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    LongSupplier steadyNanos = System::nanoTime;

    TailnetsBuilder(RoutingStore store, ScheduledExecutorService scheduler, InstantSource clock) {
        this.store = store;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /**
     * Sets the executor that loads tailnets and runs their loops, with all calls of the store; the scheduler's threads
     * unless set. It should run tasks in the order in which they come: each task is one turn of one tailnet, so that
     * none keeps a thread for long. Give it as many threads as the store has connections.
     *
     * @param executor the executor; the host shuts it down after the tailnets are closed
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets the replica that owns the tailnets while they are loaded, or {@linkplain #shared shares} them; see
     * {@link RouteControllerBuilder#replica}. Its one lease serves all of them.
     *
     * @param replica this process; it must use the same store
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder replica(Replica replica) {
        this.replica = Objects.requireNonNull(replica, "replica");
        return this;
    }

    /**
     * Shares the tailnets with other processes, each with {@link Tailnets} or controllers that share them, too: see
     * {@link RouteControllerBuilder#shared}. What its documentation states about a controller applies to each loaded
     * tailnet.
     *
     * <p>A tailnet stays loaded while this process has a session in it, or counts a grace or the idle time of an
     * ephemeral node; sessions of other processes do not keep it loaded. When the leases change, and once at the
     * beginning, the {@linkplain RoutingStore#orphaned orphaned} tailnets are loaded, one after the other: sessions of
     * processes that are gone end, and routers have their grace. Each remaining process loads them, in an order of its
     * own; the revision of a tailnet lets one of them end the sessions. A tailnet for which there is no room is tried
     * again every ten seconds.
     *
     * <p>If the only process that knew the date of a key or a drain is gone, and the tailnet has no session, the event
     * of that date comes with the next load ({@link Tailnets#loadStored}). A loaded tailnet reads the store once a
     * second: where the store notifies, set a longer period with {@link #following}.
     *
     * <p>Once the replica has lost its lease, all calls that need a loaded tailnet are refused with
     * {@link FencedException}. The host ends the connections of its nodes, closes the tailnets, joins with a new
     * {@link Replica}, and opens new ones.
     *
     * <p>Needs a {@link #replica}.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder shared() {
        this.isShared = true;
        return this;
    }

    /**
     * Sets how the processes that share the tailnets report to each other the sessions of which nothing is stored; see
     * {@link RouteControllerBuilder#sessionChannel}. A tailnet takes part while it is loaded, and asks when it is
     * loaded.
     *
     * @param channel the channel; it stays the caller's
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder sessionChannel(SessionChannel channel) {
        this.sessionChannel = Objects.requireNonNull(channel, "channel");
        return this;
    }

    /**
     * Treats a tailnet that is not stored as empty; its first durable change stores it. Unless this is set, such a
     * tailnet is refused with {@link UnknownTailnetException}, and {@link Tailnets#create} makes one.
     *
     * @param settings the first settings of such a tailnet
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder newTailnets(RoutingSettings settings) {
        this.newTailnets = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * Sets what makes the listener of a tailnet: a {@link ViewPublisher}, for example. It is asked each time when the
     * tailnet is loaded, on the thread that loads it. The listener gets the snapshot of then, and the publications
     * until the tailnet is unloaded, which {@link RoutingObserver#unloaded} reports.
     *
     * @param listeners makes a listener; if it throws, the tailnet is not loaded
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder listener(Function<TailnetId, PublicationListener> listeners) {
        this.listeners = Objects.requireNonNull(listeners, "listeners");
        return this;
    }

    /**
     * Adds an observer for all tailnets, for metrics.
     *
     * @param observer the observer
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder observer(RoutingObserver observer) {
        observers.add(Objects.requireNonNull(observer, "observer"));
        return this;
    }

    /**
     * Sets for how long an unused tailnet stays loaded; five minutes unless set. A tailnet is unloaded when it was not
     * used for this time, no node has a session or a grace, and no deadline comes within the same time. A session that
     * fell silent counts until the host disconnects it, because something heard on it would bring the node back.
     * Sessions of other processes do not count.
     *
     * @param period longer than zero, and at most 366 days
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder idlePeriod(Duration period) {
        Objects.requireNonNull(period, "period");
        if (period.isNegative() || period.isZero() || period.compareTo(RoutingSettings.LONGEST) > 0) {
            throw new IllegalArgumentException("the idle period is `" + period + "`: it must be longer than zero, and"
                    + " at most " + RoutingSettings.LONGEST);
        }
        this.idlePeriod = period;
        return this;
    }

    /**
     * Sets how many tailnets may be loaded at once; {@value #LOADED_TAILNETS} unless set. If one more is needed, the
     * idle tailnet that was used longest ago is unloaded, whether its period is over or not. If none is idle, the
     * caller is refused with {@link TailnetLimitException}.
     *
     * @param most 1 or more
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder loadedTailnets(int most) {
        this.loadedTailnets = RouteControllerBuilder.positive(most, "the limit of loaded tailnets");
        return this;
    }

    /**
     * Sets how many nodes the loaded tailnets may have together; {@value #LOADED_NODES} unless set. It bounds the
     * memory, where tailnets differ much in size, and is treated like {@link #loadedTailnets}. Nodes that are
     * registered in loaded tailnets are never refused for it.
     *
     * @param most 1 or more, and at least as many as the largest tailnet has
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder loadedNodes(int most) {
        this.loadedNodes = RouteControllerBuilder.positive(most, "the limit of loaded nodes");
        return this;
    }

    /**
     * Sets how many tailnets are loaded at the same time; {@value #LOADS_AT_ONCE} unless set. Further loads wait, so
     * that the turns of loaded tailnets come between them when all nodes connect at once.
     *
     * @param most 1 or more
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder loadsAtOnce(int most) {
        this.loadsAtOnce = RouteControllerBuilder.positive(most, "the number of loads at once");
        return this;
    }

    /**
     * Sets how many submissions may wait for one tailnet, loaded or not; {@value #QUEUE_LIMIT} unless set. It also
     * bounds how long one turn of a tailnet keeps a thread. See {@link RouteControllerBuilder#queueLimit}.
     *
     * @param limit 1 or more
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder queueLimit(int limit) {
        this.queueLimit = RouteControllerBuilder.positive(limit, "the queue limit");
        return this;
    }

    /**
     * Sets how often and how fast a controller retries; {@link RetryRule#DEFAULT} unless set.
     *
     * @param retry the rule
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder retry(RetryRule retry) {
        this.retry = Objects.requireNonNull(retry, "retry");
        return this;
    }

    /**
     * Makes each loaded tailnet read what other processes commit: see {@link RouteControllerBuilder#following}. The
     * reads keep no tailnet loaded.
     *
     * @param period longer than zero, and at most a day
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder following(Duration period) {
        this.following = RouteControllerBuilder.checkedPeriod(period);
        return this;
    }

    /**
     * Sets the source of the jitter of pauses; {@link ThreadLocalRandom} unless set.
     *
     * @param random gives numbers from 0 to 1; called by several threads
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder random(DoubleSupplier random) {
        this.random = Objects.requireNonNull(random, "random");
        return this;
    }

    /**
     * Sets the steady count of nanoseconds that the clock is compared with; {@link System#nanoTime} unless set. See
     * {@link RouteControllerBuilder#steadyNanos}.
     *
     * @param steadyNanos a count of nanoseconds from any origin that is never set; called by any thread
     * @return this builder
     */
    @CanIgnoreReturnValue
    public TailnetsBuilder steadyNanos(LongSupplier steadyNanos) {
        this.steadyNanos = Objects.requireNonNull(steadyNanos, "steadyNanos");
        return this;
    }

    Executor runsOn() {
        return executor == null ? scheduler : executor;
    }

    /** {@return a builder of the controller of one tailnet} */
    RouteControllerBuilder controller(TailnetId tailnet) {
        RouteControllerBuilder builder = RouteController.builder(store, tailnet, scheduler, clock)
                .queueLimit(queueLimit)
                .retry(retry)
                .random(random)
                .steadyNanos(steadyNanos);
        if (executor != null) {
            builder.executor(executor);
        }
        if (newTailnets != null) {
            builder.newTailnet(newTailnets);
        }
        builder.mustBeStored = newTailnets == null;
        builder.following = following;
        if (isShared && replica != null) {
            builder.replica(replica).shared();
            builder.sessionChannel = sessionChannel;
        }
        observers.forEach(builder::observer);
        return builder;
    }

    /** {@return the clock of all tailnets: the store's, where other processes share them} */
    HostClock hostClock() {
        return isShared && replica != null ? HostClock.ofStore(replica, true) : new HostClock(clock, steadyNanos, true);
    }

    private TailnetsBuilder copy() {
        TailnetsBuilder copy = new TailnetsBuilder(store, scheduler, clock);
        copy.executor = executor;
        copy.replica = replica;
        copy.isShared = isShared;
        copy.sessionChannel = sessionChannel;
        copy.newTailnets = newTailnets;
        copy.listeners = listeners;
        copy.observers.addAll(observers);
        copy.idlePeriod = idlePeriod;
        copy.loadedTailnets = loadedTailnets;
        copy.loadedNodes = loadedNodes;
        copy.loadsAtOnce = loadsAtOnce;
        copy.queueLimit = queueLimit;
        copy.retry = retry;
        copy.following = following;
        copy.random = random;
        copy.steadyNanos = steadyNanos;
        return copy;
    }

    /**
     * Begins to serve tailnets; none is loaded yet. Does not block.
     *
     * @return the tailnets, to be closed by the caller
     * @throws IllegalStateException if the scheduler is shut down or takes no work, the executor is shut down, or the
     *     tailnets are shared without a replica
     */
    public Tailnets open() {
        if (LoopScheduler.isShutDown(executor)) {
            throw new IllegalStateException("the executor for the tailnets is shut down; give them one that is not");
        }
        if (isShared && replica == null) {
            throw new IllegalStateException("tailnets are shared by a replica: give them one");
        }
        return new Tailnets(copy());
    }
}
