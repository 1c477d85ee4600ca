package dev.wayleave.storage;

import dev.wayleave.Problem;
import dev.wayleave.RouteEvent;
import dev.wayleave.mesh.TailnetId;
import java.time.Duration;
import java.util.List;

/**
 * Is told what a {@link RouteController} does, for metrics. Every method does nothing unless it is overridden.
 *
 * <p>One observer may serve many controllers, and must be safe for use by several threads then. For one controller all
 * calls come from one thread at a time, the one that runs its loop – except {@link #queueFull}, which comes from whoever
 * submitted. No lock is held. What an observer throws is logged and goes no further. It should return quickly: while it
 * runs, nothing new is decided. A minor version may add methods that do nothing.
 */
public interface RoutingObserver {

    /**
     * How many submissions wait for their answer, at the beginning of a turn of the loop.
     *
     * @param tailnet whose controller
     * @param waiting those that the queue's limit counts, and one for each session with a keep-alive to be heard
     */
    default void queued(TailnetId tailnet, int waiting) {}

    /**
     * A submission was not taken because the queue is full.
     *
     * @param tailnet whose controller
     * @param limit how many may wait
     */
    default void queueFull(TailnetId tailnet, int limit) {}

    /**
     * A step was taken; it may have to be taken again, if its commit fails.
     *
     * @param tailnet whose controller
     * @param submissions how many it took in
     * @param took how long it took
     */
    default void stepped(TailnetId tailnet, int submissions, Duration took) {}

    /**
     * A commit was written.
     *
     * @param tailnet whose controller
     * @param revision the revision that it made
     * @param took how long the store took
     */
    default void committed(TailnetId tailnet, Revision revision, Duration took) {}

    /**
     * A commit met another one.
     *
     * @param tailnet whose controller
     * @param inARow how many did since the last success
     */
    default void conflicted(TailnetId tailnet, int inARow) {}

    /**
     * Nobody knows yet whether a commit was written.
     *
     * @param tailnet whose controller
     * @param cause what broke in the middle
     */
    default void unknown(TailnetId tailnet, Exception cause) {}

    /**
     * The loop pauses before it tries again.
     *
     * @param tailnet whose controller
     * @param pause for how long
     */
    default void retrying(TailnetId tailnet, Duration pause) {}

    /**
     * The store does not work, as from now.
     *
     * @param tailnet whose controller
     * @param cause what it said
     */
    default void outageBegan(TailnetId tailnet, Exception cause) {}

    /**
     * The store works again, or nothing waits for it any more.
     *
     * @param tailnet whose controller
     * @param lasted how long it did not
     */
    default void outageEnded(TailnetId tailnet, Duration lasted) {}

    /**
     * A submission was refused; nothing of it was applied.
     *
     * @param tailnet whose controller
     * @param problems why
     */
    default void refused(TailnetId tailnet, List<Problem> problems) {}

    /**
     * A prefix has another primary, by a step that is published now.
     *
     * @param tailnet whose controller
     * @param move from where, to where, and why
     */
    default void moved(TailnetId tailnet, RouteEvent.Moved move) {}

    /**
     * A snapshot was published.
     *
     * @param tailnet whose controller
     * @param snapshot what is published now
     * @param unserved how many prefixes are effective on some node and have no primary
     * @param pending how many prefixes on nodes are advertised, and neither approved nor denied: somebody has to decide
     */
    default void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {}
}
