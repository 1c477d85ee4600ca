package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.ContradictingRowsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Catches up with the store: reads it after a conflict, after an unknown outcome, and for a refresh, and publishes what
 * is newer there.
 *
 * <pre>
 *   the stored revision is                  then
 *   the published one                       nothing is new; a commit in doubt may still be written
 *   a later one, and the log has
 *     the published one with its token        other processes wrote: their rows are published
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

    StoreReader(
            TailnetId tailnet,
            TailnetAccess store,
            SubmissionQueue queue,
            OpenCommits open,
            Publisher publisher,
            Committer committer,
            Answers answers,
            StoreHealth health,
            Pauses pauses) {
        this.tailnet = tailnet;
        this.store = store;
        this.queue = queue;
        this.open = open;
        this.publisher = publisher;
        this.committer = committer;
        this.answers = answers;
        this.health = health;
        this.pauses = pauses;
    }

    /** Reads the store if there is a reason to. Returns the pause after which to try again; empty if it is settled. */
    Optional<Duration> catchUp() {
        CompletableFuture<Snapshot> refresh = queue.takeRefresh().orElse(null);
        if (!open.needRead() && refresh == null) {
            return Optional.empty();
        }
        Optional<StoredTailnet> stored;
        try {
            stored = store.load();
        } catch (StorageException e) {
            return unread(refresh, e);
        } catch (Throwable e) {
            return unread(
                    refresh, new StorageException("the store broke while it loaded tailnet `" + tailnet + "`", e));
        }
        Optional<Duration> pause;
        try {
            pause = takeOver(stored.orElse(null));
        } catch (StorageException e) {
            return unread(refresh, e);
        } catch (ContradictingRowsException e) {
            // as if the store had refused them: an operator mends the rows, and the controller goes on
            return unread(refresh, new StorageException(String.valueOf(e.getMessage()), e));
        } catch (Throwable e) {
            if (refresh != null) {
                answers.fail(refresh, InternalErrorException.unread(tailnet, e));
            }
            throw e;
        }
        if (refresh != null) {
            answer(refresh);
        }
        return pause;
    }

    private void answer(CompletableFuture<Snapshot> refresh) {
        SubmissionQueue.Ending ending = answers.ending();
        if (ending == null) {
            answers.complete(refresh, publisher.current());
        } else {
            answers.fail(refresh, ending.ofRefresh().get());
        }
    }

    private Optional<Duration> unread(@Nullable CompletableFuture<Snapshot> refresh, StorageException cause) {
        if (refresh != null) {
            answers.fail(refresh, cause);
        }
        return open.needRead() ? Optional.of(pauses.after(health.failed(cause))) : Optional.empty();
    }

    private Optional<Duration> takeOver(@Nullable StoredTailnet stored) {
        Revision known = publisher.revision();
        Revision found = stored == null ? Revision.NONE : stored.revision();
        CommitToken token = publisher.token();
        boolean isReplaced = found.equals(known) && token != null && (stored == null || !token.equals(stored.token()));
        if (isReplaced || found.compareTo(known) < 0) {
            leaveHistory(known, stored == null ? null : found);
            return Optional.empty();
        }
        Optional<Duration> pause = Optional.empty();
        if (stored != null && !found.equals(known)) {
            pause = advance(stored);
        }
        if (pause.isEmpty()) {
            open.caughtUp();
        }
        return pause;
    }

    /**
     * The store has later revisions than the published one: does its history contain that one, and what is in doubt?
     */
    private Optional<Duration> advance(StoredTailnet stored) {
        Revision known = publisher.revision();
        Map<Revision, CommitToken> log = new HashMap<>();
        for (LoggedCommit commit : store.commits(known, 2)) {
            log.put(commit.revision(), commit.token());
        }
        CommitToken published = publisher.token();
        CommitToken logged = log.get(known);
        if (published != null && logged != null && !logged.equals(published)) {
            leaveHistory(known, stored.revision());
            return Optional.empty();
        }
        if (logged == null && !known.equals(Revision.NONE)) {
            LOG.warn(
                    "revision {} of tailnet {}, which was published last, is older than the log of the store: its"
                            + " revision {} is loaded, and whether it has the same history is not known",
                    known,
                    tailnet,
                    stored.revision());
        }
        CommitToken next = log.get(known.next());
        Optional<Decision> landed = next == null ? Optional.empty() : open.withToken(next);
        if (landed.isPresent()) {
            return committer.confirm(landed.get(), stored);
        }
        reload(stored, next != null);
        return Optional.empty();
    }

    /** The store no longer holds the published revision, and never will again. */
    private void leaveHistory(Revision known, @Nullable Revision found) {
        health.over();
        open.clear(); // the history that the store has holds none of them
        LOG.warn("{}", String.valueOf(new StoreHistoryException(tailnet, known, found).getMessage()));
        answers.end(() -> new StoreHistoryException(tailnet, known, found), known, open.submissions());
    }

    /**
     * Publishes the rows of other processes.
     *
     * @param isSettled whether it is known that no commit in doubt was written
     */
    private void reload(StoredTailnet stored, boolean isSettled) {
        Revision known = publisher.revision();
        Revision found = stored.revision();
        Snapshot after = new Snapshot(found, publisher.current().state().reload(stored.rows(), publisher.now()));
        if (!isSettled) {
            // a keep-alive may be heard twice without harm
            open.submissions().stream()
                    .filter(waiting -> !waiting.isKeepAlive())
                    .forEach(waiting ->
                            answers.refuse(waiting, new IndeterminateCommitException(tailnet, known, found)));
        }
        open.clear();
        publisher.publishReload(after, stored.token());
    }
}
