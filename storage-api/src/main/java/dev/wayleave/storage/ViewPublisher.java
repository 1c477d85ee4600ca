package dev.wayleave.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.RoutingViews;
import java.util.ArrayList;
import java.util.List;
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
 * <p>{@link #current} costs one volatile read. The views are computed on the thread that runs the controller's loop, as
 * part of its turn: for the costs see {@link RoutingViews#after} and {@link RoutingViews#changesSince}.
 */
public final class ViewPublisher implements PublicationListener {

    /** The largest number of events that are kept for a listener whose calls fail. */
    static final int MOST_MISSED_EVENTS = 100_000;

    private static final QuietLog LOG = QuietLog.of(ViewPublisher.class);

    private final ViewListener listener;
    private volatile @Nullable PublishedViews current;

    // of the thread that runs the loop

    private boolean isAttached;

    /** Whether the listener has the current views; false from the beginning of a call until it returns. */
    private boolean isDelivered;

    /** The events that the listener has not received. */
    private final List<PublishedEvent> missed = new ArrayList<>();

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
        isAttached = true;
        isDelivered = false;
        missed.clear();
        start(snapshot);
        isDelivered = true;
    }

    @CanIgnoreReturnValue
    private PublishedViews start(Snapshot snapshot) {
        PublishedViews whole = new PublishedViews(snapshot.revision(), RoutingViews.of(snapshot.state()));
        current = whole;
        listener.started(whole);
        return whole;
    }

    /**
     * Computes the views after a publication, and hands them over. If this or an earlier call failed, hands over the
     * whole views and all events since the last call that did not fail: see {@link ViewListener}.
     *
     * @param publication the next one of the controller
     * @throws IllegalStateException if the publisher has not been added to a controller
     */
    @Override
    public void published(Publication publication) {
        Objects.requireNonNull(publication, "publication");
        if (!isAttached) {
            throw new IllegalStateException("the views have not started: add the publisher to a controller");
        }
        PublishedViews before = isDelivered ? current : null;
        isDelivered = false;
        keep(publication.events());
        if (before == null) {
            before = start(publication.after());
        }
        RoutingViews views = publication.views(before.views());
        PublishedViews after = new PublishedViews(publication.after().revision(), views);
        ViewPublication change = new ViewPublication(before, after, views.changesSince(before.views()), missed);
        current = after;
        listener.published(change);
        missed.clear();
        isDelivered = true;
    }

    private void keep(List<PublishedEvent> events) {
        missed.addAll(events);
        int tooMany = missed.size() - Math.max(events.size(), MOST_MISSED_EVENTS);
        if (tooMany > 0) {
            LOG.warn("the oldest {} events are dropped: the listener of the views fails again and again", tooMany);
            missed.subList(0, tooMany).clear();
        }
    }
}
