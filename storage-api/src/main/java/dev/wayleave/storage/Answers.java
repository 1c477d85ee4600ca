package dev.wayleave.storage;

import com.google.common.collect.ImmutableListMultimap;
import dev.wayleave.Step;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers submissions and refreshes, each once; at the end all that wait. What the host chains to an answer may throw:
 * that goes to the log, and the next answer is given.
 */
final class Answers {

    private final TailnetId tailnet;
    private final SubmissionQueue queue;
    private final RoutingFunctions functions;
    private final Listeners listeners;
    private final InternalErrors errors;

    /** The reason why the loop cannot go on; null while it can. */
    private volatile SubmissionQueue.@Nullable CloseCause endCause;

    Answers(
            TailnetId tailnet,
            SubmissionQueue queue,
            RoutingFunctions functions,
            Listeners listeners,
            InternalErrors errors) {
        this.tailnet = tailnet;
        this.queue = queue;
        this.functions = functions;
        this.listeners = listeners;
        this.errors = errors;
    }

    // ---- submissions

    /** Gives each submission of a batch its receipt. The batch waits no longer. */
    void answer(Batch batch, Revision revision, Step step) {
        ImmutableListMultimap<Origin, RouteEvent> events;
        try {
            events = Receipt.byOrigin(step.events());
        } catch (Throwable e) {
            errors.report(revision, null, "no receipt of the turn can be made", e);
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
                Receipt receipt = functions.receipt(revision, result, events.get(Origin.of(submission)));
                listeners.quietly("receiver of a receipt", () -> waiting.complete(receipt));
            } catch (Throwable e) {
                errors.report(revision, submission, "it is answered with the error instead of its receipt", e);
                failReceipt(waiting, revision, result, e);
            }
        }
    }

    private void failReceipt(PendingSubmission waiting, Revision revision, SubmissionResult result, Throwable cause) {
        fail(waiting, InternalErrorException.withoutReceipt(tailnet, revision, result, cause));
    }

    /** Answers a submission that waits with an exception. */
    void refuse(PendingSubmission waiting, WayleaveException cause) {
        queue.remove(List.of(waiting));
        fail(waiting, cause);
    }

    /** Answers a submission that waits with a refusal that no step decided. */
    void refuse(PendingSubmission waiting, Revision revision, Problem problem) {
        queue.remove(List.of(waiting));
        Receipt receipt = new Receipt(revision, new SubmissionResult.Refused(List.of(problem)), List.of());
        listeners.quietly("receiver of a receipt", () -> waiting.complete(receipt));
        listeners.observe(observer -> observer.refused(tailnet, List.of(problem)));
    }

    /**
     * Answers submissions that met too many conflicts.
     *
     * @param inDoubt what stays, because its earlier commit may still be written
     */
    void giveUp(int conflicts, Set<PendingSubmission> inDoubt) {
        for (PendingSubmission waiting : queue.withConflicts(conflicts)) {
            if (!inDoubt.contains(waiting)) {
                refuse(waiting, new TooManyConflictsException(tailnet, waiting.conflicts));
            }
        }
    }

    /**
     * Refuses, in one turn, all submissions that cannot be applied to the revision that they expect. None of them is in
     * doubt: while its commit is, nothing else is published, and it expects what is published.
     *
     * @param read the place of the first submission that came after the store was read
     */
    void refuseOutdated(Revision published, long read) {
        for (PendingSubmission waiting : queue.outdated(published, read)) {
            long expected =
                    Objects.requireNonNull(waiting.expectedOrNull(), "expected").value();
            refuse(waiting, published, new Problem.RevisionConflict(expected, published.value()));
        }
    }

    private void fail(PendingSubmission waiting, WayleaveException cause) {
        listeners.quietly("receiver of a receipt", () -> waiting.fail(cause));
    }

    // ---- refreshes

    void complete(CompletableFuture<Snapshot> refresh, Snapshot published) {
        listeners.quietly("receiver of a refresh", () -> refresh.complete(published));
    }

    void fail(CompletableFuture<Snapshot> refresh, Throwable cause) {
        listeners.quietly("receiver of a refresh", () -> refresh.completeExceptionally(cause));
    }

    // ---- the end

    /** {@return why the loop cannot go on; null while it can. For any thread} */
    SubmissionQueue.@Nullable CloseCause endCause() {
        return endCause;
    }

    /** The loop cannot go on: every submission and refresh that waits, or comes in later, is answered so. */
    void end(Supplier<WayleaveException> cause, Revision published, Set<PendingSubmission> inDoubt) {
        SubmissionQueue.CloseCause reason = SubmissionQueue.CloseCause.failed(cause);
        queue.seal(reason);
        endCause = reason;
        answerRest(reason, published, inDoubt);
        listeners.observe(observer -> observer.failed(tailnet, cause.get()));
    }

    /**
     * Answers all that wait. A submission of a commit in doubt may be stored, and its answer is that its outcome is
     * unknown.
     */
    void answerRest(SubmissionQueue.CloseCause reason, Revision published, Set<PendingSubmission> inDoubt) {
        for (PendingSubmission left : queue.empty()) {
            WayleaveException cause = reason.ofSubmission().get();
            fail(left, inDoubt.contains(left) ? indeterminate(published, cause) : cause);
        }
        queue.takeRefresh()
                .ifPresent(refresh -> fail(refresh.answer(), reason.ofRefresh().get()));
    }

    private WayleaveException indeterminate(Revision published, WayleaveException cause) {
        IndeterminateCommitException indeterminate = new IndeterminateCommitException(tailnet, published, null);
        indeterminate.initCause(cause);
        return indeterminate;
    }
}
