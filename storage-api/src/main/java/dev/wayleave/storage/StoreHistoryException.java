package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store no longer holds the history of a tailnet that a {@link RouteController} published: the tailnet was deleted,
 * set back to an older revision, or replaced by another one of the same name.
 *
 * <p>This is no outage and does not pass. The controller closes, and keeps what it published last. Nothing of the
 * submission is in the history that the store has now. The host finds out why – a backup that was restored, a failover
 * to a server that lagged behind, an operator who deleted the tailnet –, opens another controller, which takes what the
 * store has, and lets nodes connect and advertise again.
 */
public final class StoreHistoryException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** The revision that was published. */
    private final Revision published;

    /** The revision that the store has. */
    private final transient @Nullable Revision found;

    /**
     * Says what was published, and what the store has.
     *
     * @param tailnet whose history it is
     * @param published the revision that the controller published last
     * @param found the revision that the store has; null if the tailnet is deleted
     */
    StoreHistoryException(TailnetId tailnet, Revision published, @Nullable Revision found) {
        super("tailnet `" + tailnet + "` has another history in the store than the one of revision " + published
                + " that was published: " + difference(published, found)
                + "; open another controller, which takes what the store has");
        this.published = published;
        this.found = found;
    }

    private static String difference(Revision published, @Nullable Revision found) {
        if (found == null) {
            return "it was deleted";
        }
        return found.equals(published)
                ? "it was replaced by another revision " + found
                : "it was set back to revision " + found;
    }

    /**
     * Returns the revision that the controller published last.
     *
     * @return 1 or more
     */
    public Revision published() {
        return published;
    }

    /**
     * Returns the revision that the store has.
     *
     * @return the published one if another commit made it, or an older one; empty if the tailnet is deleted
     */
    public Optional<Revision> found() {
        return Optional.ofNullable(found);
    }
}
