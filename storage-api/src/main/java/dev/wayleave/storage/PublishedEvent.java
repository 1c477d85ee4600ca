package dev.wayleave.storage;

import dev.wayleave.event.RouteEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event of a {@link Publication}, with the position that the store has for it.
 *
 * <p>The event of a commit has the same position and time in each process, so that a stream of events uses the position
 * as the id of the event: a client that reconnects to another process goes on after the last position that it has, with
 * {@link RoutingStore#events}. An event of a step that changed no row – a node that is not a router is online – is not
 * stored and has no position: send it without an id.
 *
 * @param at the time of the step, cut to whole milliseconds
 * @param event what happened; of a kind that this version does not know, a {@link RouteEvent.UnknownEvent}
 * @param positionOrNull the revision that the event's commit made, and its place in the commit; null if the event is
 *     not stored
 */
public record PublishedEvent(
        Instant at, RouteEvent event, @Nullable EventPosition positionOrNull) {

    /** Cuts the time to whole milliseconds. */
    public PublishedEvent {
        at = Objects.requireNonNull(at, "at").truncatedTo(ChronoUnit.MILLIS);
        Objects.requireNonNull(event, "event");
    }

    /** {@return the revision that the event's commit made, and its place in the commit; empty if it is not stored} */
    public Optional<EventPosition> position() {
        return Optional.ofNullable(positionOrNull);
    }
}
