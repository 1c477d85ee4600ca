package dev.wayleave.storage;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RouteController} met an error that is neither the caller's nor the store's: a mistake in this library, or a
 * failure of the host, such as of its clock or memory.
 *
 * <p>The cause is the exception or {@link Error} that was thrown. Unless {@link #stored} names a revision, nothing of
 * the submission is stored.
 */
public final class InternalErrorException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** The revision that holds the submission. */
    private final transient @Nullable Revision stored;

    private InternalErrorException(String message, @Nullable Revision stored, Throwable cause) {
        super(message + ": " + text(cause) + "; report it with its cause", cause);
        this.stored = stored;
    }

    /** The cause may be of any class, and throw when it is printed. */
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

    /** The host's clock failed when a submission came in. */
    static InternalErrorException untimed(TailnetId tailnet, Throwable cause) {
        return new InternalErrorException(
                "a submission to tailnet `" + tailnet + "` was not taken, because the clock failed", null, cause);
    }

    /** The tailnet could not be loaded. */
    static InternalErrorException unloaded(TailnetId tailnet, Throwable cause) {
        return new InternalErrorException("tailnet `" + tailnet + "` could not be loaded", null, cause);
    }

    /** The rows that another process wrote could not be taken over. */
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
     * {@return the revision that holds the submission, which is accepted and only has no receipt; empty if nothing of
     * it is stored}
     */
    public Optional<Revision> stored() {
        return Optional.ofNullable(stored);
    }
}
