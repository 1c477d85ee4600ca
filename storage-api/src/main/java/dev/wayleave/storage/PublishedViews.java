package dev.wayleave.storage;

import dev.wayleave.RoutingViews;
import java.util.Objects;

/**
 * A published snapshot with the views of its state.
 *
 * @param revision the revision of the durable part
 * @param views the views; {@link RoutingViews#state} is the state of the snapshot
 */
public record PublishedViews(Revision revision, RoutingViews views) {

    public PublishedViews {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(views, "views");
    }
}
