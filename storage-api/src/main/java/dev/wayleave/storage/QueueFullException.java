package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.Objects;

/**
 * A {@link RouteController} refuses a submission, because the greatest number of submissions already wait for their
 * answer.
 *
 * <p>Nothing of it was or will be applied. The caller slows down, and submits it again later or not at all.
 */
public final class QueueFullException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** The largest number of submissions that may wait. */
    private final int limit;

    /**
     * Names the limit.
     *
     * @param tailnet the tailnet of the controller
     * @param limit how many submissions may wait
     */
    public QueueFullException(TailnetId tailnet, int limit) {
        super("the queue of tailnet `" + Objects.requireNonNull(tailnet, "tailnet") + "` is full: " + limit
                + " submissions wait for their answer; slow down and try again later");
        this.limit = limit;
    }

    /** {@return how many submissions may wait for their answer, 1 or more} */
    public int limit() {
        return limit;
    }
}
