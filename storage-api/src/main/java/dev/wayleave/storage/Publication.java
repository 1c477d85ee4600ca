package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.TouchedKeys;
import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change of the published snapshot: the value that listeners get.
 *
 * <p><b>Events.</b> A publication is of one step of this controller, or of the commits that other processes made since
 * the last one. It has their events, so that a listener gets each event of each commit once, in the order of their
 * positions, wherever it was committed. Events that the store has forgotten or cannot read are left out, with a warning
 * in the log; so are all events of other processes in one publication except the newest 100,000. Events of a step that
 * changed no row are not stored: only the listeners of the controller that took the step get them.
 *
 * @param before the snapshot that was published until now
 * @param after the snapshot that is published from now on
 * @param events the events in between, in their order
 * @param touchedOrNull the nodes and prefixes whose change may change views; null if all rows were loaded: check them
 *     all
 */
public record Publication(
        Snapshot before,
        Snapshot after,
        List<PublishedEvent> events,
        @Nullable TouchedKeys touchedOrNull) {

    /** Copies the events. */
    public Publication {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        events = Copies.list(events, "events");
    }

    /**
     * Returns the views after this publication, at the cost of {@link RoutingViews#after(RoutingState, TouchedKeys)};
     * where the publication does not have what it touched, or the views are not those of {@link #before}, at the cost
     * of {@link RoutingViews#forState}.
     *
     * @param last the views that were sent last, of the same tailnet
     * @return the views of {@link #after}
     * @throws IllegalArgumentException if the views are those of another tailnet
     */
    public RoutingViews views(RoutingViews last) {
        Objects.requireNonNull(last, "last");
        return touchedOrNull != null && last.state() == before.state()
                ? last.after(after.state(), touchedOrNull)
                : last.forState(after.state());
    }

    /** {@return the nodes and prefixes whose change may change views; empty if all rows were loaded: check them all} */
    public Optional<TouchedKeys> touched() {
        return Optional.ofNullable(touchedOrNull);
    }
}
