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
 * Is told what a {@link RouteController} does, for metrics. Every method does nothing unless it is overridden.
 *
 * <p>One observer may serve many controllers, and must be safe for use by several threads then. For one controller all
 * calls come from one thread at a time, the one that runs its loop – except {@link #queueFull}, which comes from
 * whoever submitted. No lock is held. What an observer throws is logged and goes no further. It should return quickly:
 * while it runs, nothing new is decided. A minor version may add methods that do nothing.
 */
public interface RoutingObserver {

    /**
     * How many submissions wait for their answer: at the beginning of a turn of the loop, and at its end if it is
     * another number then.
     *
     * @param tailnet whose controller
     * @param waiting those that the queue's limit counts, and one for each session with a keep-alive to be heard
     */
    default void queued(TailnetId tailnet, int waiting) {
        Objects.requireNonNull(tailnet, "tailnet");
    }

    /**
     * A submission was not taken because the queue is full.
     *
     * @param tailnet whose controller
     * @param limit how many may wait
     */
    default void queueFull(TailnetId tailnet, int limit) {
        Objects.requireNonNull(tailnet, "tailnet");
    }

    /**
     * A step was taken; it may have to be taken again, if its commit fails.
     *
     * @param tailnet whose controller
     * @param submissions how many it took in
     * @param took how long it took
     */
    default void stepped(TailnetId tailnet, int submissions, Duration took) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(took, "took");
    }

    /**
     * A commit was written.
     *
     * @param tailnet whose controller
     * @param revision the revision that it made
     * @param took how long the store took
     */
    default void committed(TailnetId tailnet, Revision revision, Duration took) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(took, "took");
    }

    /**
     * A commit met another one.
     *
     * @param tailnet whose controller
     * @param inARow how many did since the last success
     */
    default void conflicted(TailnetId tailnet, int inARow) {
        Objects.requireNonNull(tailnet, "tailnet");
    }

    /**
     * Nobody knows yet whether a commit was written.
     *
     * @param tailnet whose controller
     * @param cause what broke in the middle
     */
    default void unknown(TailnetId tailnet, Exception cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * The loop pauses before it tries again.
     *
     * @param tailnet whose controller
     * @param pause for how long
     */
    default void retrying(TailnetId tailnet, Duration pause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(pause, "pause");
    }

    /**
     * The store does not work, as from now.
     *
     * @param tailnet whose controller
     * @param cause what it said
     */
    default void outageBegan(TailnetId tailnet, Exception cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * The store works again, or nothing waits for it any more.
     *
     * @param tailnet whose controller
     * @param lasted how long it did not
     */
    default void outageEnded(TailnetId tailnet, Duration lasted) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(lasted, "lasted");
    }

    /**
     * A turn of the loop met an internal error: a mistake in this library, or something of the host that broke, such as
     * its clock or its memory. Not the store's errors.
     *
     * @param tailnet whose controller
     * @param submissions those that the turn took, in their order; none if it had not taken any yet
     * @param toBlame the one with which the step fails, or whose receipt cannot be made: it alone is answered with
     *     {@link InternalErrorException}, the others go on; null if none of them is: the turn is repeated after a
     *     pause, or, if it is published already, the loop goes on
     * @param cause what was thrown; may be an {@link Error}
     */
    default void internalError(
            TailnetId tailnet, List<Submission> submissions, @Nullable Submission toBlame, Throwable cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Copies.refuseNull(submissions, "submissions");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * The controller closed by itself and takes nothing any more. Everything that waited was answered.
     *
     * @param tailnet whose controller
     * @param cause {@link StoreHistoryException} if the store has another history of the tailnet; {@link
     *     InternalErrorException} if too many turns in a row failed; {@link ControllerClosedException} if the scheduler
     *     takes no more work
     */
    default void failed(TailnetId tailnet, WayleaveException cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(cause, "cause");
    }

    /**
     * The host's wall clock was stepped. Every running timer moves along, by a step that is published soon.
     *
     * @param tailnet whose controller
     * @param by the new time less the old one: positive if the clock is ahead of what it was
     */
    default void clockStepped(TailnetId tailnet, Duration by) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(by, "by");
    }

    /**
     * A submission was refused; nothing of it was applied.
     *
     * @param tailnet whose controller
     * @param problems why
     */
    default void refused(TailnetId tailnet, List<Problem> problems) {
        Objects.requireNonNull(tailnet, "tailnet");
        Copies.refuseNull(problems, "problems");
    }

    /**
     * A prefix has another primary, by a step that is published now.
     *
     * @param tailnet whose controller
     * @param move from where, to where, and why
     */
    default void moved(TailnetId tailnet, RouteEvent.PrimaryMoved move) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(move, "move");
    }

    /**
     * A snapshot was published.
     *
     * @param tailnet whose controller
     * @param snapshot what is published now
     * @param unserved how many prefixes are effective on some node and have no primary
     * @param pending how many prefixes on nodes are advertised, and neither approved nor denied: somebody has to decide
     */
    default void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(snapshot, "snapshot");
    }
}
