package dev.wayleave.storage;

import dev.wayleave.internal.Copies;
import dev.wayleave.visibility.ViewChanges;
import java.util.List;
import java.util.Objects;

/**
 * A change of the published views, ready to send.
 *
 * @param before the views that were published until now
 * @param after the views that are published from now on
 * @param changes exactly the viewers whose view changed, and how
 * @param events the events in between, in their order, as in {@link Publication}
 */
public record ViewPublication(
        PublishedViews before, PublishedViews after, ViewChanges changes, List<PublishedEvent> events) {

    public ViewPublication {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(changes, "changes");
        events = Copies.list(events, "events");
    }
}
