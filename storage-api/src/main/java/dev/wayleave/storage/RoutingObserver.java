package dev.wayleave.storage;

import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Receives the facts of a {@link RouteController}'s work, for metrics. Every method does nothing unless it is
 * overridden. A controller may have several ({@link RouteControllerBuilder#observer}).
 *
 * <p>One observer may serve many controllers, and must be safe for use by several threads then. For one controller all
 * calls come from one thread at a time, the thread that runs its loop – except {@link #queueFull}, which comes from
 * the thread that submits. No lock is held. What an observer throws is logged and goes no further. It should return
 * quickly: while it runs, nothing new is decided. A minor version may add methods that do nothing.
 */
public interface RoutingObserver {

    /**
     * Reports how many submissions wait for their answer: at the beginning of a turn of the loop, and at its end if the
     * number changed.
     *
     * @param tailnet the tailnet of the controller
     * @param waiting the submissions that the queue's limit counts, and one for each session with a waiting keep-alive
     */
    default void queued(TailnetId tailnet, int waiting) {
        Objects.requireNonNull(tailnet, "tailnet");
    }

    /**
     * A submission was refused because the queue is full.
     *
     * @param tailnet the tailnet of the controller
     * @param limit how many submissions may wait
     */
    default void queueFull(TailnetId tailnet, int limit) {
        Objects.requireNonNull(tailnet, "tailnet");
    }

    /**
     * A step was taken; if its commit fails, its submissions are decided again.
     *
     * @param tailnet the tailnet of the controller
     * @param submissions how many submissions it took in
     * @param took how long it took
     */
    default void stepped(TailnetId tailnet, int submissions, Duration took) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(took, "took");
    }

    /**
     * A commit was written.
     *
     * @param tailnet the tailnet of the controller
     * @param revision the revision that it made
     * @param took how long the store took
     */
    default void committed(TailnetId tailnet, Revision revision, Duration took) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(took, "took");
    }

    /**
     * A commit was refused because another process wrote first.
     *
     * @param tailnet the tailnet of the controller
     * @param inARow how many commits met a conflict since something was published
     */
    default void conflicted(TailnetId tailnet, int inARow) {
        Objects.requireNonNull(tailnet, "tailnet");
    }

    /**
     * It is not known yet whether a commit was written.
     *
     * @param tailnet the tailnet of the controller
     * @param cause the error in the middle of the commit
     */
    default void unknown(TailnetId tailnet, Exception cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * The loop pauses before it tries again.
     *
     * @param tailnet the tailnet of the controller
     * @param pause for how long
     */
    default void retrying(TailnetId tailnet, Duration pause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(pause, "pause");
    }

    /**
     * The store began to fail.
     *
     * @param tailnet the tailnet of the controller
     * @param cause the error of the store
     */
    default void outageBegan(TailnetId tailnet, Exception cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * The store works again, or no submission waits for it any more.
     *
     * @param tailnet the tailnet of the controller
     * @param lasted how long the store failed
     */
    default void outageEnded(TailnetId tailnet, Duration lasted) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(lasted, "lasted");
    }

    /**
     * A turn of the loop met an internal error: a mistake in this library, or a failure of the host, such as of its
     * clock or memory. Errors of the store do not come here.
     *
     * @param tailnet the tailnet of the controller
     * @param submissions the submissions that the turn took, in their order; none if it had not taken any yet
     * @param toBlame the submission with which the step fails, or whose receipt cannot be made: only this submission is
     *     answered with {@link InternalErrorException}. Null if there is none: the turn is repeated after a pause, or,
     *     if it is published already, the loop goes on
     * @param cause the exception, or an {@link Error}
     */
    default void internalError(
            TailnetId tailnet, List<Submission> submissions, @Nullable Submission toBlame, Throwable cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Copies.refuseNull(submissions, "submissions");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * The controller closed by itself. All waiting submissions were answered, and new ones are refused.
     *
     * @param tailnet the tailnet of the controller
     * @param cause {@link StoreHistoryException} if the store has another history of the tailnet; {@link
     *     InternalErrorException} if too many turns in a row failed; {@link ControllerClosedException} if the scheduler
     *     takes no more work
     */
    default void failed(TailnetId tailnet, WayleaveException cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * The host's wall clock was stepped. A step that is published soon moves every running timer along.
     *
     * @param tailnet the tailnet of the controller
     * @param by the new time minus the old time: positive if the clock was set ahead
     */
    default void clockStepped(TailnetId tailnet, Duration by) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(by, "by");
    }

    /**
     * A submission was refused; nothing of it was applied.
     *
     * @param tailnet the tailnet of the controller
     * @param problems the reasons, at least one
     */
    default void refused(TailnetId tailnet, List<Problem> problems) {
        Objects.requireNonNull(tailnet, "tailnet");
        Copies.refuseNull(problems, "problems");
    }

    /**
     * The primary of a prefix moved to another node, by a step of this controller that is published now. For moves that
     * another process decided, its observers are called.
     *
     * @param tailnet the tailnet of the controller
     * @param move the old and the new primary, and the reason
     */
    default void moved(TailnetId tailnet, RouteEvent.PrimaryMoved move) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(move, "move");
    }

    /**
     * A snapshot was published, or is the one with which the controller opens: that call comes before
     * {@link RouteControllerBuilder#open} returns, on its thread.
     *
     * @param tailnet the tailnet of the controller
     * @param snapshot the snapshot that is published now
     * @param unserved how many prefixes are effective on some node and have no primary
     * @param pending how many prefixes on nodes are advertised and wait for a decision: neither approved nor denied
     */
    default void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(snapshot, "snapshot");
    }

    // ---- only of Tailnets

    /**
     * A tailnet was loaded. Called before the first call about its controller that follows from a submission.
     *
     * @param tailnet the tailnet
     * @param took how long it took, without the wait for other loads
     */
    default void loaded(TailnetId tailnet, Duration took) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(took, "took");
    }

    /**
     * A tailnet could not be loaded. Its callers were refused, and the next one tries again.
     *
     * @param tailnet the tailnet
     * @param cause what the callers are answered
     */
    default void loadFailed(TailnetId tailnet, WayleaveException cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * A tailnet is no longer loaded: it was idle, was deleted, or its controller closed. No call about it follows until
     * it is loaded again.
     *
     * @param tailnet the tailnet
     */
    default void unloaded(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
    }
}
