package dev.wayleave.visibility;

import dev.wayleave.access.PacketFilter;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/**
 * The whole view of one viewer at one moment, as a value: itself, its peers with their routes, and its packet filter.
 * To compare, to store, and to send as a document; {@link ViewerRoutes} answers single questions for less.
 *
 * @param viewer the node whose view it is
 * @param routes the effective routes on the viewer, even where another node is their primary; prefixes suffice, because
 *     the node of each of these routes is {@code viewer}
 * @param primary the prefixes of those routes of which the viewer is the tailnet's primary
 * @param peers the nodes that it sees, in the order of their numbers
 * @param filter the packets that it lets in
 */
public record View(
        Node viewer, SortedSet<Prefix> routes, SortedSet<Prefix> primary, List<Peer> peers, PacketFilter filter) {

    /** Copies the collections. */
    public View {
        Objects.requireNonNull(viewer, "viewer");
        routes = Copies.sortedSet(routes, "routes");
        primary = Copies.sortedSet(primary, "primary");
        peers = Copies.list(peers, "peers");
        Objects.requireNonNull(filter, "filter");
    }

    /**
     * A node that the viewer sees.
     *
     * @param node the peer
     * @param liveness whether it is online
     * @param routes what the viewer may send to it beside the peer's own addresses
     */
    public record Peer(Node node, Liveness liveness, PeerRoutes routes) {

        public Peer {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(liveness, "liveness");
            Objects.requireNonNull(routes, "routes");
        }
    }
}
