package dev.wayleave.storage;

import dev.wayleave.TouchedKeys;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * That one snapshot took the place of another: what a listener is told.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param before what was published until now
 * @param after what is published from now on
 * @param events what happened in between, in its order; none after a reload, for somebody else made those
 * @param touchedOrNull where to look for nodes whose view changed; null after a reload: look everywhere
 */
public record Publication(
        Snapshot before,
        Snapshot after,
        List<RouteEvent> events,
        @Nullable TouchedKeys touchedOrNull) {

    /**
     * Copies the events.
     *
     * @param before what was published until now
     * @param after what is published from now on
     * @param events what happened in between, in its order; none after a reload, for somebody else made those
     * @param touchedOrNull where to look for nodes whose view changed; null after a reload: look everywhere
     */
    public Publication {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        events = Copies.list(events, "events");
    }

    /** {@return where to look for nodes whose view changed; empty after a reload: look everywhere} */
    public Optional<TouchedKeys> touched() {
        return Optional.ofNullable(touchedOrNull);
    }
}
