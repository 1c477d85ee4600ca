package dev.wayleave.storage.contract;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * What a store must be able to tell of an event that it keeps.
 *
 * @param revision the revision that its commit made
 * @param at the time of the step
 * @param actor who led to it; empty for what time did
 * @param correlationId the text that came with it
 * @param node the node that it is about
 * @param prefix the prefix that it is about
 */
public record KeptEvent(
        Revision revision,
        Instant at,
        Optional<Actor> actor,
        Optional<String> correlationId,
        Optional<NodeId> node,
        Optional<Prefix> prefix) {

    /** What must be told of an event. */
    public static KeptEvent of(StoredEvent stored) {
        return of(stored.revision(), stored.at(), stored.event());
    }

    static KeptEvent of(Revision revision, Instant at, RouteEvent event) {
        return new KeptEvent(revision, at, event.actor(), event.origin().correlationId(), event.node(), event.prefix());
    }
}
