package dev.wayleave.storage;

import com.google.common.collect.ImmutableListMultimap;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.TouchedKeys;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a controller does at its turn: take what waits, decide, commit, publish. One thread at a time; only
 * {@link #current} may be called by any.
 *
 * <pre>
 *   turn ─► something in doubt? load: ─► it landed ──────────────────────────────► publish what it decided
 *    ▲                            ├────► somebody else wrote ─► reload, publish ─┐
 *    │                            └────► nothing new ────────────────────────────┤
 *    │                                                                           ▼
 *    │      nothing to store? ───────────────────────── publish ◄──────────── step
 *    │                                                      ▲                    │
 *    │                                                      └── committed ◄── commit
 *    └── pause ◄── conflict, unknown, unavailable ◄─────────────────────────────┘
 * </pre>
 *
 * <p>The published snapshot is the only state. A step that could not be committed is forgotten, but for the one whose
 * commit may still land: a {@link Decided} remembers it. While there are doubts nothing else is published, and the next
 * commit is made even if there is nothing to write: of all commits on one revision only one can succeed, so that
 * settles them.
 *
 * <p>Nothing that is thrown in a turn leaves it. What the store throws is an outage, or a submission that it refuses.
 * What the host's listeners, observer and receipts throw goes to the log. Anything else is an internal error: of a step
 * with submissions, the one that it fails with is answered; otherwise the turn is repeated, and after
 * {@value #MOST_FAILED_TURNS} failures in a row the loop is over.
 */
final class CommitLoop {

    private static final QuietLog LOG = QuietLog.of(CommitLoop.class);
    private static final int ALL = Integer.MAX_VALUE;

    /** How many turns in a row may fail by an internal error that no submission is to blame for. */
    static final int MOST_FAILED_TURNS = 10;

    /** How many submissions of a failed turn are logged; the observer is told of all. */
    private static final int LOGGED_SUBMISSIONS = 10;

    private final RoutingStore store;
    private final TailnetId tailnet;
    private final HostClock clock;
    private final RetryRule retry;
    private final DoubleSupplier random;
    private final RoutingFunctions functions;
    private final Listeners audience;
    private final SubmissionQueue inbox;
    private final Gauges gauges;
    private final StoreHealth outage;

    private volatile Snapshot published;

    /** How much of the steps of the host's clock the published state has followed: all but those of this turn. */
    private Duration followed;

    /** The steps that were logged. */
    private Duration noticed;

    /** Of the commit that made the published revision; null if none is known. */
    private @Nullable CommitToken token;

    /**
     * Commits on the published revision of which it is not known whether they were written. A commit that is sent is
     * one of them until its outcome is dealt with.
     */
    private final List<Decided> doubts = new ArrayList<>();

    /** Whether a conflict said that somebody else may have written. */
    private boolean outdated;

    private int conflicts;

    /** How many submissions to take: fewer than all while one is looked for that the store does not take. */
    private int most = ALL;

    /** What the current turn took. */
    private List<Submission> inTurn = List.of();

    /** How many turns in a row failed by an internal error. */
    private int failedTurns;

    /** How many submissions the observer was told to wait. */
    private int toldWaiting;

    /** Why the loop cannot go on; null while it can. */
    private volatile SubmissionQueue.@Nullable Ending ending;

    /** A step on the published state, and the commit that stores it. */
    private record Decided(Commit commit, Batch batch, Step step) {}

    CommitLoop(
            RoutingStore store,
            Snapshot first,
            @Nullable CommitToken token,
            HostClock clock,
            Duration followed,
            RetryRule retry,
            DoubleSupplier random,
            RoutingFunctions functions,
            Listeners audience,
            SubmissionQueue inbox) {
        this.store = store;
        this.tailnet = first.state().tailnet();
        this.clock = clock;
        this.followed = followed;
        this.noticed = followed;
        this.retry = retry;
        this.random = random;
        this.functions = functions;
        this.audience = audience;
        this.inbox = inbox;
        this.gauges = new Gauges(first.state());
        this.outage = new StoreHealth(tailnet, clock, audience);
        this.published = first;
        this.token = token;
    }

    Snapshot current() {
        return published;
    }

    boolean hasWork() {
        return !inbox.isEmpty() || !doubts.isEmpty() || outdated;
    }

    /** Whether no turn is taken any more: whatever waited is answered, and whatever comes in is refused. */
    boolean isOver() {
        return ending != null;
    }

    /**
     * Takes one turn, and returns for how long to pause before the next one if this one has to be repeated. Throws
     * nothing, whatever the host's clock, random numbers, store, listeners and observer throw.
     */
    Optional<Duration> turn() {
        inTurn = List.of();
        try {
            return isOver() ? Optional.empty() : tryTurn();
        } catch (Throwable e) {
            return failedTurn(e);
        } finally {
            tellWaiting(false);
        }
    }

    private Optional<Duration> tryTurn() {
        notice(clock.read().steps());
        Optional<Duration> pause = settled();
        if (pause.isPresent() || isOver()) {
            return pause;
        }
        giveUp();
        tellWaiting(true);
        Duration step = noticed.minus(followed);
        if (!step.isZero() && step.abs().compareTo(Command.StepClock.MOST) <= 0) {
            return stepClock(step);
        }
        Batch batch = inbox.take(most);
        inTurn = batch.submissions();
        Instant now = time(batch);
        if (batch.isEmpty() && doubts.isEmpty() && !isDue(now)) {
            succeeded();
            return Optional.empty();
        }
        return decide(batch, now);
    }

    private void notice(Duration steps) {
        Duration step = steps.minus(noticed);
        if (!step.isZero()) {
            noticed = steps;
            LOG.warn("the clock of the host of tailnet {} was stepped by {}: running timers move along", tailnet, step);
            audience.observe(observer -> observer.clockStepped(tailnet, step));
        }
    }

    /**
     * Puts the state on the clock of the host, by a step of its own in which no time passes: what waits is decided by
     * the next one. It is as little forgotten as a submission, for what is published says how much is followed.
     */
    private Optional<Duration> stepClock(Duration by) {
        Batch batch = Batch.ofClockStep(by);
        inTurn = batch.submissions();
        return decide(batch, published.state().now().plus(by));
    }

    /** The time on the clock that the published state follows. */
    private Instant now() {
        return clock.read().on(followed);
    }

    /** For how long nothing changes by time alone; empty for ever. For any thread between two turns. */
    Optional<Duration> untilDue() {
        return published.state().nextDeadline().map(due -> Duration.between(now(), due));
    }

    private void tellWaiting(boolean always) {
        int waiting = inbox.size();
        if (always || waiting != toldWaiting) {
            toldWaiting = waiting;
            audience.observe(observer -> observer.queued(tailnet, waiting));
        }
    }

    private void succeeded() {
        outage.over();
        failedTurns = 0;
    }

    /** Answers those that met too many conflicts, unless an earlier commit of theirs may still land. */
    private void giveUp() {
        Set<PendingSubmission> inDoubt = inDoubt();
        for (PendingSubmission waiting : inbox.withConflicts(retry.conflicts())) {
            if (!inDoubt.contains(waiting)) {
                answerWith(waiting, new TooManyConflictsException(tailnet, waiting.conflicts));
            }
        }
    }

    /** The last turns: each thing that waits is tried once, and whatever is left is answered. */
    void last() {
        SubmissionQueue.Ending why = inbox.seal(SubmissionQueue.Ending.closed(tailnet));
        boolean settled = true;
        try {
            settled = lastTurns();
        } catch (Throwable e) {
            LOG.error(
                    "the last turn of tailnet {} failed; revision {} stays published",
                    tailnet,
                    published.revision(),
                    e);
        }
        answerRest(why);
        tellWaiting(false);
        LOG.debug(
                "the controller of tailnet {} is closed at revision {}{}",
                tailnet,
                published.revision(),
                settled ? "" : ", with work left");
    }

    /** The scheduler takes no more work, so that the controller closed. */
    void closedBy(Throwable failure) {
        ControllerClosedException closed = new ControllerClosedException(tailnet);
        closed.initCause(failure);
        audience.observe(observer -> observer.failed(tailnet, closed));
    }

    private boolean lastTurns() {
        Optional<Duration> pause = turn();
        while (pause.isEmpty() && !isOver() && hasWork()) {
            pause = turn();
        }
        if (!isOver() && !doubts.isEmpty()) {
            pause = settled();
        }
        return pause.isEmpty();
    }

    /** Answers whatever waits. What a commit in doubt holds may be stored. */
    private void answerRest(SubmissionQueue.Ending why) {
        Set<PendingSubmission> inDoubt = inDoubt();
        for (PendingSubmission left : inbox.empty()) {
            WayleaveException cause = why.ofSubmission().get();
            fail(left, inDoubt.contains(left) ? indeterminate(cause) : cause);
        }
        inbox.takeRefresh().ifPresent(refresh -> fail(refresh, why.ofRefresh().get()));
    }

    /** The loop cannot go on: whatever waits and whatever comes in is answered so. */
    private void end(Supplier<WayleaveException> cause) {
        SubmissionQueue.Ending why = SubmissionQueue.Ending.failed(cause);
        inbox.seal(why);
        ending = why;
        answerRest(why);
        audience.observe(observer -> observer.failed(tailnet, cause.get()));
    }

    private boolean isDue(Instant now) {
        return published.state().nextDeadline().filter(due -> !due.isAfter(now)).isPresent();
    }

    /**
     * A part of what waits is decided before anything falls due: what is left out may be the very news that a node is
     * there.
     */
    private Instant time(Batch batch) {
        Instant now = now();
        if (!batch.part()) {
            return now;
        }
        Optional<Instant> due = published.state().nextDeadline();
        return due.isPresent() && !due.get().isAfter(now) ? due.get().minusMillis(1) : now;
    }

    // ---- what was left open

    /** Reads the store if there is a reason to. */
    private Optional<Duration> settled() {
        Optional<CompletableFuture<Snapshot>> refresh = inbox.takeRefresh();
        boolean open = outdated || !doubts.isEmpty();
        if (!open && refresh.isEmpty()) {
            return Optional.empty();
        }
        @Nullable StoredTailnet stored;
        try {
            stored = Objects.requireNonNull(store.load(tailnet), "the store returned null")
                    .orElse(null);
        } catch (Throwable e) {
            StorageException cause = e instanceof StorageException known
                    ? known
                    : new StorageException("the store broke while it loaded tailnet `" + tailnet + "`", e);
            return unread(refresh.orElse(null), open, cause);
        }
        try {
            settle(stored);
        } catch (ContradictingRowsException e) {
            // as if the store had refused them: an operator mends the rows, and the controller goes on
            return unread(refresh.orElse(null), open, new StorageException(String.valueOf(e.getMessage()), e));
        } catch (Throwable e) {
            refresh.ifPresent(waiting -> fail(waiting, InternalErrorException.unread(tailnet, e)));
            throw e;
        }
        SubmissionQueue.Ending why = ending;
        refresh.ifPresent(waiting -> {
            if (why == null) {
                audience.quietly("receiver of a refresh", () -> waiting.complete(published));
            } else {
                fail(waiting, why.ofRefresh().get());
            }
        });
        return Optional.empty();
    }

    private Optional<Duration> unread(
            @Nullable CompletableFuture<Snapshot> refresh, boolean open, StorageException cause) {
        if (refresh != null) {
            fail(refresh, cause);
        }
        return open ? Optional.of(down(cause)) : Optional.empty();
    }

    private void settle(@Nullable StoredTailnet stored) {
        Revision known = published.revision();
        Revision found = stored == null ? Revision.NONE : stored.revision();
        boolean isOther = found.equals(known)
                && token != null
                && (stored == null || !stored.token().equals(token));
        if (isOther || found.compareTo(known) < 0) {
            leaveHistory(stored == null ? null : found);
            return;
        }
        if (stored != null && !found.equals(known)) {
            reload(stored);
        }
        outdated = false;
    }

    /** What was published is not what the store goes on from, and never will be. */
    private void leaveHistory(@Nullable Revision found) {
        Revision known = published.revision();
        outage.over();
        doubts.clear(); // none of them is in the history that the store has
        LOG.warn("{}", String.valueOf(new StoreHistoryException(tailnet, known, found).getMessage()));
        end(() -> new StoreHistoryException(tailnet, known, found));
    }

    private void reload(StoredTailnet stored) {
        Revision known = published.revision();
        Revision found = stored.revision();
        boolean isNext = found.equals(known.next());
        if (isNext) {
            for (Decided doubt : List.copyOf(doubts)) {
                if (doubt.commit().token().equals(stored.token())) {
                    LOG.info("a commit of tailnet {} in doubt was written as revision {}", tailnet, found);
                    stored(doubt, found);
                    return;
                }
            }
        }
        Snapshot after = new Snapshot(found, published.state().reload(stored.rows(), now()));
        if (!isNext) {
            // a keep-alive can do no harm if it is heard twice
            inDoubt().stream()
                    .filter(waiting -> !waiting.isKeepAlive())
                    .forEach(waiting -> answerWith(waiting, new IndeterminateCommitException(tailnet, known, found)));
        }
        Snapshot before = published;
        published = after;
        doubts.clear();
        token = stored.token();
        keepUp(() -> gauges.count(after.state()));
        tell(before, after, List.of(), null, List.of());
    }

    private WayleaveException indeterminate(WayleaveException cause) {
        IndeterminateCommitException indeterminate =
                new IndeterminateCommitException(tailnet, published.revision(), null);
        indeterminate.initCause(cause);
        return indeterminate;
    }

    private Set<PendingSubmission> inDoubt() {
        Set<PendingSubmission> all = new LinkedHashSet<>();
        doubts.forEach(doubt -> all.addAll(doubt.batch().all()));
        return all;
    }

    // ---- what is decided now

    private Optional<Duration> decide(Batch batch, Instant now) {
        Snapshot before = published;
        long begun = System.nanoTime();
        Decided decided;
        try {
            decided = decided(before, batch, now);
        } catch (Throwable e) {
            return blame(before, batch, now, e);
        }
        // the store may still refuse it: an outage between two failed turns ends their row
        if (!batch.isClockStep()) {
            failedTurns = 0;
        }
        Step step = decided.step();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        audience.observe(
                observer -> observer.stepped(tailnet, batch.submissions().size(), took));
        if (step.change().isEmpty() && doubts.isEmpty()) {
            publish(batch, before.revision(), step, token);
            return Optional.empty();
        }
        return commit(decided);
    }

    private Decided decided(Snapshot before, Batch batch, Instant now) {
        Step step = functions.step(before.state(), batch.submissions(), now);
        Commit commit = new Commit(
                tailnet,
                before.revision(),
                token,
                new CommitToken(UUID.randomUUID().toString()),
                step.next().now(),
                rows(before.revision(), step),
                step.events());
        return new Decided(commit, batch, step);
    }

    private Optional<Duration> commit(Decided decided) {
        Batch batch = decided.batch();
        doubts.add(decided);
        long begun = System.nanoTime();
        CommitOutcome outcome;
        try {
            outcome = Objects.requireNonNull(store.commit(decided.commit()), "the store returned null");
        } catch (StorageUnavailableException e) {
            doubts.remove(doubts.size() - 1);
            return Optional.of(down(e));
        } catch (StorageException e) {
            doubts.remove(doubts.size() - 1);
            return setApart(batch, e);
        } catch (Throwable e) {
            // nothing that the contract knows, so it promises nothing
            outcome = new CommitOutcome.Unknown(
                    new StorageException("the store broke in the middle of a commit of tailnet `" + tailnet + "`", e));
        }
        if (outcome instanceof CommitOutcome.Committed committed) {
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            audience.observe(observer -> observer.committed(tailnet, committed.revision(), took));
            stored(decided, committed.revision());
            return Optional.empty();
        }
        if (outcome instanceof CommitOutcome.Unknown unknown) {
            return Optional.of(doubt(unknown.cause()));
        }
        doubts.remove(doubts.size() - 1);
        outdated = true;
        conflicts++;
        batch.all().forEach(waiting -> waiting.conflicts++);
        LOG.debug("a commit of tailnet {} on revision {} met another one", tailnet, published.revision());
        audience.observe(observer -> observer.conflicted(tailnet, conflicts));
        return Optional.of(pause(conflicts));
    }

    /** The first commit of a tailnet brings the tailnet itself. */
    private RowChanges rows(Revision expected, Step step) {
        RowChanges change = step.change();
        if (!expected.equals(Revision.NONE) || change.tailnet().isPresent()) {
            return change;
        }
        RoutingState next = step.next();
        return new RowChanges(
                Optional.of(new TailnetRow(tailnet, next.settings(), next.policy())),
                change.users(),
                change.nodes(),
                change.routes());
    }

    private Duration doubt(Exception cause) {
        LOG.warn(
                "nobody knows yet whether a commit of tailnet {} on revision {} was written",
                tailnet,
                published.revision(),
                cause);
        audience.observe(observer -> observer.unknown(tailnet, cause));
        return pause(doubts.size());
    }

    /**
     * The store does not take the batch as it is: one of its submissions may be why. Ever fewer are tried, until one
     * that fails by itself is answered; the others go on.
     */
    private Optional<Duration> setApart(Batch batch, StorageException cause) {
        if (batch.ordinary() > 1 || (batch.ordinary() == 1 && !batch.part())) {
            most = Math.max(1, batch.ordinary() / 2);
            return Optional.empty();
        }
        most = ALL;
        if (batch.isEmpty() || !batch.part() || inDoubt().contains(batch.all().get(0))) {
            return Optional.of(down(cause));
        }
        LOG.warn("a submission to tailnet {} cannot be stored", tailnet, cause);
        answerWith(batch.all().get(0), cause);
        outage.over();
        return Optional.empty();
    }

    /**
     * The step of a batch fails. The shortest beginning of the batch whose step fails is looked for by halves. Its last
     * submission is to blame and answered, and the others go on. If none is to blame, the turn failed.
     */
    private Optional<Duration> blame(Snapshot before, Batch batch, Instant now, Throwable first) {
        int passes = 0;
        int fails = batch.all().size();
        Throwable cause = fails == 0 ? first : failure(before, batch.first(0), now);
        if (cause != null) {
            return failedTurn(cause);
        }
        while (fails - passes > 1) {
            int middle = (passes + fails) >>> 1;
            if (failure(before, batch.first(middle), now) == null) {
                passes = middle;
            } else {
                fails = middle;
            }
        }
        cause = failure(before, batch.first(fails), now);
        PendingSubmission suspect = batch.all().get(fails - 1);
        if (cause == null || inDoubt().contains(suspect)) {
            return failedTurn(cause == null ? first : cause);
        }
        report(suspect.submission(), "it is answered with the error", cause);
        answerWith(suspect, InternalErrorException.undecided(tailnet, cause));
        return Optional.empty();
    }

    private @Nullable Throwable failure(Snapshot before, Batch batch, Instant now) {
        try {
            var unused = decided(before, batch, now);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    /** A turn met an internal error that no submission is to blame for. It is repeated, but not for ever. */
    private Optional<Duration> failedTurn(Throwable cause) {
        failedTurns++;
        int failures = failedTurns;
        if (failures < MOST_FAILED_TURNS) {
            report(null, "the turn is repeated", cause);
            return Optional.of(pause(failures));
        }
        report(null, failures + " turns in a row failed: the controller closes", cause);
        end(() -> InternalErrorException.closed(tailnet, failures, cause));
        return Optional.empty();
    }

    /** Says in log and observer that this was an internal error, in which turn, and what follows from it. */
    private void report(@Nullable Submission toBlame, String consequence, Throwable cause) {
        List<Submission> submissions = inTurn;
        audience.quietly(
                "log",
                () -> LOG.error(
                        "internal error in a turn of tailnet {} at revision {}: {}{}; the turn had {} submissions{}",
                        tailnet,
                        published.revision(),
                        toBlame == null ? "" : "the turn fails with " + toBlame + ", and ",
                        consequence,
                        submissions.size(),
                        submissions.isEmpty()
                                ? ""
                                : ", the first ones: "
                                        + submissions.stream()
                                                .limit(LOGGED_SUBMISSIONS)
                                                .toList(),
                        cause));
        audience.observe(observer -> observer.internalError(tailnet, submissions, toBlame, cause));
    }

    private Duration down(StorageException cause) {
        return pause(outage.failed(cause));
    }

    private Duration pause(int inARow) {
        Duration pause = retry.pause(inARow, jitter());
        audience.observe(observer -> observer.retrying(tailnet, pause));
        return pause;
    }

    private double jitter() {
        try {
            return random.getAsDouble();
        } catch (Throwable e) {
            LOG.error("the random numbers of tailnet {} failed; its pauses are without jitter", tailnet, e);
            return 0;
        }
    }

    // ---- what is done

    private void answerWith(PendingSubmission waiting, WayleaveException failure) {
        inbox.remove(List.of(waiting));
        fail(waiting, failure);
    }

    private void fail(PendingSubmission waiting, WayleaveException failure) {
        audience.quietly("receiver of a receipt", () -> waiting.fail(failure));
    }

    private void fail(CompletableFuture<Snapshot> refresh, Throwable failure) {
        audience.quietly("receiver of a refresh", () -> refresh.completeExceptionally(failure));
    }

    private void stored(Decided decided, Revision revision) {
        publish(decided.batch(), revision, decided.step(), decided.commit().token());
    }

    /** Publishes, then answers and tells. Nothing that the host throws stops what comes after it. */
    private void publish(Batch batch, Revision revision, Step step, @Nullable CommitToken newToken) {
        Snapshot before = published;
        Snapshot after = new Snapshot(revision, step.next());
        published = after;
        token = newToken;
        doubts.clear();
        conflicts = 0;
        most = ALL;
        inbox.remove(batch.all());
        keepUp(() -> followClock(step.events()));
        answer(batch, revision, step);
        if (!batch.isClockStep() || !revision.equals(before.revision())) {
            succeeded();
        }
        keepUp(() -> gauges.follow(before.state(), step));
        tell(before, after, step.events(), step.touched(), step.results());
    }

    private void followClock(List<RouteEvent> events) {
        for (RouteEvent event : events) {
            if (event instanceof RouteEvent.ClockStepped clockStepped) {
                followed = followed.plus(clockStepped.by());
                inbox.stepClock(clockStepped.by());
            }
        }
    }

    private void answer(Batch batch, Revision revision, Step step) {
        ImmutableListMultimap<Origin, RouteEvent> events;
        try {
            events = Receipt.byOrigin(step.events());
        } catch (Throwable e) {
            report(null, "no receipt of the turn can be made", e);
            for (int i = 0; i < batch.all().size(); i++) {
                failReceipt(batch.all().get(i), revision, step.results().get(i), e);
            }
            return;
        }
        for (int i = 0; i < batch.all().size(); i++) {
            PendingSubmission waiting = batch.all().get(i);
            Submission submission = batch.submissions().get(i);
            SubmissionResult result = step.results().get(i);
            try {
                Receipt receipt = functions.receipt(revision, result, events.get(Receipt.origin(submission)));
                audience.quietly("receiver of a receipt", () -> waiting.complete(receipt));
            } catch (Throwable e) {
                report(submission, "it is answered with the error instead of its receipt", e);
                failReceipt(waiting, revision, result, e);
            }
        }
    }

    private void failReceipt(PendingSubmission waiting, Revision revision, SubmissionResult result, Throwable cause) {
        fail(waiting, InternalErrorException.withoutReceipt(tailnet, revision, result, cause));
    }

    /** Brings something up to date with what is published; an error in it stops nothing. */
    private void keepUp(Runnable update) {
        try {
            update.run();
        } catch (Throwable e) {
            report(null, "what is published stays, and the loop goes on", e);
        }
    }

    private void tell(
            Snapshot before,
            Snapshot after,
            List<RouteEvent> events,
            @Nullable TouchedKeys touched,
            List<SubmissionResult> results) {
        audience.tell(new Publication(before, after, events, touched));
        for (SubmissionResult result : results) {
            if (result instanceof SubmissionResult.Refused refused) {
                audience.observe(observer -> observer.refused(tailnet, refused.problems()));
            }
        }
        for (RouteEvent event : events) {
            if (event instanceof RouteEvent.PrimaryMoved moved) {
                audience.observe(observer -> observer.moved(tailnet, moved));
            }
        }
        audience.observe(observer -> observer.published(tailnet, after, gauges.unserved(), gauges.pending()));
    }
}
