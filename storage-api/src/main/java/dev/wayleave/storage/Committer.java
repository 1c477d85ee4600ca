package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.row.RowChanges;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends commits to the store, and publishes those that are written.
 *
 * <p>If the store refuses a commit although it can be reached, one of the submissions may be the reason. Batches are
 * halved until that submission is alone; it is answered, and the rest is committed.
 */
final class Committer {

    private static final QuietLog LOG = QuietLog.of(Committer.class);

    private final TailnetId tailnet;
    private final TailnetAccess store;
    private final OpenCommits open;
    private final Publisher publisher;
    private final Answers answers;
    private final Listeners listeners;
    private final StoreHealth health;
    private final Pauses pauses;
    private final SessionGuard owner;

    /** The number of conflicts since something was published. */
    private int conflicts;

    /** The number of commits in a row with an unknown outcome, those that confirm a commit included. */
    private int unknowns;

    /** The number of submissions to take: fewer than all while the one is searched that the store refuses. */
    private int batchLimit = SubmissionQueue.ALL;

    /**
     * The number of submissions that were refused, because step or commit fail with them, since the last publication.
     */
    private int refusals;

    /** A submission that was refused; only earlier submissions are taken first. Null to take all. */
    private @Nullable PendingSubmission before;

    /** Whether commits in doubt are settled before any submission is taken. */
    private boolean settles;

    Committer(
            TailnetId tailnet,
            TailnetAccess store,
            OpenCommits open,
            Publisher publisher,
            Answers answers,
            Listeners listeners,
            StoreHealth health,
            Pauses pauses,
            SessionGuard owner) {
        this.tailnet = tailnet;
        this.store = store;
        this.open = open;
        this.publisher = publisher;
        this.answers = answers;
        this.listeners = listeners;
        this.health = health;
        this.pauses = pauses;
        this.owner = owner;
    }

    Batch take(SubmissionQueue queue) {
        settles &= !open.isEmpty();
        return settles ? Batch.NONE : queue.take(batchLimit, before, publisher.revision());
    }

    /**
     * Settles the commits in doubt first if one of them may have written a submission. Its step or its commit fails,
     * and it cannot be refused yet. The next commits are without any submission, until one is written or the commit in
     * doubt is found; if it was not written, the submission is decided again, and only that submission is refused.
     *
     * @return whether the submission is in doubt
     */
    boolean settleFirst(PendingSubmission submission) {
        settles = open.submissions().contains(submission);
        return settles;
    }

    /**
     * A submission was refused because its step or its commit fails. After the second one in a row, what came before it
     * is taken first: a stream of such submissions must not hold up the time and all that waits.
     */
    void refused(PendingSubmission submission) {
        batchLimit = SubmissionQueue.ALL;
        refusals++;
        before = refusals > 1 ? submission : null;
    }

    /** Nothing that came before the refused submission is left to do. Returns false if all was taken already. */
    boolean takeAll() {
        boolean wasLimited = before != null;
        before = null;
        return wasLimited;
    }

    /** Publishes a decision that changes no row: the revision stays. */
    void publishUnstored(Decision decision) {
        publish(decision, publisher.revision(), publisher.token());
    }

    private void publish(Decision decision, Revision revision, @Nullable CommitToken token) {
        publish(decision, revision, revision, token);
    }

    private void publish(Decision decision, Revision made, Revision confirmed, @Nullable CommitToken token) {
        // made first: if it fails, the commit is still in doubt
        Snapshot after = new Snapshot(confirmed, decision.step().next());
        open.clear();
        conflicts = 0;
        unknowns = 0;
        batchLimit = SubmissionQueue.ALL;
        refusals = 0;
        before = null;
        publisher.publish(decision.batch(), made, after, decision.step(), token);
    }

    /**
     * A commit in doubt was found in the store. It is answered only after one more commit, without a row, succeeded on
     * top of it: what can be read in a database may still be lost with its primary, until a later commit is durable.
     *
     * @param landed the decision of the commit in doubt
     * @param found the newest revision: that of the commit, or a later one of other processes
     * @param foundToken the token of that revision
     * @return the pause after which to look again; empty if the commit is answered, and published: as the newest
     *     revision, or, if other processes wrote after it, as the one that it made
     */
    Optional<Duration> confirm(Decision landed, Revision found, CommitToken foundToken) {
        Commit confirming = new Commit(
                tailnet,
                found,
                foundToken,
                CommitToken.random(),
                landed.commit().at(),
                RowChanges.none(),
                List.of(),
                owner.claim());
        CommitOutcome outcome;
        try {
            outcome = store.commit(confirming);
        } catch (StorageException e) {
            return Optional.of(down(e));
        } catch (Throwable e) {
            outcome = new CommitOutcome.Unknown(broken(e));
        }
        if (outcome instanceof CommitOutcome.Fenced fenced) {
            return fence(owner.fenced(fenced.owner()));
        }
        if (outcome instanceof CommitOutcome.Unknown unknown) {
            return Optional.of(unknown(unknown.cause()));
        }
        if (!(outcome instanceof CommitOutcome.Committed committed)) {
            open.overtaken();
            unknowns = 0;
            return Optional.of(pauses.afterConflict(1));
        }
        Revision made = landed.commit().expected().next();
        LOG.info("a commit of tailnet {} in doubt was written as revision {}", tailnet, made);
        if (found.equals(made)) {
            publish(landed, made, committed.revision(), confirming.token());
        } else {
            publish(landed, made, made, landed.commit().token());
        }
        return Optional.empty();
    }

    /**
     * The tailnet has another owner, or the lease of the process is over: the controller ends, and what it believes of
     * sessions is dropped. A tailnet that was deleted and made again has another owner, too: then its history is the
     * reason.
     *
     * @return the pause after which to try again, if the store does not know now which of the two it is; empty if the
     *     controller ended
     */
    Optional<Duration> fence(Supplier<WayleaveException> cause) {
        try {
            if (!owner.hasLostLease() && hasLeftHistory()) {
                return Optional.empty();
            }
        } catch (StorageException e) {
            return Optional.of(down(e));
        }
        health.over();
        LOG.warn("{}", String.valueOf(cause.get().getMessage()));
        publisher.dropSessions();
        answers.end(cause, publisher.revision(), open.submissions());
        return Optional.empty();
    }

    /** Ends the loop if the published revision is not in the log. Under a lock it was looked at before the commit. */
    private boolean hasLeftHistory() {
        Revision known = publisher.revision();
        CommitToken token = publisher.token();
        if (token == null || store.isLocked()) {
            return false;
        }
        LoggedCommit first = store.commits(known, 1).stream().findFirst().orElse(null);
        if (first != null && (first.token().equals(token) || !first.revision().equals(known))) {
            return false; // it is there, or older than the log
        }
        StoredTailnet stored = store.load().orElse(null);
        if (first == null && stored != null && isSameOrLater(stored, known, token)) {
            return false; // the log is empty, so that it does not say it
        }
        leaveHistory(stored == null ? null : stored.revision());
        return true;
    }

    private static boolean isSameOrLater(StoredTailnet stored, Revision known, CommitToken token) {
        return stored.revision().equals(known)
                ? stored.token().equals(token)
                : stored.revision().compareTo(known) > 0;
    }

    /**
     * The store no longer holds the published revision, and never will again.
     *
     * @param found the revision that it has; null if the tailnet is not stored
     */
    void leaveHistory(@Nullable Revision found) {
        Revision known = publisher.revision();
        health.over();
        open.clear(); // the history that the store has holds none of them
        LOG.warn("{}", String.valueOf(new StoreHistoryException(tailnet, known, found).getMessage()));
        answers.end(() -> new StoreHistoryException(tailnet, known, found), known, open.submissions());
    }

    private StorageException broken(Throwable cause) {
        return new StorageException("the store broke in the middle of a commit of tailnet `" + tailnet + "`", cause);
    }

    /** Sends a commit. Returns the pause after which the turn is repeated; empty if there is no reason to pause. */
    Optional<Duration> commit(Decision decision) {
        open.add(decision);
        long begun = System.nanoTime();
        CommitOutcome outcome;
        try {
            outcome = store.commit(decision.commit());
        } catch (StorageUnavailableException e) {
            open.removeLast();
            return Optional.of(down(e));
        } catch (StorageException e) {
            open.removeLast();
            return setApart(decision.batch(), e);
        } catch (Throwable e) {
            // the contract knows no such exception, so it may be written or not
            outcome = new CommitOutcome.Unknown(broken(e));
        }
        if (outcome instanceof CommitOutcome.Committed committed) {
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            listeners.observe(observer -> observer.committed(tailnet, committed.revision(), took));
            publish(decision, committed.revision(), decision.commit().token());
            return Optional.empty();
        }
        if (outcome instanceof CommitOutcome.Fenced fenced) {
            open.removeLast();
            return fence(owner.fenced(fenced.owner()));
        }
        return Optional.of(
                outcome instanceof CommitOutcome.Unknown unknown ? unknown(unknown.cause()) : conflict(decision));
    }

    private Duration conflict(Decision decision) {
        open.removeLast();
        open.conflicted();
        unknowns = 0;
        conflicts++;
        decision.batch().all().forEach(waiting -> waiting.conflicts++);
        LOG.debug("a commit of tailnet {} on revision {} met a conflict", tailnet, publisher.revision());
        int inARow = conflicts;
        listeners.observe(observer -> observer.conflicted(tailnet, inARow));
        return pauses.afterConflict(inARow);
    }

    /** The pauses grow also if each commit that confirms a commit in doubt is in doubt itself. */
    private Duration unknown(Exception cause) {
        unknowns++;
        if (unknowns == 1) {
            LOG.warn(
                    "it is not known yet whether a commit of tailnet {} on revision {} was written",
                    tailnet,
                    publisher.revision(),
                    cause);
        } else {
            LOG.debug("the outcome of a commit of tailnet {} is still unknown", tailnet, cause);
        }
        listeners.observe(observer -> observer.unknown(tailnet, cause));
        return pauses.after(Math.max(unknowns, open.size()));
    }

    private Duration down(StorageException cause) {
        return pauses.after(health.failed(cause));
    }

    /** The store refuses the batch: one of its submissions may be the reason. The next batch has half of them. */
    private Optional<Duration> setApart(Batch batch, StorageException cause) {
        if (batch.ordinary() > 1 || (batch.ordinary() == 1 && !batch.isProbe())) {
            batchLimit = Math.max(1, batch.ordinary() / 2);
            return Optional.empty();
        }
        batchLimit = SubmissionQueue.ALL;
        if (batch.isEmpty() || !batch.isProbe()) {
            before = null;
            return Optional.of(down(cause));
        }
        if (settleFirst(batch.all().get(0))) {
            return Optional.empty();
        }
        LOG.warn("a submission to tailnet {} cannot be stored", tailnet, cause);
        answers.refuse(batch.all().get(0), cause);
        refused(batch.all().get(0));
        health.over();
        return Optional.empty();
    }
}
