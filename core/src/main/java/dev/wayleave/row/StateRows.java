package dev.wayleave.row;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.User;
import java.util.List;
import java.util.Objects;

/**
 * The durable part of a state as plain rows: what a store holds, and what
 * {@link dev.wayleave.RoutingState#restore} takes.
 *
 * <p>In any order; {@link dev.wayleave.RoutingState#rows} gives the order of the keys.
 *
 * @param tailnet the tailnet itself
 * @param users its users
 * @param nodes its nodes
 * @param routes what is known about the prefixes on its nodes
 */
public record StateRows(TailnetRow tailnet, List<User> users, List<NodeRow> nodes, List<RouteRow> routes) {

    public StateRows {
        Objects.requireNonNull(tailnet, "tailnet");
        users = Copies.list(users, "users");
        nodes = Copies.list(nodes, "nodes");
        routes = Copies.list(routes, "routes");
    }
}
