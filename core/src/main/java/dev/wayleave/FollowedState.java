package dev.wayleave;

import java.util.Objects;

/**
 * The result of {@link Routing#follow}: a state that has the rows that another process changed.
 *
 * @param next the state afterwards
 * @param touched the nodes and prefixes whose change may change views: {@link RoutingViews#after(RoutingState,
 *     TouchedKeys)} takes both
 */
public record FollowedState(RoutingState next, TouchedKeys touched) {

    public FollowedState {
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(touched, "touched");
    }
}
