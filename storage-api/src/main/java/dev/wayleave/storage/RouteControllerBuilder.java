package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Problem;
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
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Collects what a controller needs; for one thread. */
public final class RouteControllerBuilder {

    /** The largest number of submissions that may wait, by default. */
    public static final int QUEUE_LIMIT = 10_000;

    /** For how many sessions a keep-alive may wait, by default. */
    public static final int SESSION_LIMIT = 1_000_000;

    private static final Duration LONGEST_PERIOD = Duration.ofDays(1);

    /** How often a controller that shares its tailnet reads what changed, by default. */
    private static final Duration SHARED_PERIOD = Duration.ofSeconds(1);

    final RoutingStore store;
    final TailnetId tailnet;
    final ScheduledExecutorService scheduler;
    final InstantSource clock;

    @Nullable
    Executor executor;

    RoutingSettings newTailnet = RoutingSettings.DEFAULT;
    boolean withoutSessions;
    boolean isShared;

    @Nullable
    Replica replica;

    @Nullable
    SessionChannel sessionChannel;

    boolean takeOver;
    LongConsumer pause = OwnerGuard::park;
    int queueLimit = QUEUE_LIMIT;
    int sessionLimit = SESSION_LIMIT;
    RetryRule retry = RetryRule.DEFAULT;

    @Nullable
    Duration following;

    final List<PublicationListener> listeners = new ArrayList<>();
    final List<RoutingObserver> observers = new ArrayList<>();
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    LongSupplier steadyNanos = System::nanoTime;
    RoutingFunctions functions = RoutingFunctions.OF_CORE;

    // ---- for a controller among many: see Tailnets

    @Nullable
    LoopTimer timer;

    /** Is called when the controller is closed, even by itself. */
    Consumer<RouteController> whenClosed = controller -> {};

    @Nullable
    HostClock hostClock;

    /** Whether a tailnet that is not stored is refused. */
    boolean mustBeStored;

    /** The revision at which this process left the tailnet dormant; null if it is not known to be so. */
    @Nullable
    Revision dormantAt;

    RouteControllerBuilder(
            RoutingStore store, TailnetId tailnet, ScheduledExecutorService scheduler, InstantSource clock) {
        this.store = store;
        this.tailnet = tailnet;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /**
     * Sets the executor that runs the loop, with its calls of the store; the scheduler's threads unless set. If
     * the executor rejects a run, as a full pool does, the scheduler retries it ten times a second, and submissions
     * wait.
     *
     * @param executor the executor; the host shuts it down after the controller is closed. If it is shut down before
     *     that, the controller closes with its next turn, on the thread that detects it
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets the settings of a tailnet that is not stored yet; {@link RoutingSettings#DEFAULT} unless set. A stored
     * tailnet keeps its own.
     *
     * @param settings the first settings
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder newTailnet(RoutingSettings settings) {
        this.newTailnet = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * Makes a controller that reads and administers a tailnet whose sessions another process has. It trusts the stored
     * rows about which nodes are online: a candidate stays a candidate until rows change that, and no node becomes
     * silent, offline or idle. It refuses submissions with sessions, keep-alives or health
     * ({@link Problem.SessionsElsewhere}). It sees changes of the other process at a conflict, by
     * {@link RouteController#refresh()}, or by {@link #following}.
     *
     * @return this builder
     * @see RoutingState#restoreWithoutSessions
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder withoutSessions() {
        this.withoutSessions = true;
        return this;
    }

    /**
     * Sets the replica that owns the tailnet while this controller is open. Every host of which more than one process
     * may run, if only for a moment during a restart, should give one: without it, two controllers with sessions take
     * each other's routers offline, and nothing stops them unless a replica owns the tailnet.
     *
     * @param replica this process; it must use the same store
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder replica(Replica replica) {
        this.replica = Objects.requireNonNull(replica, "replica");
        return this;
    }

    /**
     * Shares the tailnet with other processes that have sessions of it, each with a controller that shares it, too. The
     * sessions of routers and of ephemeral nodes are stored, with the replica that has them, so that all processes
     * elect the same. They end with the lease of the replica; then their routers have their grace to connect to another
     * process. A session of any other node is known only to its own process, unless there is a
     * {@link #sessionChannel}. All processes use the clock of the store. Each reads what the other processes changed
     * once a second, unless {@link #following} sets another period.
     *
     * <p>A controller whose replica has lost its lease closes with {@link FencedException}. It is stale, and decides
     * and answers nothing, while the lease cannot be renewed.
     *
     * <p>When the controller has closed by itself ({@link RoutingObserver#failed}), for any cause, the host ends
     * the connections of its nodes, closes the replica, joins with a new {@link Replica}, and opens a new controller.
     * Such a controller ends no session: while the replica renewed the lease, a router that dies would stay a primary.
     *
     * <p>Needs a {@link #replica}. All processes of a tailnet share it, or only one has it: a controller that owns the
     * tailnet fences those that share it.
     *
     * @return this builder
     * @see RoutingState#restoreShared
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder shared() {
        this.isShared = true;
        this.following = following == null ? SHARED_PERIOD : following;
        return this;
    }

    /**
     * Sets how the processes that share the tailnet report to each other the sessions of nodes that are neither routers
     * nor ephemeral. Nothing is stored of these sessions, and no election reads them: they show who is online. Without
     * a channel, or while messages are lost, such a node is not known ({@link dev.wayleave.mesh.Liveness#UNKNOWN})
     * where it is not connected. Only for controllers that share their tailnet ({@link #shared}); other controllers do
     * not use it.
     *
     * @param channel the channel; it stays the caller's
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder sessionChannel(SessionChannel channel) {
        this.sessionChannel = Objects.requireNonNull(channel, "channel");
        return this;
    }

    /**
     * Takes the tailnet over from another replica without waiting, whether that one lives or not. Its controller is
     * fenced: it stores nothing more, and closes with {@link FencedException}.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder takeOver() {
        this.takeOver = true;
        return this;
    }

    /**
     * Sets how many submissions may wait for their answer; {@value #QUEUE_LIMIT} unless set. Single keep-alives do
     * not count.
     *
     * @param limit 1 or more
     * @return this builder
     * @throws IllegalArgumentException if the limit is less than 1
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder queueLimit(int limit) {
        this.queueLimit = positive(limit, "the queue limit");
        return this;
    }

    /**
     * Sets for how many sessions a keep-alive may wait for its answer, whether nodes and sessions are known or not;
     * {@value #SESSION_LIMIT} unless set. A keep-alive of one more session ends in {@link QueueFullException}.
     *
     * @param limit 1 or more, and at least the number of nodes: a node whose keep-alives are refused becomes silent
     * @return this builder
     * @throws IllegalArgumentException if the limit is less than 1
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder sessionLimit(int limit) {
        this.sessionLimit = positive(limit, "the session limit");
        return this;
    }

    /**
     * Sets how often and how fast the controller retries; {@link RetryRule#DEFAULT} unless set.
     *
     * @param retry the rule
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder retry(RetryRule retry) {
        this.retry = Objects.requireNonNull(retry, "retry");
        return this;
    }

    /**
     * Makes a controller that reads what other processes commit, and publishes it with its events. Unless this is set,
     * it does so at a conflict and for a {@link RouteController#refresh()} only.
     *
     * <p>It reads when it has neither read nor committed for a period, from which a random part of up to a half is
     * subtracted. A read without news costs one short transaction. Where the store notifies, let the notifications
     * {@linkplain RouteController#refresh(Revision) refresh} the controller, and set a period of some seconds for those
     * that are lost. A read that fails is logged once, and tried again after the next period.
     *
     * @param period longer than zero, and at most a day
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder following(Duration period) {
        this.following = checkedPeriod(period);
        return this;
    }

    static Duration checkedPeriod(Duration period) {
        Objects.requireNonNull(period, "period");
        if (period.isZero() || period.isNegative() || period.compareTo(LONGEST_PERIOD) > 0) {
            throw new IllegalArgumentException("the period in which the store is read is `" + period
                    + "`: it must be longer than zero, and at most " + LONGEST_PERIOD);
        }
        return period;
    }

    /**
     * Adds a listener for publications, the first snapshot included. Listeners are called in the order in which
     * they were added.
     *
     * @param listener the listener
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder listener(PublicationListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Adds an observer, for metrics. Observers are called in the order in which they were added; what one throws keeps
     * no call from another.
     *
     * @param observer the observer
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder observer(RoutingObserver observer) {
        observers.add(Objects.requireNonNull(observer, "observer"));
        return this;
    }

    /**
     * Sets the source of the jitter of pauses; {@link ThreadLocalRandom} unless set.
     *
     * @param random gives numbers from 0 to 1; called by the thread that runs the loop
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder random(DoubleSupplier random) {
        this.random = Objects.requireNonNull(random, "random");
        return this;
    }

    /**
     * Sets the steady count of nanoseconds that the clock is compared with; {@link System#nanoTime} unless set. A
     * host with a clock of its own, such as a test, sets both: if the two drift apart, the clock counts as stepped.
     *
     * @param steadyNanos a count of nanoseconds from any origin that is never set; called by any thread
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RouteControllerBuilder steadyNanos(LongSupplier steadyNanos) {
        this.steadyNanos = Objects.requireNonNull(steadyNanos, "steadyNanos");
        return this;
    }

    static int positive(int limit, String name) {
        if (limit < 1) {
            throw new IllegalArgumentException(name + " is `" + limit + "`: it must be 1 or more");
        }
        return limit;
    }

    /** For tests, which plant faults. */
    @CanIgnoreReturnValue
    RouteControllerBuilder functions(RoutingFunctions functions) {
        this.functions = functions;
        return this;
    }

    /** For tests, whose time passes otherwise. */
    @CanIgnoreReturnValue
    RouteControllerBuilder pause(LongConsumer nanos) {
        this.pause = nanos;
        return this;
    }

    /**
     * Loads the tailnet and starts the controller. Blocks while the store loads. If another {@link #replica} owns the
     * tailnet, also waits until that one gives it up, for at most 1.5 times the length of its lease. Every node that
     * was a candidate gets the restart grace, which has no end {@link #withoutSessions}. A tailnet that is not stored
     * yet is empty, and is stored by its first durable change.
     *
     * @return a controller, to be closed by the caller
     * @throws IllegalStateException if the scheduler is shut down or takes no work, the executor is shut down, or a
     *     replica or a takeover is set where none can be
     * @throws FencedException if another replica owns the tailnet, and lives
     * @throws StorageException if the store cannot load it
     * @throws dev.wayleave.row.ContradictingRowsException if its rows contradict each other
     */
    public RouteController open() {
        if (scheduler.isShutdown()) {
            throw LoopScheduler.shutDown("scheduler", tailnet);
        }
        if (LoopScheduler.isShutDown(executor)) {
            throw LoopScheduler.shutDown("executor", tailnet);
        }
        return openAs(new ControllerOpener(this).guard());
    }

    /** Opens the controller as the owner, and gives the tailnet up if that fails. */
    RouteController openAs(SessionGuard owner) {
        try {
            return new ControllerOpener(this).open(owner);
        } catch (Throwable e) {
            owner.release();
            throw e;
        }
    }
}
