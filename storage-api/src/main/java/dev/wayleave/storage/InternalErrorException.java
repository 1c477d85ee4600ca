package dev.wayleave.storage;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RouteController} met an error that is neither the caller's nor the store's: a mistake in this library, or
 * something of the host that broke, such as its clock or its memory.
 *
 * <p>The cause is what was thrown, an {@link Error} included. Unless {@link #stored} names a revision, nothing of the
 * submission is stored.
 */
public final class InternalErrorException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** The revision that holds the submission. */
    private final transient @Nullable Revision stored;

    private InternalErrorException(String message, @Nullable Revision stored, Throwable cause) {
        super(message + ": " + text(cause) + "; report it with its cause", cause);
        this.stored = stored;
    }

    /** What was thrown may be of any class, and fail when it is printed. */
    private static String text(Throwable cause) {
        try {
            return cause.toString();
        } catch (Throwable e) {
            return cause.getClass().getName();
        }
    }

    /** The step fails because of this submission. */
    static InternalErrorException undecided(TailnetId tailnet, Throwable cause) {
        return new InternalErrorException(
                "a submission to tailnet `" + tailnet + "` was not decided or stored, because the step failed",
                null,
                cause);
    }

    /** The submission is decided, and its receipt could not be made. */
    static InternalErrorException withoutReceipt(
            TailnetId tailnet, Revision revision, SubmissionResult result, Throwable cause) {
        boolean isAccepted = result instanceof SubmissionResult.Accepted;
        return new InternalErrorException(
                "a submission to tailnet `" + tailnet + "` is "
                        + (isAccepted ? "accepted and stored as of revision " + revision : "refused")
                        + ", but its receipt could not be made",
                isAccepted ? revision : null,
                cause);
    }

    /** The host's clock failed when something was handed in. */
    static InternalErrorException untimed(TailnetId tailnet, Throwable cause) {
        return new InternalErrorException(
                "a submission to tailnet `" + tailnet + "` was not taken, because the clock failed", null, cause);
    }

    /** What somebody else wrote could not be taken over. */
    static InternalErrorException unread(TailnetId tailnet, Throwable cause) {
        return new InternalErrorException(
                "tailnet `" + tailnet + "` was read from the store and could not be taken over", null, cause);
    }

    /** The controller closed, because its turns failed again and again. */
    static InternalErrorException closed(TailnetId tailnet, int failures, Throwable cause) {
        return new InternalErrorException(
                "the controller of tailnet `" + tailnet + "` closed after " + failures
                        + " turns in a row had failed; nothing that waited was stored; open another controller",
                null,
                cause);
    }

    /**
     * Returns the revision that holds the submission.
     *
     * @return empty if nothing of it is stored; else it is accepted, and only its receipt could not be made
     */
    public Optional<Revision> stored() {
        return Optional.ofNullable(stored);
    }
}
