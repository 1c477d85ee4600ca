package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the routes of one tailnet over a {@link RoutingStore}: takes what is queued, decides, commits, and publishes.
 *
 * <pre>
 *   submit ──► queue ──► step ──► nothing to store? ───────────────► publish ──► receipts, listeners
 *     ▲                   ▲          │                                  ▲
 *     │ refused if full   │          └──► commit ──► committed ─────────┘
 *                         │                 ├─────► conflict: load, decide again
 *                         └─────────────────┴─────► unknown: load, compare the token
 * </pre>
 *
 * <p>Safe for use by several threads. Only {@link Builder#open} and {@link #close} block; readers never lock. The loop
 * runs on threads of the host, one turn at a time, and many controllers may share one scheduler and one executor.
 *
 * <p><b>Group commit.</b> Submissions that arrive during a commit are taken together by the next step, with one
 * election, and are stored by one commit.
 *
 * <p>The {@linkplain dev.wayleave.storage package} says what happens at conflicts, outages, internal errors and steps
 * of the clock, and how several processes share a tailnet. Every submission is answered, also when listeners, store or
 * clock throw.
 */
public final class RouteController implements AutoCloseable {

    private final TailnetId tailnet;
    private final HostClock clock;
    private final Listeners listeners;
    private final SubmissionQueue queue;
    private final CommitLoop loop;
    private final LoopScheduler scheduler;

    private RouteController(
            Builder builder, HostClock clock, Duration followed, Snapshot first, @Nullable CommitToken token) {
        this.tailnet = builder.tailnet;
        this.clock = clock;
        this.listeners = new Listeners(tailnet, builder.listeners, builder.observer);
        this.queue = new SubmissionQueue(tailnet, builder.queueLimit, builder.sessionLimit, followed);
        this.loop = new CommitLoop(
                builder.store,
                first,
                token,
                clock,
                followed,
                builder.retry,
                builder.random,
                builder.functions,
                listeners,
                queue);
        Executor executor = builder.executor == null ? builder.scheduler : builder.executor;
        this.scheduler = new LoopScheduler(tailnet, loop, builder.scheduler, executor);
    }

    /**
     * Returns a builder. Several controllers may share all of these but the tailnet.
     *
     * @param store the store that keeps the tailnet
     * @param tailnet the host's key of the tailnet
     * @param scheduler wakes the loop at deadlines, and runs it unless an {@link Builder#executor} is given. The host
     *     shuts it down after the controller is closed; if it takes no more work before that, the controller closes
     *     with its next turn, on the thread that detects it
     * @param clock the wall clock; usually {@link InstantSource#system}. For any other see {@link Builder#steadyNanos}
     * @return a builder
     */
    public static Builder builder(
            RoutingStore store, TailnetId tailnet, ScheduledExecutorService scheduler, InstantSource clock) {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(clock, "clock");
        return new Builder(store, tailnet, scheduler, clock);
    }

    /**
     * Queues a submission. Does not block; only if the host shut the scheduler down before it closed the controller,
     * the last turn may run in this call.
     *
     * <p>The stage completes after the answer is stored and published, on the thread that runs the loop and before
     * listeners are called: a function that is chained to it without {@code Async} should return quickly, and must not
     * wait for another receipt. Its result is a {@link Receipt}, which may be a refusal, or one of these exceptions:
     *
     * <ul>
     *   <li>{@link QueueFullException}, at once: too many submissions wait
     *   <li>{@link ControllerClosedException}: the controller was closed before the submission was stored
     *   <li>{@link TooManyConflictsException}: other processes wrote before each attempt
     *   <li>{@link IndeterminateCommitException}: it is unknown for good whether the submission was stored
     *   <li>{@link StoreHistoryException}: the store has another history of the tailnet; the controller is closed
     *   <li>another {@link StorageException}: the store can be reached, and refuses the submission
     *   <li>{@link InternalErrorException}: the step fails with this submission, or its receipt could not be made; or
     *       the controller closed after {@value CommitLoop#MOST_FAILED_TURNS} turns in a row had failed
     * </ul>
     *
     * <p>There is no time limit, and a submission cannot be withdrawn.
     *
     * <p>A submission that is a single keep-alive does not count towards the queue's limit. If a keep-alive of the same
     * session waits already, the two become one with the later time, and have one answer. {@link Builder#sessionLimit}
     * says for how many sessions a keep-alive may wait.
     *
     * @param submission commands that are applied all or not at all
     * @return the receipt, once the answer is stored
     */
    public CompletionStage<Receipt> submit(Submission submission) {
        Objects.requireNonNull(submission, "submission");
        HostClock.Reading arrived;
        try {
            arrived = clock.read();
        } catch (Throwable e) {
            return CompletableFuture.failedStage(InternalErrorException.untimed(tailnet, e));
        }
        CompletionStage<Receipt> answer;
        try {
            answer = queue.add(submission, arrived);
        } catch (QueueFullException e) {
            listeners.observe(observer -> observer.queueFull(tailnet, e.limit()));
            return CompletableFuture.failedStage(e);
        } catch (WayleaveException e) {
            return CompletableFuture.failedStage(e);
        }
        scheduler.wake();
        return answer;
    }

    /** {@return the newest published snapshot, whose durable part is stored} Costs one volatile read. */
    public Snapshot current() {
        return loop.current();
    }

    /**
     * Reads the store, and publishes what another process wrote to it. Does not block. For hosts that write past this
     * controller, or learn that another process wrote; without this call the controller sees the change at the next
     * conflict. All calls before the store is read share one answer.
     *
     * @return the snapshot that is published then; or the exception of the store, {@link StoreHistoryException}, {@link
     *     InternalErrorException} or {@link ControllerClosedException}
     */
    public CompletionStage<Snapshot> refresh() {
        CompletionStage<Snapshot> answer;
        try {
            answer = queue.addRefresh();
        } catch (WayleaveException e) {
            return CompletableFuture.failedStage(e);
        }
        scheduler.wake();
        return answer;
    }

    /**
     * Stops the controller. Waiting submissions are tried once more, then answered: stored, or with
     * {@link ControllerClosedException}. Blocks while the store does that. Called from a listener, an observer or a
     * function that is chained to a receipt, it returns at once, and the controller closes after that turn.
     *
     * <p>After it has returned, the store, listeners and observer are not called any more. {@link #current} still
     * answers. A second call does nothing.
     */
    @Override
    public void close() {
        scheduler.close();
    }

    /** Collects what a controller needs; for one thread. */
    public static final class Builder {

        /** How many submissions may wait, by default. */
        public static final int QUEUE_LIMIT = 10_000;

        /** For how many sessions a keep-alive may wait, by default. */
        public static final int SESSION_LIMIT = 1_000_000;

        private final RoutingStore store;
        private final TailnetId tailnet;
        private final ScheduledExecutorService scheduler;
        private final InstantSource clock;
        private @Nullable Executor executor;
        private RoutingSettings newTailnet = RoutingSettings.DEFAULT;
        private boolean withoutSessions;
        private int queueLimit = QUEUE_LIMIT;
        private int sessionLimit = SESSION_LIMIT;
        private RetryRule retry = RetryRule.DEFAULT;
        private final List<PublicationListener> listeners = new ArrayList<>();
        private RoutingObserver observer = new RoutingObserver() {};
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
        private LongSupplier steadyNanos = System::nanoTime;
        private RoutingFunctions functions = RoutingFunctions.OF_CORE;

        private Builder(
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
         * @param executor the executor; the host shuts it down after the controller is closed
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder executor(Executor executor) {
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
        public Builder newTailnet(RoutingSettings settings) {
            this.newTailnet = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Makes a controller that reads and administers a tailnet whose sessions another process has. It trusts the
         * stored rows about which nodes are online: a candidate stays a candidate until rows say otherwise, and no node
         * becomes silent, offline or idle. It refuses submissions with sessions, keep-alives or health
         * ({@link Problem.SessionsElsewhere}). It sees changes of the other process at a conflict, or by
         * {@link RouteController#refresh}.
         *
         * @return this builder
         * @see RoutingState#restoreWithoutSessions
         */
        @CanIgnoreReturnValue
        public Builder withoutSessions() {
            this.withoutSessions = true;
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
        public Builder queueLimit(int limit) {
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
        public Builder sessionLimit(int limit) {
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
        public Builder retry(RetryRule retry) {
            this.retry = Objects.requireNonNull(retry, "retry");
            return this;
        }

        /**
         * Adds a listener for publications. Listeners are called in the order in which they were added.
         *
         * @param listener the listener
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder listener(PublicationListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Sets the observer, for metrics; none unless set.
         *
         * @param observer the observer
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder observer(RoutingObserver observer) {
            this.observer = Objects.requireNonNull(observer, "observer");
            return this;
        }

        /**
         * Sets the source of the jitter of pauses; {@link ThreadLocalRandom} unless set.
         *
         * @param random gives numbers from 0 to 1; called by the thread that runs the loop
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder random(DoubleSupplier random) {
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
        public Builder steadyNanos(LongSupplier steadyNanos) {
            this.steadyNanos = Objects.requireNonNull(steadyNanos, "steadyNanos");
            return this;
        }

        private static int positive(int limit, String name) {
            if (limit < 1) {
                throw new IllegalArgumentException(name + " is `" + limit + "`: it must be 1 or more");
            }
            return limit;
        }

        /** For tests, which plant faults. */
        @CanIgnoreReturnValue
        Builder functions(RoutingFunctions functions) {
            this.functions = functions;
            return this;
        }

        /**
         * Loads the tailnet and starts the controller. Blocks while the store loads. Every node that was a candidate
         * gets the restart grace, which has no end {@link #withoutSessions}. A tailnet that is not stored yet is empty,
         * and is stored by its first durable change.
         *
         * @return a controller, to be closed by the caller
         * @throws IllegalStateException if the scheduler is shut down or takes no work
         * @throws StorageException if the store cannot load it
         * @throws dev.wayleave.row.ContradictingRowsException if its rows contradict each other
         */
        public RouteController open() {
            if (scheduler.isShutdown()) {
                throw new IllegalStateException("the scheduler for the controller of tailnet `" + tailnet
                        + "` is shut down; give it one that is not");
            }
            HostClock hostClock = new HostClock(clock, steadyNanos);
            Optional<StoredTailnet> stored = store.load(tailnet);
            // read after the load: a slow store must not use up the restart grace of the nodes
            HostClock.Reading reading = hostClock.read();
            Instant now = reading.on(reading.steps());
            StateRows rows = stored.map(StoredTailnet::rows)
                    .orElseGet(
                            () -> RoutingState.empty(tailnet, newTailnet, now).rows());
            RoutingState state =
                    withoutSessions ? RoutingState.restoreWithoutSessions(rows, now) : RoutingState.restore(rows, now);
            Revision revision = stored.map(StoredTailnet::revision).orElse(Revision.NONE);
            RouteController controller = new RouteController(
                    this,
                    hostClock,
                    reading.steps(),
                    new Snapshot(revision, state),
                    stored.map(StoredTailnet::token).orElse(null));
            controller.scheduler.start();
            return controller;
        }
    }
}
