package dev.wayleave.storage;

import dev.wayleave.event.RouteEvent;
import java.time.Instant;
import java.util.Objects;

/**
 * An event, and the commit that it came with.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param revision the revision that the commit made
 * @param at the time of the step
 * @param event what happened
 */
public record StoredEvent(Revision revision, Instant at, RouteEvent event) {

    /**
     * Refuses null.
     *
     * @param revision the revision that the commit made
     * @param at the time of the step
     * @param event what happened
     */
    public StoredEvent {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(event, "event");
    }
}
