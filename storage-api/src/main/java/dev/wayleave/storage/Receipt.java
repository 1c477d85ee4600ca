package dev.wayleave.storage;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The answer to a submission, after it is stored.
 *
 * @param revision the revision at which its answer is true; unchanged if it changed nothing that is stored
 * @param result accepted, or refused with all problems
 * @param events the events of its step with its actor and correlation id as their origin. Where several submissions of
 *     one step concern one prefix, the event of the election belongs to the last of them. Two submissions of one actor
 *     in one step without correlation ids of their own get the events of both.
 *     {@link dev.wayleave.event.ApprovalDifference#of} reads from them what an approval changed
 */
public record Receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {

    /** Copies the events. */
    public Receipt {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(result, "result");
        events = Copies.list(events, "events");
    }

    /**
     * Waits for an answer of {@link RouteController#submit}. Blocks the thread; not for a thread of the controller's
     * executor.
     *
     * @param answer what {@link RouteController#submit} returned
     * @param timeout how long to wait, more than zero
     * @return the receipt, accepted or refused
     * @throws AnswerTimeoutException if no answer came in time; the submission may still be applied
     * @throws WayleaveException what {@link RouteController#submit} answers instead of a receipt
     * @throws InterruptedException if the thread is interrupted; the submission may still be applied
     * @throws IllegalArgumentException if the timeout is not more than zero
     */
    public static Receipt await(CompletionStage<Receipt> answer, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout " + timeout + " is not more than zero");
        }
        try {
            return answer.toCompletableFuture().get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AnswerTimeoutException(timeout);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            Throwables.throwIfUnchecked(cause);
            throw new IllegalStateException("a submission failed", cause);
        }
    }

    /**
     * {@return this receipt, if the submission was accepted}
     *
     * @throws SubmissionRefusedException with all problems, if it was refused
     */
    @CanIgnoreReturnValue
    public Receipt orElseThrow() {
        if (result instanceof SubmissionResult.Refused refused) {
            throw new SubmissionRefusedException(refused.problems());
        }
        return this;
    }

    /** Groups the events of a step by their origin, in one pass. */
    static ImmutableListMultimap<Origin, RouteEvent> byOrigin(List<RouteEvent> events) {
        return Multimaps.index(events, RouteEvent::origin);
    }
}
