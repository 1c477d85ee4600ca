package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Runs the routes of one tailnet over a {@link RoutingStore}: takes what is queued, decides, commits, and publishes.
 *
 * <pre>
 *   submit ──► queue ──► step ──► nothing to store? ───────────────► publish ──► receipts, listeners
 *     ▲                   ▲          │                                  ▲
 *     │ refused if full   │          └──► commit ──► committed ─────────┘
 *                         │                 ├─────► conflict: lock, read what changed, decide again
 *                         └─────────────────┴─────► unknown: read what changed, compare the token
 * </pre>
 *
 * <p>Only {@link RouteControllerBuilder#open} and {@link #close} block; readers never lock. The loop runs on threads of
 * the host, one turn at a time, and many controllers may share one scheduler and one executor.
 *
 * <p>Where several processes share the tailnet, an answer that changes nothing comes after one more read of the store,
 * because no commit proves that it is still true. Commands that concern only sessions are answered without it: the
 * session of a node that another process has just removed may be accepted, with an older revision.
 *
 * <p><b>Group commit.</b> Submissions that arrive during a commit are taken together by the next step, with one
 * election, and are stored by one commit.
 *
 * <h2>When something fails</h2>
 *
 * <p>Every submission is answered, even when listeners, store or clock throw. How several processes work on one tailnet
 * is described at {@link Replica} and in {@code docs/operations.md}.
 *
 * <p><b>Conflicts.</b> If another process wrote to the tailnet, the controller pauses for a few milliseconds. Then it
 * locks the tailnet ({@link RoutingStore#withLock}), reads and publishes what changed, decides the waiting submissions
 * again on top of them, and commits, before another process can. Listeners, observers and receipts are called once the
 * lock is free. If the tailnet cannot be locked, the controller does the same without a lock; {@link RetryRule} sets
 * how often. It never sends an old decision again.
 *
 * <p><b>Outages.</b> While the store does not work, nothing is published and nothing is lost. Submissions wait until
 * the queue is full, and are tried again after pauses that grow. Keep-alives are stamped with the time of their arrival
 * and do not fill the queue: the latest of each session waits. When the store is back, the first step takes in all of
 * them, and judges silence by the time of the last keep-alive: an outage of the store never looks like an outage of the
 * routers. If a submission that expects a revision waits between other submissions, several steps take them in, and the
 * time of each ends before the arrival of what it leaves out. A submission that alone cannot be stored, although the
 * store can be reached, is answered with the exception of the store.
 *
 * <p><b>Unknown commits.</b> If a commit breaks in the middle, its token settles whether it was written, as
 * {@link CommitOutcome.Unknown} describes. A commit that is found is answered only after one more commit, without a
 * row, succeeded: until then a cluster whose primary dies may lose it. Where the log of the store is too short to
 * settle it, the receipt fails with {@link IndeterminateCommitException}.
 *
 * <p><b>Changed histories.</b> The store may no longer hold the published revision: the tailnet was deleted, set back
 * to an older revision, or replaced, or its history forked: a server that was behind came back and went on. This does
 * not pass. The controller detects it when it next reads the store or commits to it; until then it answers submissions
 * that change no row, such as keep-alives, as before. Then it logs one warning, calls the observer, closes, and answers
 * every submission with {@link StoreHistoryException}.
 *
 * <p><b>Internal errors</b> are errors neither of the caller nor of the store. Log and
 * {@link RoutingObserver#internalError} report them. If a step fails, the controller bisects its submissions, answers
 * the submission with which it fails with {@link InternalErrorException}, and decides the rest. A turn that fails
 * without such a submission – the clock throws, a timer cannot be handled – is repeated after pauses that grow. If what
 * changed in the store cannot be followed, the next turn reads all rows. If ten turns in a row fail, the controller
 * answers all waiting submissions with the cause, and closes. Exceptions and errors of listeners, observer,
 * receivers of receipts and a session channel that was joined are logged, and stop nothing. What an adapter throws
 * beyond its contract is a failure of the store.
 *
 * <p><b>Clock steps.</b> The controller compares the wall clock with steady nanoseconds at each turn, at each
 * submission, and at least every ten seconds. A difference of half a second or more is a step of the clock
 * ({@link dev.wayleave.command.ClockStepDetector}). Then the controller logs one warning, calls
 * {@link RoutingObserver#clockStepped}, and decides {@link dev.wayleave.command.Command.StepClock} before anything else
 * that waits, with the actor {@code clock}. Waiting keep-alives keep their age. So a live router keeps its prefixes, a
 * dead router fails over within its grace, and a key expires at most ten seconds late. Hosts do not submit
 * {@code StepClock} themselves: the controller would take it back.
 */
public final class RouteController implements AutoCloseable {

    private final TailnetId tailnet;
    private final HostClock clock;
    private final Listeners listeners;
    private final SubmissionQueue queue;
    private final SessionGuard owner;
    private final CommitLoop loop;
    private final LoopScheduler scheduler;

    /** Reports the sessions of this process to the other processes; null if it does not. */
    private final @Nullable SessionReports reports;

    RouteController(
            RouteControllerBuilder builder,
            SessionGuard owner,
            HostClock clock,
            Duration followed,
            Snapshot first,
            @Nullable CommitToken token) {
        this.tailnet = builder.tailnet;
        this.owner = owner;
        this.clock = clock;
        this.listeners = new Listeners(tailnet, builder.listeners, builder.observers);
        this.queue = new SubmissionQueue(tailnet, builder.queueLimit, builder.sessionLimit, followed);
        this.loop = new CommitLoop(
                builder.store,
                owner,
                first,
                token,
                clock,
                followed,
                builder.retry,
                builder.random,
                builder.functions,
                builder.following,
                listeners,
                queue);
        Executor executor = builder.executor == null ? builder.scheduler : builder.executor;
        LoopTimer timer = builder.timer == null ? LoopTimer.of(builder.scheduler) : builder.timer;
        this.reports = builder.isShared && builder.replica != null && builder.sessionChannel != null
                ? new SessionReports(
                        tailnet, builder.replica.holder(), () -> current().state(), this::submit)
                : null;
        this.scheduler = new LoopScheduler(tailnet, loop, timer, executor, executor == builder.scheduler, () -> {
            if (reports != null) {
                reports.close();
            }
            builder.whenClosed.accept(this);
        });
        if (reports != null) {
            listeners.add(reports);
        }
    }

    /** Gives the listeners and observers of the builder the first snapshot, then wakes the loop. */
    void start(@Nullable SessionChannel channel) {
        listeners.start(current());
        loop.observeFirst();
        owner.watch(scheduler::wake);
        try {
            scheduler.start();
            if (channel != null && reports != null) {
                reports.connect(channel);
            }
        } catch (Throwable e) {
            scheduler.close(); // or the loop would go on without an owner
            throw e;
        }
    }

    /**
     * Starts the options of a controller. Several controllers may share all of these except the tailnet.
     *
     * @param store the store that keeps the tailnet
     * @param tailnet the host's key of the tailnet
     * @param scheduler wakes the loop at deadlines, and runs it unless an {@link RouteControllerBuilder#executor} is
     *     given. The host shuts it down after the controller is closed; if it takes no more work before that, the
     *     controller closes with its next turn, on the thread that detects it
     * @param clock the wall clock; usually {@link InstantSource#system}. For any other see
     *     {@link RouteControllerBuilder#steadyNanos}
     * @return options with their defaults; {@link RouteControllerBuilder#open} opens the controller
     */
    public static RouteControllerBuilder builder(
            RoutingStore store, TailnetId tailnet, ScheduledExecutorService scheduler, InstantSource clock) {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(scheduler, "scheduler");
        Objects.requireNonNull(clock, "clock");
        return new RouteControllerBuilder(store, tailnet, scheduler, clock);
    }

    /**
     * Queues a submission. Does not block; only if the host shut the scheduler or the executor down before it closed
     * the controller, the last turn may run in this call.
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
     *   <li>{@link FencedException}: another process owns the tailnet now; the controller is closed
     *   <li>{@link StoreHistoryException}: the store has another history of the tailnet; the controller is closed
     *   <li>another {@link StorageException}: the store can be reached, and refuses the submission
     *   <li>{@link InternalErrorException}: the step fails with this submission, or its receipt could not be made; or
     *       the controller closed after {@value CommitLoop#MOST_FAILED_TURNS} turns in a row had failed
     * </ul>
     *
     * <p>There is no time limit, and a submission cannot be withdrawn.
     *
     * <p>A submission that is a single keep-alive does not count towards the queue's limit. If a keep-alive of the same
     * session waits already, the two become one with the later time, and have one answer – unless a turn has taken the
     * first one, or a submission that expects a revision came between them. {@link RouteControllerBuilder#sessionLimit}
     * limits for how many sessions a keep-alive may wait.
     *
     * @param submission commands that are applied all or not at all
     * @return the receipt, once the answer is stored
     */
    public CompletionStage<Receipt> submit(Submission submission) {
        return add(Objects.requireNonNull(submission, "submission"), null);
    }

    /**
     * Queues a submission that is applied only if nothing changed since the caller looked: if the durable state at its
     * turn is that of a revision, the submissions before it included. Otherwise its receipt is refused with {@link
     * Problem.RevisionConflict}. It is not retried after a conflict with another process. If the revision is later than
     * the published one, another process may have made it: the store is read first.
     *
     * <p>Keep-alives, and sessions of nodes that are neither routers nor ephemeral, do not change the revision. Health
     * changes it only where processes share the tailnet; a router that comes or goes changes it. Such a submission is
     * the first one of a turn: the submissions before it are stored first.
     *
     * @param submission commands that are applied all or not at all
     * @param expected the revision that the caller decided on, as in {@link Snapshot#revision}
     * @return as {@link #submit(Submission)}
     */
    public CompletionStage<Receipt> submit(Submission submission, Revision expected) {
        return add(Objects.requireNonNull(submission, "submission"), Objects.requireNonNull(expected, "expected"));
    }

    private CompletionStage<Receipt> add(Submission submission, @Nullable Revision expected) {
        HostClock.Reading arrived;
        try {
            arrived = clock.read();
        } catch (Throwable e) {
            return CompletableFuture.failedStage(InternalErrorException.untimed(tailnet, e));
        }
        CompletionStage<Receipt> answer;
        try {
            answer = queue.add(submission, expected, arrived);
        } catch (QueueFullException e) {
            listeners.observe(observer -> observer.queueFull(tailnet, e.limit()));
            return CompletableFuture.failedStage(e);
        } catch (WayleaveException e) {
            return CompletableFuture.failedStage(e);
        }
        scheduler.wake();
        if (reports != null) {
            reports.reportAfter(answer, submission);
        }
        return answer;
    }

    /** {@return the newest published snapshot, whose durable part is stored} Costs one volatile read. */
    public Snapshot current() {
        return loop.current();
    }

    /**
     * {@return whether another process may own the tailnet by now, so that {@link #current} may be out of date} True
     * after the controller was fenced or failed, and while the lease of its {@link Replica} was not renewed for its
     * whole length. {@link #current} still answers, with what was published last. Does not block.
     */
    public boolean isStale() {
        return loop.isOver() || owner.isStale();
    }

    /**
     * From now on the listener gets the current snapshot by {@link PublicationListener#started}, and then every
     * publication after it, on the thread that runs the loop. Does not block. Added while the controller closes, it
     * gets the last snapshot at least.
     *
     * @param listener the listener; added twice, it is called twice
     * @throws ControllerClosedException if the controller is closed; if it closed by itself, the exception with which
     *     it answers submissions
     */
    public void addListener(PublicationListener listener) {
        Objects.requireNonNull(listener, "listener");
        queue.addListener(listeners, listener);
        scheduler.wake();
    }

    /**
     * Ends the calls of a listener. On the thread that runs the loop – in a listener, an observer, or a function that
     * is chained to a receipt – no call of it follows. On another thread at most one call follows: the one that the
     * loop is just making. This method does not wait for it.
     *
     * @param listener the listener; added twice, it is removed once
     * @return whether it was one
     */
    @CanIgnoreReturnValue
    public boolean removeListener(PublicationListener listener) {
        return listeners.remove(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Reads the store, and publishes what another process wrote to it. Does not block. For hosts that write past this
     * controller, or learn that another process wrote; without this call the controller sees the change at the next
     * conflict, or after the period of {@link RouteControllerBuilder#following}. All calls before the store is read
     * share one answer, so that many calls during a read lead to one more.
     *
     * @return the snapshot that is published then; or the exception of the store, {@link StoreHistoryException}, {@link
     *     InternalErrorException} or {@link ControllerClosedException}
     */
    public CompletionStage<Snapshot> refresh() {
        return addRefresh(null);
    }

    /**
     * Reads the store as {@link #refresh()} does, unless a revision or a later one is published by then. For hosts that
     * are notified of commits, their own included.
     *
     * @param revision the revision that a commit made
     * @return as {@link #refresh()}
     */
    public CompletionStage<Snapshot> refresh(Revision revision) {
        return addRefresh(Objects.requireNonNull(revision, "revision"));
    }

    private CompletionStage<Snapshot> addRefresh(@Nullable Revision wanted) {
        CompletionStage<Snapshot> answer;
        try {
            answer = queue.addRefresh(wanted);
        } catch (WayleaveException e) {
            return CompletableFuture.failedStage(e);
        }
        scheduler.wake();
        return answer;
    }

    /** Lets the loop look at the clock, which was stepped. */
    void wake() {
        scheduler.wake();
    }

    /** {@return whether nothing waits, and nothing happens before the next deadline unless a caller comes} */
    boolean isIdle() {
        return scheduler.isIdle();
    }

    /** {@return whether the last turn is over, after {@link #close} or because the controller closed by itself} */
    boolean isClosed() {
        return scheduler.isClosed();
    }

    /** {@return whether the controller closed by itself} */
    boolean isOver() {
        return loop.isOver();
    }

    /** {@return why the controller closed by itself; null if it did not} */
    @Nullable
    WayleaveException endCause() {
        SubmissionQueue.CloseCause endCause = loop.endCause();
        return endCause == null ? null : endCause.ofSubmission().get();
    }

    /** {@return what a deletion of the tailnet claims, once the controller is closed; null if it had no sessions} */
    @Nullable
    Ownership claim() {
        return owner.claim();
    }

    /**
     * Stops the controller, and hands the tailnet over: the next owner gives every router that is online now the
     * restart grace, and moves nothing while they connect again. Close it before the sessions of the nodes: one that
     * ends while the controller is open is the beginning of a router's grace, which goes on after the restart.
     *
     * <p>Waiting submissions are tried once more, then answered: stored, or with {@link ControllerClosedException}.
     * Blocks while the store does that. Called from a listener, an observer or a function that is chained to a receipt,
     * it returns at once, and the controller closes after that turn.
     *
     * <p>After it has returned, the store, listeners and observer are not called any more. {@link #current} still
     * answers. A second call does nothing.
     */
    @Override
    public void close() {
        scheduler.close();
    }
}
