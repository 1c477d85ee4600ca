package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store no longer holds the history of a tailnet that a {@link RouteController} published: the tailnet was deleted,
 * set back to an older revision, replaced by a new tailnet of the same name, or went on from an older revision without
 * the published one.
 *
 * <p>This is not an outage and does not pass. The controller closes, and keeps its last published snapshot. Nothing of
 * the submission is in the store's present history. The host finds the cause: a restored backup, a failover to a server
 * that lagged behind, or an operator who deleted the tailnet. Then it opens a new controller, which reads the store,
 * and lets nodes connect and advertise again.
 */
public final class StoreHistoryException extends StorageException {

    private static final long serialVersionUID = 1L;

    /** The revision that was published. */
    private final Revision published;

    /** The revision that the store has. */
    private final transient @Nullable Revision found;

    /**
     * Names the published and the stored revision.
     *
     * @param tailnet whose history it is
     * @param published the revision that the controller published last
     * @param found the revision that the store has; null if the tailnet is deleted
     */
    StoreHistoryException(TailnetId tailnet, Revision published, @Nullable Revision found) {
        super("tailnet `" + tailnet + "` has another history in the store than the one of revision " + published
                + " that was published: " + difference(published, found)
                + "; open another controller, which reads the store");
        this.published = published;
        this.found = found;
    }

    private static String difference(Revision published, @Nullable Revision found) {
        if (found == null) {
            return "it was deleted";
        }
        if (found.compareTo(published) > 0) {
            return "it is at revision " + found + ", and another commit made revision " + published;
        }
        return found.equals(published)
                ? "it was replaced by another revision " + found
                : "it was set back to revision " + found;
    }

    /** {@return the revision that the controller published last, 1 or more} */
    public Revision published() {
        return published;
    }

    /**
     * {@return the revision that the store has: an older one, or the published or a later one if another commit made
     * the published one; empty if the tailnet is deleted}
     */
    public Optional<Revision> found() {
        return Optional.ofNullable(found);
    }
}
