package dev.wayleave.storage;

import dev.wayleave.RoutingViews;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the publications of one {@link RouteController}, computes the views of each, and hands them with their
 * difference to a {@link ViewListener}.
 *
 * <pre>{@code
 * ViewPublisher views = new ViewPublisher(listener);
 * RouteController controller = RouteController.builder(store, tailnet, scheduler, clock).listener(views).open();
 * }</pre>
 *
 * <p>Safe for use by several threads; {@link #current} costs one volatile read. The views are computed on the thread
 * that runs the controller's loop, as part of its turn: what that costs is said at {@link RoutingViews#after} and
 * {@link RoutingViews#changesSince}.
 */
public final class ViewPublisher implements PublicationListener {

    private final ViewListener listener;
    private volatile @Nullable PublishedViews current;

    /**
     * Makes a publisher for one controller.
     *
     * @param listener receives the views and their changes
     */
    public ViewPublisher(ViewListener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /** {@return the newest views; empty until the publisher has started} */
    public Optional<PublishedViews> current() {
        return Optional.ofNullable(current);
    }

    @Override
    public void started(Snapshot snapshot) {
        Objects.requireNonNull(snapshot, "snapshot");
        PublishedViews first = new PublishedViews(snapshot.revision(), RoutingViews.of(snapshot.state()));
        current = first;
        listener.started(first);
    }

    /**
     * Computes the views after a publication, and hands them over.
     *
     * @param publication the next one of the controller
     * @throws IllegalStateException if the publisher has not started
     */
    @Override
    public void published(Publication publication) {
        Objects.requireNonNull(publication, "publication");
        PublishedViews before = current;
        if (before == null) {
            throw new IllegalStateException("the views have not started: add the publisher to a controller");
        }
        RoutingViews views = publication.views(before.views());
        PublishedViews after = new PublishedViews(publication.after().revision(), views);
        ViewPublication change =
                new ViewPublication(before, after, views.changesSince(before.views()), publication.events());
        current = after;
        listener.published(change);
    }
}
