package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.ClockStepDetector;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
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
 * The one loop that takes what is queued, decides, commits and publishes, for one tailnet.
 *
 * <pre>
 *   submit ──► queue ──► step ──► nothing to store? ───────────────► publish ──► receipts, listeners
 *     ▲                   ▲          │                                  ▲
 *     │ refused if full   │          └──► commit ──► committed ─────────┘
 *                         │                 ├─────► conflict: load, decide again
 *                         └─────────────────┴─────► unknown: load, compare the token
 * </pre>
 *
 * <p>Safe for use by several threads. Nothing but {@link Builder#open} and {@link #close} blocks; the loop runs on
 * threads of the host, one turn at a time, and many controllers may share one scheduler and one executor. Readers never
 * lock.
 *
 * <p><b>Group commit.</b> What queued up while the last commit ran is taken by one step, with one election, and stored
 * by one commit.
 *
 * <p><b>Conflicts.</b> If somebody else wrote to the tailnet, their rows are loaded and published, and what was
 * submitted is decided again on top of them, after a pause with jitter; {@link RetryRule} says how often. An old
 * decision is never sent again.
 *
 * <p><b>Outages.</b> While the store does not work, nothing is published and nothing is lost: what was submitted waits
 * and is tried again after pauses that grow, until the queue is full. Keep-alives are stamped with the time of their
 * arrival and never fill the queue: of each session the latest waits. When the store is back, the first step takes in
 * all of it, so that silence is judged by when a node was last heard: an outage of the store never looks like an outage
 * of the routers. A submission that alone cannot be stored, although the store can be reached, is answered with the
 * store's exception.
 *
 * <p><b>Changed histories.</b> If the store no longer holds the revision that was published – the tailnet was deleted,
 * set back to an older revision, or replaced –, this does not pass. The controller finds out when it next reads the
 * store or commits to it: until then it answers what changes no row, such as a keep-alive, as before. Then every
 * submission that waits or comes later is answered with {@link StoreHistoryException}, one warning is logged, the
 * observer is told, and the controller closes.
 *
 * <p><b>Internal errors</b>, which are neither the caller's nor the store's, are called so in the log and by
 * {@link RoutingObserver#internalError}. If a step fails, the submission that it fails with is looked for by halves and
 * answered with {@link InternalErrorException}; the others are decided. A turn that fails without such a submission –
 * what time brings cannot be decided, the clock throws – is repeated after pauses that grow; if
 * {@value CommitLoop#MOST_FAILED_TURNS} in a row fail, everything that waits is answered with the cause and the
 * controller closes. Whatever listeners, observer and receivers of receipts throw, errors included, goes to the log and
 * stops nothing.
 *
 * <p><b>Clocks.</b> The clock is compared with steady nanoseconds at each turn, when something is submitted, and at
 * least every ten seconds. Where they part by half a second or more, it was stepped ({@link ClockStepDetector} says
 * what that is): one warning is logged, {@link RoutingObserver#clockStepped} is told, and {@link Command.StepClock} is
 * decided before anything else that waits, by the actor {@code clock}. Keep-alives that wait keep their age. So a
 * router that lives keeps what it has, one that dies fails over within its grace, and a key that expires does so at
 * most ten seconds late. Hosts submit no step of the clock themselves: the controller would take it back.
 *
 * <p><b>Unknown commits</b> are settled by their token, as {@link CommitOutcome.Unknown} says. If that is not possible
 * any more, the receipt fails with {@link IndeterminateCommitException}.
 *
 * <p><b>Several processes</b> may each have a controller for one tailnet, and no update is lost. Sessions, health and
 * what was heard are not stored, though: each process knows only what was handed to it, and takes a node without a
 * session for offline, once the restart grace is over. So let one process have the sessions of a tailnet; any other – a
 * second server that answers operators, a tool – must be opened {@link Builder#withoutSessions}, or it takes all
 * prefixes from all routers. Each process goes by the clock of its own host, which dates what it writes and says when
 * keys and drains end: keep the clocks together.
 */
public final class RouteController implements AutoCloseable {

    private final TailnetId tailnet;
    private final HostClock clock;
    private final Listeners audience;
    private final SubmissionQueue inbox;
    private final CommitLoop loop;
    private final LoopScheduler turns;

    private RouteController(
            Builder builder, HostClock clock, Duration followed, Snapshot first, @Nullable CommitToken token) {
        this.tailnet = builder.tailnet;
        this.clock = clock;
        this.audience = new Listeners(tailnet, builder.listeners, builder.observer);
        this.inbox = new SubmissionQueue(tailnet, builder.queueLimit, builder.sessionLimit, followed);
        this.loop = new CommitLoop(
                builder.store,
                first,
                token,
                clock,
                followed,
                builder.retry,
                builder.random,
                builder.functions,
                audience,
                inbox);
        Executor executor = builder.executor;
        this.turns =
                new LoopScheduler(tailnet, loop, builder.scheduler, executor == null ? builder.scheduler : executor);
    }

    /**
     * Starts the making of a controller. Several controllers may share all of this but the tailnet.
     *
     * @param store where the tailnet is kept
     * @param tailnet the host's key of it
     * @param scheduler wakes the loop at deadlines, and runs it unless an {@link Builder#executor} is given; the
     *     host's, to be shut down after the controller is closed. If it takes no more work before, the controller
     *     closes with its next turn, on the thread that finds out
     * @param clock says what time it is; usually {@link InstantSource#system}. For any other see {@link
     *     Builder#steadyNanos}
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
     * Hands a submission in. Does not block; only if the host shut the scheduler down before it closed the controller,
     * the last turn may be taken here.
     *
     * <p>The stage is completed after the answer is stored and published, by the thread that runs the loop and before
     * listeners are told: what is chained to it without {@code Async} should return quickly, and must not wait for
     * another receipt. Besides a {@link Receipt} – which may be a refusal – it may end in:
     *
     * <ul>
     *   <li>{@link QueueFullException}, at once: too many submissions wait
     *   <li>{@link ControllerClosedException}: the controller was closed before it was stored
     *   <li>{@link TooManyConflictsException}: others wrote all the time
     *   <li>{@link IndeterminateCommitException}: nobody can tell any more whether it was stored
     *   <li>{@link StoreHistoryException}: the store has another history of the tailnet; the controller is closed
     *   <li>another {@link StorageException}: the store can be reached, and does not take it
     *   <li>{@link InternalErrorException}: the step fails with it, or its receipt could not be made; or the controller
     *       closed after {@value CommitLoop#MOST_FAILED_TURNS} turns in a row had failed
     * </ul>
     *
     * <p>There is no time limit: giving up to wait does not take a submission back.
     *
     * <p>A submission of one keep-alive alone does not count for the queue's limit. If another one of the same session
     * waits, they become one, the one with the later time, and have one answer. For how many sessions one may wait,
     * known or not, is {@link Builder#sessionLimit}'s to say.
     *
     * @param submission what shall be done, all or nothing
     * @return what became of it, once that is stored
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
            answer = inbox.add(submission, arrived);
        } catch (QueueFullException e) {
            audience.observe(observer -> observer.queueFull(tailnet, e.limit()));
            return CompletableFuture.failedStage(e);
        } catch (WayleaveException e) {
            return CompletableFuture.failedStage(e);
        }
        turns.wake();
        return answer;
    }

    /**
     * Returns what is published now: one volatile read.
     *
     * @return the newest snapshot whose durable part is stored
     */
    public Snapshot current() {
        return loop.current();
    }

    /**
     * Reads the store, and publishes what somebody else wrote to it. Does not block. For hosts that write past this
     * controller, or hear that another process did; without it their change is seen at the next conflict. All who ask
     * before the store is read get one answer.
     *
     * @return what is published then; or the exception of the store, {@link StoreHistoryException}, {@link
     *     InternalErrorException} or {@link ControllerClosedException}
     */
    public CompletionStage<Snapshot> refresh() {
        CompletionStage<Snapshot> answer;
        try {
            answer = inbox.addRefresh();
        } catch (WayleaveException e) {
            return CompletableFuture.failedStage(e);
        }
        turns.wake();
        return answer;
    }

    /**
     * Stops the controller. What waits is tried once more, then answered: stored, or with
     * {@link ControllerClosedException}. Blocks for as long as the store takes for that; called from a listener, an
     * observer or something chained to a receipt it returns at once, and the controller closes after that turn.
     *
     * <p>When it has returned, the store is not called any more and nobody is told anything. {@link #current} still
     * answers. Closing again does nothing.
     */
    @Override
    public void close() {
        turns.close();
    }

    /** Collects what a controller needs; for one thread. */
    public static final class Builder {

        /** How many submissions may wait unless the host says otherwise. */
        public static final int QUEUE_LIMIT = 10_000;

        /** For how many sessions a keep-alive may wait unless the host says otherwise. */
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
         * Sets where the loop runs, store included, if not on the scheduler's threads. An executor may turn work away,
         * as a full pool does: the scheduler brings it again, ten times a second, and what was submitted waits.
         *
         * @param executor the host's, to be shut down after the controller is closed
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder executor(Executor executor) {
            Objects.requireNonNull(executor, "executor");
            this.executor = executor;
            return this;
        }

        /**
         * Sets the settings that the tailnet gets if it is not stored yet; {@link RoutingSettings#DEFAULT} unless set.
         * A stored tailnet keeps its own.
         *
         * @param settings the first settings
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder newTailnet(RoutingSettings settings) {
            Objects.requireNonNull(settings, "settings");
            this.newTailnet = settings;
            return this;
        }

        /**
         * Makes a controller that reads and administers a tailnet whose sessions another process has. It takes the word
         * of what is stored for who is there: a node that was a candidate stays one until rows say otherwise, and none
         * is ever taken for silent, offline or idle. Submissions with sessions, keep-alives or health are refused
         * ({@link Problem.SessionsElsewhere}). What the other process wrote since is seen at a conflict, or by
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
            if (limit < 1) {
                throw new IllegalArgumentException("a queue of `" + limit + "` takes nothing: 1 or more is needed");
            }
            this.queueLimit = limit;
            return this;
        }

        /**
         * Sets for how many sessions a keep-alive may wait for its answer, whether nodes and sessions are known or not;
         * {@value #SESSION_LIMIT} unless set. One more ends in {@link QueueFullException}.
         *
         * @param limit 1 or more, and no less than there are nodes: a node whose keep-alive is not taken falls silent
         * @return this builder
         * @throws IllegalArgumentException if the limit is less than 1
         */
        @CanIgnoreReturnValue
        public Builder sessionLimit(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("`" + limit + "` sessions are too few: 1 or more is needed");
            }
            this.sessionLimit = limit;
            return this;
        }

        /**
         * Sets how often and how fast the controller tries again; {@link RetryRule#DEFAULT} unless set.
         *
         * @param retry the rule
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder retry(RetryRule retry) {
            Objects.requireNonNull(retry, "retry");
            this.retry = retry;
            return this;
        }

        /**
         * Adds somebody who is told of every publication, after those who were added before.
         *
         * @param listener whom to tell
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder listener(PublicationListener listener) {
            Objects.requireNonNull(listener, "listener");
            listeners.add(listener);
            return this;
        }

        /**
         * Sets who counts what the controller does; nobody unless set.
         *
         * @param observer whom to tell
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder observer(RoutingObserver observer) {
            Objects.requireNonNull(observer, "observer");
            this.observer = observer;
            return this;
        }

        /**
         * Sets where the jitter of pauses comes from; {@link ThreadLocalRandom} unless set.
         *
         * @param random gives numbers from 0 to 1; called by the thread that runs the loop
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder random(DoubleSupplier random) {
            Objects.requireNonNull(random, "random");
            this.random = random;
            return this;
        }

        /**
         * Sets the steady count of nanoseconds that the clock is compared with; {@link System#nanoTime} unless set. A
         * host with a clock of its own, such as a test's, sets both: if the two do not go together, the clock counts as
         * stepped.
         *
         * @param steadyNanos a count from any origin that nothing sets; called by any thread
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder steadyNanos(LongSupplier steadyNanos) {
            this.steadyNanos = Objects.requireNonNull(steadyNanos, "steadyNanos");
            return this;
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
            // after the rows are there: the restart grace is for nodes, not for a slow store
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
            controller.turns.start();
            return controller;
        }
    }
}
