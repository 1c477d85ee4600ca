package dev.wayleave.storage;

import dev.wayleave.RouteEvent;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.StateChange;
import dev.wayleave.Step;
import dev.wayleave.SubmissionResult;
import dev.wayleave.TailnetRow;
import dev.wayleave.mesh.TailnetId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * commit may still land: a {@link Decided} remembers it. While there are doubts nothing else is published, and
 * the next commit is made even if there is nothing to write: of all commits on one revision only one can succeed, so that
 * settles them.
 */
final class Loop {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int ALL = Integer.MAX_VALUE;

    private final RoutingStore store;
    private final TailnetId tailnet;
    private final InstantSource clock;
    private final RetryRule retry;
    private final DoubleSupplier random;
    private final Audience audience;
    private final Inbox inbox;
    private final Gauges gauges;
    private final Outage outage;

    private volatile Snapshot published;

    /** Of the commit that made the published revision; null if none is known. */
    private @Nullable CommitToken token;

    /** Commits on the published revision of which nobody knows whether they were written. */
    private final List<Decided> doubts = new ArrayList<>();

    /** Whether a conflict said that somebody else may have written. */
    private boolean outdated;

    private int conflicts;

    /** How many submissions to take: fewer than all while one is looked for that the store does not take. */
    private int most = ALL;

    /** A commit, and what it decided on the published state. */
    private record Decided(CommitToken token, Batch batch, Step step) {}

    Loop(
            RoutingStore store,
            Snapshot first,
            Optional<CommitToken> token,
            InstantSource clock,
            RetryRule retry,
            DoubleSupplier random,
            Audience audience,
            Inbox inbox) {
        this.store = store;
        this.tailnet = first.state().tailnet();
        this.clock = clock;
        this.retry = retry;
        this.random = random;
        this.audience = audience;
        this.inbox = inbox;
        this.gauges = new Gauges(first.state());
        this.outage = new Outage(tailnet, clock, audience);
        this.published = first;
        this.token = token.orElse(null);
    }

    Snapshot current() {
        return published;
    }

    boolean hasWork() {
        return !inbox.isEmpty() || !doubts.isEmpty() || outdated;
    }

    /**
     * Takes one turn, and returns for how long to pause before the next one if this one has to be repeated. Throws nothing,
     * whatever the host's clock, random numbers and store do.
     */
    Optional<Duration> turn() {
        try {
            return tryTurn();
        } catch (RuntimeException | Error e) {
            LOG.error("a turn of tailnet {} failed; revision {} stays published", tailnet, published.revision(), e);
            return Optional.of(down(e));
        }
    }

    private Optional<Duration> tryTurn() {
        Optional<Duration> pause = settled();
        if (pause.isPresent()) {
            return pause;
        }
        giveUp();
        audience.observe(observer -> observer.queued(tailnet, inbox.size()));
        Batch batch = inbox.take(most);
        Instant now = time(batch);
        if (batch.isEmpty() && doubts.isEmpty() && !isDue(now)) {
            outage.over();
            return Optional.empty();
        }
        return decide(batch, now);
    }

    /** Answers those that met too many conflicts, unless an earlier commit of theirs may still land. */
    private void giveUp() {
        Set<Unanswered> inDoubt = inDoubt();
        for (Unanswered waiting : inbox.withConflicts(retry.conflicts())) {
            if (!inDoubt.contains(waiting)) {
                fail(waiting, new TooManyConflictsException(tailnet, waiting.conflicts));
            }
        }
    }

    /** The last turns: each thing that waits is tried once, and whatever is left is answered. */
    void last() {
        inbox.seal();
        Optional<Duration> pause = turn();
        while (pause.isEmpty() && hasWork()) {
            pause = turn();
        }
        if (!doubts.isEmpty()) {
            pause = settled();
        }
        Set<Unanswered> inDoubt = inDoubt();
        Revision expected = published.revision();
        for (Unanswered left : inbox.empty()) {
            left.fail(
                    inDoubt.contains(left)
                            ? new IndeterminateCommitException(tailnet, expected, Optional.empty())
                            : new ControllerClosedException(tailnet));
        }
        inbox.takeRefresh().ifPresent(refresh -> refresh.completeExceptionally(new ControllerClosedException(tailnet)));
        LOG.debug(
                "the controller of tailnet {} is closed at revision {}{}",
                tailnet,
                published.revision(),
                pause.isPresent() ? ", with work left" : "");
    }

    private boolean isDue(Instant now) {
        return published.state().nextDeadline().filter(due -> !due.isAfter(now)).isPresent();
    }

    /**
     * A part of what waits is decided before anything falls due: what is left out may be the very news that a node is
     * there.
     */
    private Instant time(Batch batch) {
        Instant now = clock.instant();
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
        try {
            settle();
        } catch (RuntimeException | Error e) {
            refresh.ifPresent(waiting -> waiting.completeExceptionally(e));
            return open ? Optional.of(down(e)) : Optional.empty();
        }
        refresh.ifPresent(waiting -> waiting.complete(published));
        return Optional.empty();
    }

    private void settle() {
        Optional<StoredTailnet> stored = store.load(tailnet);
        Revision known = published.revision();
        Revision found = stored.map(StoredTailnet::revision).orElse(Revision.NONE);
        boolean isOther = found.equals(known)
                && token != null
                && !stored.map(StoredTailnet::token).equals(Optional.of(token));
        if (isOther || found.compareTo(known) < 0) {
            throw new StorageException("the store has " + (isOther ? "another " : "") + "revision " + found
                    + " of tailnet `" + tailnet + "`, but revision " + known
                    + " was published: it was set back; close this controller and open another");
        }
        if (stored.isPresent() && !found.equals(known)) {
            reload(stored.get());
        }
        outdated = false;
    }

    private void reload(StoredTailnet stored) {
        Revision known = published.revision();
        Revision found = stored.revision();
        boolean isNext = found.equals(known.next());
        if (isNext) {
            for (Decided doubt : List.copyOf(doubts)) {
                if (doubt.token().equals(stored.token())) {
                    LOG.info("a commit of tailnet {} in doubt was written as revision {}", tailnet, found);
                    stored(doubt, found);
                    return;
                }
            }
        }
        Snapshot after = new Snapshot(found, published.state().reload(stored.rows(), clock.instant()));
        if (!isNext) {
            // a keep-alive can do no harm if it is heard twice
            inDoubt().stream()
                    .filter(waiting -> !waiting.isKeepAlive())
                    .forEach(waiting ->
                            fail(waiting, new IndeterminateCommitException(tailnet, known, Optional.of(found))));
        }
        doubts.clear();
        token = stored.token();
        publishReloaded(after);
    }

    private Set<Unanswered> inDoubt() {
        Set<Unanswered> all = new LinkedHashSet<>();
        doubts.forEach(doubt -> all.addAll(doubt.batch().all()));
        return all;
    }

    // ---- what is decided now

    private Optional<Duration> decide(Batch batch, Instant now) {
        Snapshot before = published;
        long begun = System.nanoTime();
        Step step;
        try {
            step = Routing.step(before.state(), batch.submissions(), now);
        } catch (RuntimeException e) {
            return setApart(batch, e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        audience.observe(
                observer -> observer.stepped(tailnet, batch.submissions().size(), took));
        if (step.change().isEmpty() && doubts.isEmpty()) {
            publish(batch, before.revision(), step);
            return Optional.empty();
        }
        return commit(batch, before, step);
    }

    private Optional<Duration> commit(Batch batch, Snapshot before, Step step) {
        Decided decided = new Decided(new CommitToken(UUID.randomUUID().toString()), batch, step);
        Commit commit = new Commit(
                tailnet,
                before.revision(),
                decided.token(),
                step.next().now(),
                rows(before.revision(), step),
                step.events());
        long begun = System.nanoTime();
        CommitOutcome outcome;
        try {
            outcome = store.commit(commit);
        } catch (StorageUnavailableException e) {
            return Optional.of(down(e));
        } catch (StorageException e) {
            return setApart(batch, e);
        } catch (RuntimeException | Error e) {
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
            return Optional.of(doubt(decided, unknown.cause()));
        }
        outdated = true;
        conflicts++;
        batch.all().forEach(waiting -> waiting.conflicts++);
        LOG.debug("a commit of tailnet {} on revision {} met another one", tailnet, before.revision());
        audience.observe(observer -> observer.conflicted(tailnet, conflicts));
        return Optional.of(pause(conflicts));
    }

    /** The first commit of a tailnet brings the tailnet itself. */
    private StateChange rows(Revision expected, Step step) {
        StateChange change = step.change();
        if (!expected.equals(Revision.NONE) || change.tailnet().isPresent()) {
            return change;
        }
        RoutingState next = step.next();
        return new StateChange(
                Optional.of(new TailnetRow(tailnet, next.settings(), next.policy())),
                change.users(),
                change.nodes(),
                change.routes());
    }

    private Duration doubt(Decided doubt, Exception cause) {
        doubts.add(doubt);
        LOG.warn(
                "nobody knows yet whether a commit of tailnet {} on revision {} was written",
                tailnet,
                published.revision(),
                cause);
        audience.observe(observer -> observer.unknown(tailnet, cause));
        return pause(doubts.size());
    }

    /**
     * The store, or the step, does not take the batch as it is: one of its submissions may be why. Ever fewer are tried,
     * until one that fails by itself is answered; the others go on.
     */
    private Optional<Duration> setApart(Batch batch, RuntimeException cause) {
        if (batch.ordinary() > 1 || (batch.ordinary() == 1 && !batch.part())) {
            most = Math.max(1, batch.ordinary() / 2);
            return Optional.empty();
        }
        most = ALL;
        if (batch.isEmpty() || !batch.part() || inDoubt().contains(batch.all().get(0))) {
            return Optional.of(down(cause));
        }
        LOG.warn("a submission to tailnet {} cannot be stored", tailnet, cause);
        fail(batch.all().get(0), cause);
        outage.over();
        return Optional.empty();
    }

    private Duration down(Throwable cause) {
        return pause(outage.failed(
                cause instanceof StorageException known
                        ? known
                        : new StorageException("a turn of tailnet `" + tailnet + "` failed: " + cause, cause)));
    }

    private Duration pause(int inARow) {
        Duration pause = retry.pause(inARow, jitter());
        audience.observe(observer -> observer.retrying(tailnet, pause));
        return pause;
    }

    private double jitter() {
        try {
            return random.getAsDouble();
        } catch (RuntimeException | Error e) {
            LOG.error("the random numbers of tailnet {} failed; its pauses are without jitter", tailnet, e);
            return 0;
        }
    }

    // ---- what is done

    private void fail(Unanswered waiting, Exception cause) {
        inbox.remove(List.of(waiting));
        waiting.fail(cause);
    }

    private void stored(Decided decided, Revision revision) {
        doubts.clear();
        conflicts = 0;
        token = decided.token();
        publish(decided.batch(), revision, decided.step());
    }

    private void publish(Batch batch, Revision revision, Step step) {
        outage.over();
        most = ALL;
        Snapshot before = published;
        Snapshot after = new Snapshot(revision, step.next());
        published = after;
        inbox.remove(batch.all());
        List<Receipt> receipts = Receipt.of(revision, batch.submissions(), step.results(), step.events());
        for (int i = 0; i < receipts.size(); i++) {
            batch.all().get(i).complete(receipts.get(i));
        }
        gauges.follow(before.state(), step);
        tell(new Publication(before, after, step.events(), Optional.of(step.touched())), step.results());
    }

    private void publishReloaded(Snapshot after) {
        Snapshot before = published;
        published = after;
        gauges.count(after.state());
        tell(new Publication(before, after, List.of(), Optional.empty()), List.of());
    }

    private void tell(Publication publication, List<SubmissionResult> results) {
        audience.tell(publication);
        audience.observe(observer -> {
            for (SubmissionResult result : results) {
                if (result instanceof SubmissionResult.Refused refused) {
                    observer.refused(tailnet, refused.problems());
                }
            }
            for (RouteEvent event : publication.events()) {
                if (event instanceof RouteEvent.Moved moved) {
                    observer.moved(tailnet, moved);
                }
            }
            observer.published(tailnet, publication.after(), gauges.unserved(), gauges.pending());
        });
    }
}
