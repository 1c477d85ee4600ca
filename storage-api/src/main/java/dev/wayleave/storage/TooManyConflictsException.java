package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.Objects;

/**
 * A submission was decided again and again, and each time somebody else had written before.
 *
 * <p>Nothing of it was stored. It may be handed in again.
 */
public final class TooManyConflictsException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** How many commits ended in a conflict. */
    private final int attempts;

    /**
     * Says how often it was tried.
     *
     * @param tailnet whose submission it was
     * @param attempts how many commits ended in a conflict
     */
    public TooManyConflictsException(TailnetId tailnet, int attempts) {
        super("a submission to tailnet `" + Objects.requireNonNull(tailnet, "tailnet") + "` met " + attempts
                + " conflicts and was not stored: others write all the time; hand it in again");
        this.attempts = attempts;
    }

    /**
     * Returns how often it was tried.
     *
     * @return how many commits ended in a conflict
     */
    public int attempts() {
        return attempts;
    }
}
