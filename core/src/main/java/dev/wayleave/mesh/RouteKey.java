package dev.wayleave.mesh;

import dev.wayleave.net.Prefix;
import java.util.Objects;

/**
 * The key of a route: a prefix on a node. Ordered by node, then by prefix.
 *
 * @param node the node
 * @param prefix the prefix
 */
public record RouteKey(NodeId node, Prefix prefix) implements Comparable<RouteKey> {

    public RouteKey {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(prefix, "prefix");
    }

    @Override
    public int compareTo(RouteKey other) {
        Objects.requireNonNull(other, "other");
        int byNode = node.compareTo(other.node);
        return byNode != 0 ? byNode : prefix.compareTo(other.prefix);
    }
}
