package dev.wayleave.testing;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.NaiveFilter.Exit;
import dev.wayleave.testing.NaiveFilter.Permission;
import dev.wayleave.visibility.engine.ElectedRoute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What every viewer gets, written from the documented rules of access and {@code core/DECISIONS.md}, not from the
 * engine: every pair of nodes by itself, nothing shared between viewers.
 */
public final class NaiveVisibility {

    private final NaiveTailnet tailnet;
    private final Map<Prefix, ElectedRoute> elected;
    private final Fault fault;
    private final SortedMap<NodeId, List<Permission>> permissions = new TreeMap<>();

    public NaiveVisibility(NaiveTailnet tailnet, Map<Prefix, ElectedRoute> elected, Fault fault) {
        this.tailnet = tailnet;
        this.elected = elected;
        this.fault = fault;
        for (NodeRoutes node : tailnet.nodes()) {
            NodeId id = node.node().id();
            boolean lost = fault == Fault.NODES_WITHOUT_CANDIDACY_LOSE_THEIR_FILTER
                    && node.effective().stream()
                            .filter(prefix -> !prefix.isExitRoute())
                            .anyMatch(prefix -> !route(prefix).candidates().contains(id));
            permissions.put(id, lost ? List.of() : NaiveFilter.permissions(tailnet, node, fault));
        }
    }

    public NaiveVisibility(NaiveTailnet tailnet, Map<Prefix, ElectedRoute> elected) {
        this(tailnet, elected, Fault.NONE);
    }

    /** All peers with the routes of each; exit routes too. */
    public SortedMap<NodeId, SortedSet<Prefix>> view(NodeId viewerId) {
        NodeRoutes viewer = tailnet.node(viewerId);
        SortedMap<NodeId, SortedSet<Prefix>> view = new TreeMap<>();
        boolean ledByVia = NaiveFilter.isLedByVia(tailnet, viewer, fault);
        boolean lost = fault == Fault.NODES_STAND_IN_NO_MORE_WAYS_THAN_A_WORD_HAS_BITS
                && tailnet.nodes().indexOf(viewer) >= Long.SIZE;
        for (NodeRoutes peer : tailnet.nodes()) {
            if (peer != viewer && !lost && sees(viewer, peer)) {
                view.put(peer.node().id(), exitRoutes(viewer, ledByVia, peer));
            }
        }
        SortedSet<Prefix> prefixes = new TreeSet<>();
        tailnet.nodes().forEach(node -> prefixes.addAll(node.effective()));
        prefixes.removeIf(Prefix::isExitRoute);
        for (Prefix prefix : prefixes) {
            carrier(viewer, prefix)
                    .filter(view::containsKey)
                    .ifPresent(carrier -> view.get(carrier).add(prefix));
        }
        return view;
    }

    public List<Permission> permissions(NodeId node) {
        return permissions.get(node);
    }

    private ElectedRoute route(Prefix prefix) {
        return elected.getOrDefault(prefix, ElectedRoute.UNSERVED);
    }

    private List<Permission> at(NodeRoutes node) {
        return permissions.get(node.node().id());
    }

    // Peers.

    private boolean sees(NodeRoutes one, NodeRoutes other) {
        return at(one).stream().anyMatch(permission -> permission.admits(other, fault))
                || at(other).stream().anyMatch(permission -> permission.admits(one, fault));
    }

    // Carriers: the primary if it admits the viewer, else the first candidate that does, else the way back to the
    // primary.

    private Optional<NodeId> carrier(NodeRoutes viewer, Prefix prefix) {
        ElectedRoute route = route(prefix);
        boolean own = viewer.effective().contains(prefix);
        if (own && fault != Fault.NO_CO_ROUTERS) {
            return route.primary();
        }
        Optional<NodeId> back = route.primary().filter(primary -> isSource(viewer, prefix));
        if (fault == Fault.THE_WAY_BACK_COMES_FIRST && back.isPresent()) {
            return back;
        }
        if (fault != Fault.THE_PRIMARY_IS_NOT_PREFERRED
                && route.primary().filter(id -> reaches(viewer, id, prefix)).isPresent()) {
            return route.primary();
        }
        Optional<NodeId> found = Optional.empty();
        for (NodeId candidate : route.candidates()) {
            if (!candidate.equals(viewer.node().id())
                    && reaches(viewer, candidate, prefix)
                    && (found.isEmpty() || fault == Fault.THE_WORST_CANDIDATE_STEPS_IN)) {
                found = Optional.of(candidate);
            }
        }
        return found.isEmpty() && isAdmittedNowhere(viewer, prefix) ? back : found;
    }

    /** By rules alone: a router that is offline admits whom it admits. */
    private boolean isAdmittedNowhere(NodeRoutes viewer, Prefix prefix) {
        return fault == Fault.THE_WAY_BACK_STEPS_IN_FOR_ROUTERS_THAT_ARE_OFFLINE
                || tailnet.nodes().stream()
                        .filter(router -> router.effective().contains(prefix))
                        .noneMatch(router -> reaches(viewer, router.node().id(), prefix));
    }

    private boolean isSource(NodeRoutes viewer, Prefix prefix) {
        return fault != Fault.NO_RETURN_PATH
                && at(viewer).stream().anyMatch(permission -> permission.isSource(prefix, fault));
    }

    private boolean reaches(NodeRoutes viewer, NodeId router, Prefix prefix) {
        return permissions.get(router).stream()
                .anyMatch(permission -> permission.admits(viewer, fault) && permission.reaches(prefix, fault));
    }

    // Exit routes, and via.

    private SortedSet<Prefix> exitRoutes(NodeRoutes viewer, boolean ledByVia, NodeRoutes peer) {
        SortedSet<Prefix> routes = new TreeSet<>();
        boolean shown = fault == Fault.EXIT_ROUTES_SHOW_WITH_THE_PEER
                || at(peer).stream()
                        .anyMatch(permission -> shows(permission.exit(), ledByVia) && permission.admits(viewer, fault));
        if (shown) {
            peer.effective().stream().filter(Prefix::isExitRoute).forEach(routes::add);
        }
        return routes;
    }

    /** Whether a permission shows exit routes to a viewer whom a grant with via leads to the internet, or does not. */
    public static boolean shows(Exit exit, boolean ledByVia) {
        return exit == Exit.SHOWN_DESPITE_VIA || (exit == Exit.SHOWN && !ledByVia);
    }
}
