package dev.wayleave.storage;

import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a controller: catch up with the store, take what waits, decide, commit, publish.
 *
 * <pre>
 *         after a conflict: lock the tailnet until the commit
 *   turn ─► something open? read the store ─► the commit in doubt was written ───► publish its decision
 *    ▲                                   ├──► another process wrote ─► publish it ─┐
 *    │                                   └──► nothing new ─────────────────────────┤
 *    │                                                                             ▼
 *    │      nothing to store? ───────────────────────── publish ◄────────────── decide
 *    │                                                      ▲                      │
 *    │                                                      └── committed ◄──── commit
 *    └── pause ◄── conflict, unknown, unavailable ◄───────────────────────────────┘
 * </pre>
 *
 * <p>Its parts: {@link StoreReader} catches up, {@link BatchDecider} decides, {@link Committer} commits,
 * {@link Publisher} publishes, {@link Answers} answers. {@link OpenCommits} has what is not settled between two turns.
 *
 * <p><b>Threads.</b> One thread at a time takes a turn, and calls these parts; only {@link #current} and
 * {@link #isOver} are for any thread.
 *
 * <p>The published snapshot is the only state. A decision that could not be committed is forgotten, except one whose
 * commit may still be written: it is in doubt. While a commit is in doubt nothing else is published, and the next
 * commit is made even if there is nothing to write: of all commits on one revision only one can succeed, so that
 * settles it.
 *
 * <p>Nothing that is thrown in a turn leaves it. What the store throws is an outage, or a submission that it refuses.
 * What the host's listeners, observer and receipts throw goes to the log. Anything else is an internal error: of a step
 * with submissions, the submission that it fails with is answered; otherwise the turn is repeated, and after
 * {@value #MOST_FAILED_TURNS} failures in a row the loop ends.
 */
final class CommitLoop {

    private static final QuietLog LOG = QuietLog.of(CommitLoop.class);

    /** The largest number of turns in a row that may fail by an internal error for which no submission is to blame. */
    static final int MOST_FAILED_TURNS = 10;

    private final TailnetId tailnet;
    private final HostClock clock;
    private final RetryRule retry;
    private final Listeners listeners;
    private final SubmissionQueue queue;
    private final StoreHealth health;
    private final Pauses pauses;
    private final InternalErrors errors;
    private final SessionGuard owner;
    private final OpenCommits open = new OpenCommits();
    private final Answers answers;
    private final Publisher publisher;
    private final BatchDecider decider;
    private final Committer committer;
    private final StoreReader reader;
    private final TailnetAccess store;
    private final PollTimer pollTimer;
    private final WaitingGauge waiting;

    /** The steps of the clock that were logged. */
    private Duration loggedSteps;

    CommitLoop(
            RoutingStore store,
            SessionGuard owner,
            Snapshot first,
            @Nullable CommitToken token,
            HostClock clock,
            Duration followed,
            RetryRule retry,
            DoubleSupplier random,
            RoutingFunctions functions,
            @Nullable Duration following,
            Listeners listeners,
            SubmissionQueue queue) {
        this.tailnet = first.state().tailnet();
        this.owner = owner;
        this.clock = clock;
        this.loggedSteps = followed;
        this.retry = retry;
        this.listeners = listeners;
        this.queue = queue;
        this.health = new StoreHealth(tailnet, clock, listeners);
        this.waiting = new WaitingGauge(tailnet, queue, listeners);
        this.pauses = new Pauses(tailnet, retry, random, listeners);
        this.errors = new InternalErrors(tailnet, listeners);
        this.answers = new Answers(tailnet, queue, functions, listeners, errors);
        this.publisher = new Publisher(first, token, clock, followed, queue, answers, listeners, errors, health);
        this.decider = new BatchDecider(tailnet, functions, owner.claim());
        this.store = new TailnetAccess(store, tailnet);
        this.pollTimer = new PollTimer(following, clock, pauses);
        this.committer = new Committer(tailnet, this.store, open, publisher, answers, listeners, health, pauses, owner);
        FollowedEvents events = new FollowedEvents(tailnet, this.store, listeners);
        this.reader = new StoreReader(
                tailnet,
                this.store,
                queue,
                open,
                publisher,
                committer,
                answers,
                health,
                pauses,
                pollTimer,
                events,
                functions);
    }

    Snapshot current() {
        return publisher.current();
    }

    /** Calls the observers with the snapshot that the loop begins with. */
    void observeFirst() {
        publisher.observe();
    }

    boolean hasWork() {
        return !queue.isEmpty() || open.needRead() || listeners.areAdded() || owner.hasWork();
    }

    /** {@return whether the loop cannot go on: all that waited is answered, and all that comes in is refused} */
    boolean isOver() {
        return answers.endCause() != null;
    }

    SubmissionQueue.@Nullable CloseCause endCause() {
        return answers.endCause();
    }

    /** {@return for how long no timer is due and nothing is read; empty for ever} */
    Optional<Duration> untilDue() {
        Duration read = pollTimer.untilDue().orElse(null);
        Optional<Duration> change = publisher.nextDeadline().map(due -> Duration.between(publisher.now(), due));
        return read == null || change.filter(due -> due.compareTo(read) < 0).isPresent() ? change : Optional.of(read);
    }

    // ---- a turn

    /**
     * Takes one turn, and returns for how long to pause before the next one if this one has to be repeated. Throws
     * nothing, even if the host's clock, random numbers, store, listeners or observer throw.
     */
    Optional<Duration> turn() {
        errors.turnBegins();
        try {
            return isOver() ? Optional.empty() : tryTurn();
        } catch (Throwable e) {
            return failedTurn(e);
        } finally {
            waiting.observeChange();
        }
    }

    private Optional<Duration> tryTurn() {
        listeners.start(publisher.current());
        Supplier<WayleaveException> fenced = owner.check();
        if (fenced != null) {
            return committer.fence(fenced);
        }
        Optional<Duration> pause = owner.pause();
        if (pause.isPresent()) {
            return pause;
        }
        logSteps(clock.read().steps());
        return open.isContended() ? decideUnderLock() : catchUpAndDecide();
    }

    /**
     * Another process committed first: this time none does. Listeners and receipts are called once the lock is free
     * again: they may be slow, or call the store.
     */
    private Optional<Duration> decideUnderLock() {
        listeners.hold();
        try {
            return store.withLock(open.isOvertaken() ? reader::catchUp : this::catchUpAndDecide);
        } finally {
            listeners.release();
        }
    }

    private Optional<Duration> catchUpAndDecide() {
        Optional<Duration> pause = reader.catchUp();
        if (pause.isPresent() || isOver() || !reader.refuseOutdated()) {
            return pause;
        }
        answers.giveUp(retry.conflicts(), open.submissions());
        waiting.observe();
        Duration step = loggedSteps.minus(publisher.followed());
        if (!step.isZero() && step.abs().compareTo(Command.StepClock.MOST) <= 0) {
            return stepClock(step);
        }
        Optional<SessionHolder> gone = owner.gone(publisher.current().state(), store.isLocked());
        Instant now = publisher.now();
        // keep-alives that wait come before a timer that is due: the owner looks again in the next turn
        if (gone.isPresent() && (!isTimerDue(now) || queue.isEmpty())) {
            Batch ended = Batch.ofEndedSessions(gone.get());
            errors.turnTakes(ended.submissions());
            return decide(ended, now);
        }
        Batch batch;
        do {
            batch = committer.take(queue);
            now = batch.time(publisher.now(), publisher.nextDeadline().orElse(null));
        } while (isIdle(batch, now) && committer.takeAll());
        errors.turnTakes(batch.submissions());
        if (isIdle(batch, now)) {
            health.over();
            errors.turnSucceeded();
            return Optional.empty();
        }
        return decide(batch, now);
    }

    private void logSteps(Duration steps) {
        Duration step = steps.minus(loggedSteps);
        if (!step.isZero()) {
            loggedSteps = steps;
            if (!clock.isShared()) {
                LOG.warn("the clock of tailnet {} was stepped by {}: running timers move along", tailnet, step);
            }
            listeners.observe(observer -> observer.clockStepped(tailnet, step));
        }
    }

    /**
     * Puts the state on the clock, by a step of its own in which no time passes: submissions that wait are decided by
     * the next turn. It is not forgotten when its commit fails, because the published state has how much of the clock's
     * steps it has followed.
     */
    private Optional<Duration> stepClock(Duration by) {
        Batch batch = Batch.ofClockStep(by);
        errors.turnTakes(batch.submissions());
        return decide(batch, publisher.current().state().now().plus(by));
    }

    /** {@return whether there is nothing to decide, and nothing in doubt} */
    private boolean isIdle(Batch batch, Instant now) {
        return batch.isEmpty() && open.isEmpty() && !isTimerDue(now);
    }

    private boolean isTimerDue(Instant now) {
        return publisher.nextDeadline().filter(due -> !due.isAfter(now)).isPresent();
    }

    private Optional<Duration> decide(Batch batch, Instant now) {
        Snapshot before = publisher.current();
        long begun = System.nanoTime();
        Decision decision;
        try {
            decision = decider.decide(before, publisher.token(), batch, now);
        } catch (Throwable e) {
            return blame(before, batch, now, e);
        }
        // the store may still refuse it: an outage between two failed turns ends their row
        if (!batch.isOwn()) {
            errors.turnSucceeded();
        }
        Step step = decision.step();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        listeners.observe(
                observer -> observer.stepped(tailnet, batch.submissions().size(), took));
        if (step.rowChanges().isEmpty() && open.isEmpty()) {
            return answerUnstored(decision, before);
        }
        Optional<Duration> pause = committer.commit(decision);
        if (!publisher.revision().equals(before.revision())) {
            pollTimer.restart(); // no other process has written before it
        }
        return pause;
    }

    /** Answers what changes no row. No commit proves that other processes have answered nothing newer: a read does. */
    private Optional<Duration> answerUnstored(Decision decision, Snapshot before) {
        if (owner.isShared() && !decision.isLocal()) {
            open.conflicted();
            Optional<Duration> unread = reader.catchUp();
            if (unread.isPresent() || isOver() || !publisher.revision().equals(before.revision())) {
                return unread;
            }
        }
        Optional<Duration> pause = owner.pause(); // this process may have been frozen since the turn began
        if (pause.isEmpty()) {
            committer.publishUnstored(decision);
        }
        return pause;
    }

    /** The step of a batch fails: the submission with which it fails is answered. Without one, the turn failed. */
    private Optional<Duration> blame(Snapshot before, Batch batch, Instant now, Throwable first) {
        BatchDecider.Failure failure = decider.failure(before, batch, now, first);
        PendingSubmission suspect = failure.suspect();
        if (suspect == null) {
            return failedTurn(failure.cause());
        }
        if (committer.settleFirst(suspect)) {
            return Optional.empty();
        }
        errors.report(publisher.revision(), suspect.submission(), "it is answered with the error", failure.cause());
        answers.refuse(suspect, InternalErrorException.undecided(tailnet, failure.cause()));
        committer.refused(suspect);
        return Optional.empty();
    }

    /** A turn met an internal error that no submission is to blame for. It is repeated, but not for ever. */
    private Optional<Duration> failedTurn(Throwable cause) {
        int failures = errors.turnFailed();
        Revision revision = publisher.revision();
        if (failures < MOST_FAILED_TURNS) {
            errors.report(revision, null, "the turn is repeated", cause);
            return Optional.of(pauses.after(failures));
        }
        errors.report(revision, null, failures + " turns in a row failed: the controller closes", cause);
        answers.end(() -> InternalErrorException.closed(tailnet, failures, cause), revision, open.submissions());
        return Optional.empty();
    }

    // ---- the end

    /** The last turns: each submission that waits is tried once, and those that are left are answered. */
    void last() {
        SubmissionQueue.CloseCause reason = queue.seal(SubmissionQueue.CloseCause.closed(tailnet));
        boolean isSettled = isDone(this::lastTurns);
        isSettled &= isDone(this::endOwnSessions);
        listeners.start(publisher.current());
        answers.answerRest(reason, publisher.revision(), open.submissions());
        owner.release();
        waiting.observeChange();
        LOG.debug(
                "the controller of tailnet {} is closed at revision {}{}",
                tailnet,
                publisher.revision(),
                isSettled ? "" : ", with work left");
    }

    /** Does something of the end, which an error in it does not stop. */
    private boolean isDone(BooleanSupplier work) {
        try {
            return work.getAsBoolean();
        } catch (Throwable e) {
            errors.report(publisher.revision(), null, "the controller closes all the same", e);
            return false;
        }
    }

    /** What waited is decided: the sessions of this process end last, also after a conflict, under the lock. */
    private boolean endOwnSessions() {
        owner.closing();
        boolean goesOn = true;
        for (int i = 0; i < MOST_FAILED_TURNS && goesOn && hasSessions(); i++) {
            goesOn = turn().isEmpty() || (open.isContended() && health.works());
        }
        boolean isLeft = hasSessions();
        if (isLeft) {
            LOG.warn("the sessions of tailnet {} could not be ended: they end with the lease of the replica", tailnet);
        }
        return !isLeft;
    }

    /** {@return whether the published state still names this process, which closes} */
    private boolean hasSessions() {
        return !isOver() && owner.gone(current().state(), false).isPresent();
    }

    private boolean lastTurns() {
        Optional<Duration> pause = turn();
        while (pause.isEmpty() && !isOver() && hasWork()) {
            pause = turn();
        }
        if (!isOver() && !open.isEmpty()) {
            pause = reader.catchUp();
        }
        return pause.isEmpty();
    }

    /** The scheduler takes no more work, so that the controller closed. */
    void closedBy(Throwable failure) {
        ControllerClosedException closed = new ControllerClosedException(tailnet);
        closed.initCause(failure);
        listeners.observe(observer -> observer.failed(tailnet, closed));
    }
}
