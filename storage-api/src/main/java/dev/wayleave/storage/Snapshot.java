package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import java.util.Objects;

/**
 * A published state, whose durable part is stored.
 *
 * @param revision the revision that its durable part has in the store
 * @param state the state
 */
public record Snapshot(Revision revision, RoutingState state) {

    public Snapshot {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(state, "state");
    }
}
