package dev.wayleave.visibility;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * The view of one viewer, its netmap: itself, the peers that it sees, and their routes.
 *
 * <p>Viewers of the same viewer class share most of it, so that each further one costs {@code O(own routes)}. What it
 * returns may refer to all views of that moment.
 *
 * <p>Hosts do not implement it: it may get further methods in a minor version.
 */
public interface ViewerRoutes {

    /** {@return the number of the node whose view this is} */
    NodeId viewer();

    /**
     * {@return the viewer's own node with its effective routes; each is among its allowed addresses, even where another
     * node is primary}
     */
    NodeRoutes self();

    /**
     * {@return the prefixes of which the viewer is the tailnet's primary; a part of its effective subnet routes, in
     * order}
     */
    SortedSet<Prefix> selfPrimary();

    /**
     * Returns whether the viewer sees a node as a peer.
     *
     * @param peer any node
     * @return true if it does; never for itself or a node that the tailnet does not have
     */
    boolean sees(NodeId peer);

    /**
     * Returns the nodes that the viewer sees.
     *
     * @return in order. {@code O(1)}: the set reads the members of the viewer classes that the viewer sees, each time
     *     that it is read; a host that reads one set often copies it
     */
    SortedSet<NodeId> peers();

    /**
     * Returns the routes of those peers that have any for this viewer.
     *
     * @return peers in order, each with at least one route. {@code O(own routes)}: the map is that of the viewer class,
     *     in which a few peers are replaced; if these are more than a quarter, it is a copy
     */
    SortedMap<NodeId, PeerRoutes> routes();

    /**
     * Returns the routes of one peer.
     *
     * @param peer any node
     * @return what the viewer may send to it; {@link PeerRoutes#NONE} if that is nothing
     */
    PeerRoutes routes(NodeId peer);

    /**
     * Answers whether the viewer gets a route of a peer, and why.
     *
     * @param peer any node
     * @param prefix any subnet or exit route
     * @return the answer with its reason; {@code O(rules)}
     */
    RouteAnswer explain(NodeId peer, Prefix prefix);

    /**
     * {@return all effective routes of other nodes that the viewer does not get, each with the reason; by peer, then
     * prefix}
     */
    List<Withheld> withheld();

    /** {@return all routes that the viewer gets, each with the reason; by peer, then prefix} */
    List<RouteAnswer.Given> given();

    /**
     * Returns the rule because of which the viewer sees a peer.
     *
     * @param peer any node
     * @return the first rule that lets the viewer reach the peer or what is behind it, else the first that lets the
     *     peer reach the viewer; empty if the viewer does not see it
     */
    Optional<RuleId> seenByRule(NodeId peer);
}
