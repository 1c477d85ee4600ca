package dev.wayleave.access;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Node;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.SortedSet;

/**
 * A node and the prefixes that are effective on it, which means advertised and approved.
 *
 * @param node the node
 * @param effective its subnet and exit routes in their order, whether or not the node is online or primary for them
 */
public record NodeRoutes(Node node, SortedSet<Prefix> effective) {

    /** Copies the prefixes. */
    public NodeRoutes {
        Objects.requireNonNull(node, "node");
        effective = Copies.sortedSet(effective, "effective");
    }

    /** {@return whether an exit route is effective on the node; one family is enough} */
    public boolean isExitNode() {
        return effective.stream().anyMatch(Prefix::isExitRoute);
    }
}
