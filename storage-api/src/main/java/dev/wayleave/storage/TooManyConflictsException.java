package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.Objects;

/**
 * Another process wrote to the tailnet before each of the commits of a submission.
 *
 * <p>Nothing of the submission was stored. It may be submitted again.
 */
public final class TooManyConflictsException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** The number of commits that ended in a conflict. */
    private final int attempts;

    /**
     * Creates the exception with the number of commits that were tried.
     *
     * @param tailnet the tailnet of the submission
     * @param attempts how many commits ended in a conflict
     */
    public TooManyConflictsException(TailnetId tailnet, int attempts) {
        super("a submission to tailnet `" + Objects.requireNonNull(tailnet, "tailnet") + "` met " + attempts
                + " conflicts and was not stored: other processes write all the time; submit it again");
        this.attempts = attempts;
    }

    /** {@return how many commits ended in a conflict} */
    public int attempts() {
        return attempts;
    }
}
