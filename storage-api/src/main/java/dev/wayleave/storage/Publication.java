package dev.wayleave.storage;

import dev.wayleave.TouchedKeys;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * That one snapshot took the place of another: what a listener is told.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param before what was published until now
 * @param after what is published from now on
 * @param events what happened in between, in its order; none after a reload, for somebody else made those
 * @param touched where to look for nodes that must be told something new; empty after a reload: look everywhere
 */
public record Publication(Snapshot before, Snapshot after, List<RouteEvent> events, Optional<TouchedKeys> touched) {

    /**
     * Copies the events.
     *
     * @param before what was published until now
     * @param after what is published from now on
     * @param events what happened in between, in its order; none after a reload, for somebody else made those
     * @param touched where to look for nodes that must be told something new; empty after a reload: look everywhere
     */
    public Publication {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(touched, "touched");
        events = Copies.list(events, "events");
    }
}
