package dev.wayleave.storage;

import dev.wayleave.FollowedState;
import dev.wayleave.RoutingState;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Catches up with the store: reads it after a conflict, after an unknown outcome, for a refresh, for a submission that
 * expects a later revision, and from time to time if the controller follows, and publishes what is newer there with its
 * events. It reads what changed since the published revision; all rows only if the store does not know what changed.
 *
 * <pre>
 *   the stored revision is                  then
 *   the published one                       nothing is new; a commit in doubt may still be written
 *   a later one, and the log has
 *     the published one with its token        other processes wrote: what they changed is published
 *     the next one with a token in doubt      that commit was written: once another commit has confirmed it, its
 *                                             decision is published, and what came after it
 *     the next one with another token         no commit in doubt was written: they are decided again
 *     the published one with another token    the history forked: the loop ends
 *     neither of them any more                the rows are published with a warning; whether a commit in doubt was
 *                                             written is unknown for good, and its submissions are answered so
 *   an older one, or the same one
 *     with another token                    the history changed: the loop ends
 * </pre>
 */
final class StoreReader {

    private static final QuietLog LOG = QuietLog.of(StoreReader.class);

    private final TailnetId tailnet;
    private final TailnetAccess store;
    private final SubmissionQueue queue;
    private final OpenCommits open;
    private final Publisher publisher;
    private final Committer committer;
    private final Answers answers;
    private final StoreHealth health;
    private final Pauses pauses;
    private final PollTimer pollTimer;
    private final FollowedEvents events;
    private final RoutingFunctions functions;

    /** Whether the last read for no other reason than to follow failed. */
    private boolean isBlind;

    /**
     * Whether rows were refused that were read last. An operator who mends rows writes no revision into them, so that
     * what changed does not show it: all rows are read until they are accepted. The same after an internal error, which
     * may be caused only by following.
     */
    private boolean readsAllRows;

    /**
     * Whether the last read ended with an internal error: the next turn reads again, even if there is no other reason.
     */
    private boolean isOwed;

    /** The place of the first submission that came after the last read that succeeded had begun. */
    private long readBefore;

    StoreReader(
            TailnetId tailnet,
            TailnetAccess store,
            SubmissionQueue queue,
            OpenCommits open,
            Publisher publisher,
            Committer committer,
            Answers answers,
            StoreHealth health,
            Pauses pauses,
            PollTimer pollTimer,
            FollowedEvents events,
            RoutingFunctions functions) {
        this.tailnet = tailnet;
        this.store = store;
        this.queue = queue;
        this.open = open;
        this.publisher = publisher;
        this.committer = committer;
        this.answers = answers;
        this.health = health;
        this.pauses = pauses;
        this.pollTimer = pollTimer;
        this.events = events;
        this.functions = functions;
    }

    /**
     * The result of a read of the store.
     *
     * @param revision the newest revision; {@link Revision#NONE} if the tailnet is not stored
     * @param tokenOrNull its token; null if the tailnet is not stored
     * @param changesOrNull what changed since the published revision; null if all rows were read
     * @param rowsOrNull all rows; null if what changed was read, or the tailnet is not stored
     */
    private record StoreContent(
            Revision revision,
            @Nullable CommitToken tokenOrNull,
            @Nullable RowChanges changesOrNull,
            @Nullable StateRows rowsOrNull) {}

    /** Reads the store if there is a reason to. Returns the pause after which to try again; empty if it is settled. */
    Optional<Duration> catchUp() {
        boolean isDue = isOwed || pollTimer.isDue();
        SubmissionQueue.Refresh refresh = queue.takeRefresh().orElse(null);
        boolean isAsked = refresh != null && refresh.needsRead(publisher.revision());
        if (!open.needRead() && !isAsked && !isDue && unread() == null) {
            answer(refresh);
            return Optional.empty();
        }
        Optional<Duration> pause;
        try {
            isOwed = false;
            pollTimer.restart(); // also if this read fails
            long place = queue.nextPlace();
            pause = takeOver(read());
            readBefore = place;
            readsAllRows = false;
            pollTimer.restart();
            seesAgain();
        } catch (StoredRowsException e) {
            readsAllRows = true;
            return unread(refresh, e);
        } catch (StorageException e) {
            return unread(refresh, e);
        } catch (ContradictingRowsException e) {
            readsAllRows = true;
            // as if the store had refused them: an operator mends the rows, and the controller goes on
            return unread(refresh, new StorageException(String.valueOf(e.getMessage()), e));
        } catch (Throwable e) {
            isOwed = true;
            readsAllRows = true;
            if (refresh != null) {
                answers.fail(refresh.answer(), InternalErrorException.unread(tailnet, e));
            }
            throw e;
        }
        if (pause.isPresent() && refresh != null) {
            queue.returnRefresh(refresh); // what is published is older than what was read
        } else {
            answer(refresh);
        }
        return pause;
    }

    /** {@return the next submission, if it expects a revision that is not known to be missing; null if it does not} */
    private @Nullable PendingSubmission unread() {
        return queue.unread(publisher.revision(), readBefore);
    }

    /**
     * Refuses the submissions that cannot be applied to the revision that they expect.
     *
     * @return false if the next submission came after the store was read, and expects what may have been written since
     */
    boolean refuseOutdated() {
        answers.refuseOutdated(publisher.revision(), readBefore);
        return unread() == null;
    }

    /** Reads what changed since the published revision; if the store does not know it, all rows. */
    private StoreContent read() {
        Revision known = publisher.revision();
        CommitToken token = publisher.token();
        if (token != null && !readsAllRows) {
            StoredChanges changes = store.changes(known).orElse(null);
            if (changes != null && changes.sinceToken().equals(token)) {
                return new StoreContent(changes.revision(), changes.token(), changes.rowChanges(), null);
            }
        }
        StoredTailnet stored = store.load().orElse(null);
        return stored == null
                ? new StoreContent(Revision.NONE, null, null, null)
                : new StoreContent(stored.revision(), stored.token(), null, stored.rows());
    }

    private void answer(SubmissionQueue.@Nullable Refresh refresh) {
        if (refresh == null) {
            return;
        }
        SubmissionQueue.CloseCause endCause = answers.endCause();
        if (endCause == null) {
            answers.complete(refresh.answer(), publisher.current());
        } else {
            answers.fail(refresh.answer(), endCause.ofRefresh().get());
        }
    }

    private Optional<Duration> unread(SubmissionQueue.@Nullable Refresh refresh, StorageException cause) {
        if (refresh != null) {
            answers.fail(refresh.answer(), cause);
        }
        PendingSubmission unread = unread();
        if (open.needRead() || (unread != null && cause instanceof StorageUnavailableException)) {
            return Optional.of(pauses.after(health.failed(cause)));
        }
        if (unread != null) {
            answers.refuse(unread, cause);
        }
        if (refresh == null && !isBlind) {
            isBlind = true;
            LOG.warn("tailnet {} cannot be read: commits of other processes are published once it can", tailnet, cause);
        }
        return Optional.empty();
    }

    private void seesAgain() {
        if (isBlind) {
            isBlind = false;
            LOG.info("tailnet {} is read again, at revision {}", tailnet, publisher.revision());
        }
    }

    private Optional<Duration> takeOver(StoreContent found) {
        Revision known = publisher.revision();
        CommitToken token = publisher.token();
        boolean isReplaced = found.revision().equals(known) && token != null && !token.equals(found.tokenOrNull());
        if (isReplaced || found.revision().compareTo(known) < 0) {
            committer.leaveHistory(found.tokenOrNull() == null ? null : found.revision());
            return Optional.empty();
        }
        Optional<Duration> pause = Optional.empty();
        if (found.tokenOrNull() != null && !found.revision().equals(known)) {
            pause = advance(found, found.tokenOrNull());
        }
        if (pause.isEmpty()) {
            open.caughtUp();
        }
        return pause;
    }

    /**
     * The store has later revisions than the published one: does its history contain that one, and what is in doubt?
     */
    private Optional<Duration> advance(StoreContent found, CommitToken foundToken) {
        Revision known = publisher.revision();
        if (found.changesOrNull() != null && open.isEmpty()) {
            publish(found, foundToken, true); // the changes begin at the published commit, and none is in doubt
            return Optional.empty();
        }
        Map<Revision, CommitToken> log = new HashMap<>();
        for (LoggedCommit commit : store.commits(known, 2)) {
            log.put(commit.revision(), commit.token());
        }
        CommitToken published = publisher.token();
        CommitToken logged = log.get(known);
        if (published != null && logged != null && !logged.equals(published)) {
            committer.leaveHistory(found.revision());
            return Optional.empty();
        }
        if (logged == null && !known.equals(Revision.NONE)) {
            LOG.warn(
                    "revision {} of tailnet {}, which was published last, is older than the log of the store: its"
                            + " revision {} is loaded, and whether it has the same history is not known",
                    known,
                    tailnet,
                    found.revision());
        }
        CommitToken next = log.get(known.next());
        Optional<Decision> landed = next == null ? Optional.empty() : open.withToken(next);
        if (landed.isPresent()) {
            return confirm(landed.get(), found.revision(), foundToken);
        }
        publish(found, foundToken, next != null);
        return Optional.empty();
    }

    /** A commit in doubt was written; what other processes wrote after it is read once it is published. */
    private Optional<Duration> confirm(Decision landed, Revision found, CommitToken foundToken) {
        Optional<Duration> pause = committer.confirm(landed, found, foundToken);
        boolean isNewest = publisher.revision().compareTo(found) > 0;
        if (pause.isPresent() || isNewest || answers.endCause() != null) {
            return pause;
        }
        open.conflicted();
        return store.isLocked() ? Optional.of(Duration.ZERO) : takeOver(read()); // the commit was the end of the lock
    }

    /**
     * Publishes what other processes wrote.
     *
     * @param isSettled whether it is known that no commit in doubt was written
     */
    private void publish(StoreContent found, CommitToken foundToken, boolean isSettled) {
        RoutingState before = publisher.current().state();
        RowChanges changes = found.changesOrNull();
        if (changes != null) {
            FollowedState followed = functions.follow(before, changes, publisher.now());
            Snapshot after = new Snapshot(found.revision(), followed.next());
            List<PublishedEvent> happened = eventsUpTo(found.revision());
            settle(found.revision(), isSettled);
            publisher.publishFollowed(after, foundToken, followed.touched(), changes, happened);
        } else {
            StateRows rows = Objects.requireNonNull(found.rowsOrNull(), "rows");
            Snapshot after = new Snapshot(found.revision(), functions.reload(before, rows, publisher.now()));
            List<PublishedEvent> happened = eventsUpTo(found.revision());
            settle(found.revision(), isSettled);
            publisher.publishReload(after, foundToken, happened);
        }
    }

    private List<PublishedEvent> eventsUpTo(Revision found) {
        return events.between(publisher.lastEvent(), publisher.revision(), found);
    }

    /** No commit in doubt can be written any more; if it is not known that none was, its callers are answered so. */
    private void settle(Revision found, boolean isSettled) {
        if (!isSettled) {
            // a keep-alive may be heard twice without harm
            open.submissions().stream()
                    .filter(waiting -> !waiting.isKeepAlive())
                    .forEach(waiting -> answers.refuse(
                            waiting, new IndeterminateCommitException(tailnet, publisher.revision(), found)));
        }
        open.clear();
    }
}
