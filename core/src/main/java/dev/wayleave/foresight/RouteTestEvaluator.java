package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.RouteState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.visibility.PeerRoutes;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Evaluates route tests; for one thread. */
final class RouteTestEvaluator {

    private final RoutingViews views;

    /** The tailnet once some nodes are down. */
    private final Map<Set<NodeId>, RoutingViews> down = new HashMap<>();

    RouteTestEvaluator(RoutingViews views) {
        this.views = views;
        this.down.put(Set.of(), views);
    }

    List<String> faults(RouteExpectation test) {
        List<String> faults = new ArrayList<>();
        TreeSet<NodeId> absent = new TreeSet<>();
        for (String name : test.withDown()) {
            List<NodeId> named = nodes(name);
            if (named.isEmpty()) {
                faults.add("`" + name + "` names no node that could be down");
            }
            absent.addAll(named);
        }
        if (!faults.isEmpty()) {
            return faults;
        }
        RoutingViews then = down.computeIfAbsent(Set.copyOf(absent), nodes -> without(views.state(), nodes));
        if (test instanceof RouteExpectation.OfPrefix ofPrefix) {
            prefix(then.state(), ofPrefix, faults);
        } else {
            viewer(then, (RouteExpectation.OfViewer) test, absent, faults);
        }
        return faults;
    }

    /** The tailnet once these nodes are gone for longer than their grace. All other routers stay as they are. */
    private static RoutingViews without(RoutingState state, Set<NodeId> absent) {
        StateRows rows = state.rows();
        List<NodeRow> nodes = rows.nodes().stream()
                .map(row ->
                        absent.contains(row.facts().id()) ? new NodeRow(row.facts(), row.drainOrNull(), false) : row)
                .toList();
        List<RouteRow> routes = rows.routes().stream()
                .map(row -> absent.contains(row.node())
                        ? new RouteRow(row.node(), row.prefix(), row.advertised(), row.status(), false)
                        : row)
                .toList();
        RoutingState restored = RoutingState.restoreWithoutSessions(
                new StateRows(rows.tailnet(), rows.users(), nodes, routes), state.now());
        return RoutingViews.of(Routing.step(restored, List.of(), restored.now()).next());
    }

    private static void prefix(RoutingState state, RouteExpectation.OfPrefix test, List<String> faults) {
        long healthy = state.route(test.prefix()).map(RouteState::candidates).orElse(List.of()).stream()
                .filter(candidate -> candidate.candidateClass() == CandidateClass.HEALTHY)
                .count();
        if (healthy < test.healthyRouters()) {
            faults.add("`" + test.prefix() + "` has " + healthy + " healthy routers, and not " + test.healthyRouters());
        }
    }

    private void viewer(RoutingViews then, RouteExpectation.OfViewer test, Set<NodeId> absent, List<String> faults) {
        List<NodeId> viewers = nodes(test.viewer());
        if (viewers.isEmpty()) {
            faults.add("viewer `" + test.viewer() + "` names no node, no user with a node, and no tag of one");
        }
        for (NodeId viewer : viewers) {
            Map<Prefix, Set<NodeId>> routes = routes(then, viewer, absent);
            test.reaches().forEach(target -> reaches(then, viewer, routes, target, faults));
            test.not().forEach(target -> doesNotReach(then, viewer, routes, target, faults));
        }
    }

    /** What a viewer gets, with the carriers that are not down, and the own addresses of its peers. */
    private static Map<Prefix, Set<NodeId>> routes(RoutingViews then, NodeId viewer, Set<NodeId> absent) {
        Map<Prefix, Set<NodeId>> routes = new TreeMap<>();
        ViewerRoutes view = then.viewer(viewer).orElseThrow();
        for (NodeId peer : view.peers()) {
            if (absent.contains(peer)) {
                continue;
            }
            PeerRoutes given = view.routes(peer);
            given.all()
                    .forEach(prefix ->
                            routes.computeIfAbsent(prefix, p -> new TreeSet<>()).add(peer));
            then.state()
                    .node(peer)
                    .ifPresent(node -> node.facts()
                            .addresses()
                            .forEach(address -> routes.computeIfAbsent(address.toPrefix(), p -> new TreeSet<>())
                                    .add(peer)));
        }
        return routes;
    }

    private static void reaches(
            RoutingViews then,
            NodeId viewer,
            Map<Prefix, Set<NodeId>> routes,
            RouteExpectation.Target target,
            List<String> faults) {
        // the longest prefix carries the packet
        Optional<Map.Entry<Prefix, Set<NodeId>>> longest = routes.entrySet().stream()
                .filter(route -> target.isServedBy(route.getKey()))
                .max((one, other) ->
                        Integer.compare(one.getKey().length(), other.getKey().length()));
        String name = "`" + then.state().names().node(viewer) + "`";
        if (longest.isEmpty()) {
            faults.add(name + " has no route to `" + target + "`" + why(then, viewer, target));
            return;
        }
        Tag via = target.viaOrNull();
        boolean carried = via == null || longest.get().getValue().stream().allMatch(peer -> hasTag(then, peer, via));
        if (!carried) {
            faults.add(name + " gets `" + longest.get().getKey() + "` through "
                    + names(then, longest.get().getValue()) + ", which has no `" + via + "`");
        }
    }

    /** Why the viewer does not get it, where some node has it. */
    private static String why(RoutingViews then, NodeId viewer, RouteExpectation.Target target) {
        Prefix asked = target.prefixOrNull() == null ? KnownRanges.EXIT_IPV4 : target.prefixOrNull();
        Prefix prefix = then.state().routes().keySet().stream()
                .filter(target::isServedBy)
                .max((one, other) -> Integer.compare(one.length(), other.length()))
                .orElse(asked);
        return Routing.explain(then, viewer, prefix).map(ViewExplanation::offers).orElse(List.of()).stream()
                .filter(offer -> !offer.answer().isGiven())
                .findFirst()
                .map(offer -> ": " + then.state().names().node(offer.holder().node()) + " has `" + prefix + "`, "
                        + offer.answer().text(then.state().names(), viewer))
                .orElse(": no node has an effective route to it");
    }

    private static boolean hasTag(RoutingViews then, NodeId node, Tag tag) {
        return then.state()
                .node(node)
                .filter(known -> known.facts().hasTag(tag))
                .isPresent();
    }

    private static void doesNotReach(
            RoutingViews then,
            NodeId viewer,
            Map<Prefix, Set<NodeId>> routes,
            RouteExpectation.Target target,
            List<String> faults) {
        Tag via = target.viaOrNull();
        routes.entrySet().stream()
                .filter(route -> target.isTouchedBy(route.getKey()))
                .filter(route -> via == null || route.getValue().stream().anyMatch(peer -> hasTag(then, peer, via)))
                .findFirst()
                .ifPresent(route -> faults.add("`" + then.state().names().node(viewer) + "` gets `" + route.getKey()
                        + "` through " + names(then, route.getValue()) + ", which `not` rules out: `" + target + "`"));
    }

    private static String names(RoutingViews then, Set<NodeId> nodes) {
        return nodes.stream()
                .map(node -> "`" + then.state().names().node(node) + "`")
                .collect(Collectors.joining(", "));
    }

    /** A node by its name or number; else those of a user, or with a tag. */
    private List<NodeId> nodes(String text) {
        List<NodeId> byName = views.state().nodes().values().stream()
                .filter(node ->
                        node.facts().name().equals(text) || node.id().toString().equals(text))
                .map(NodeState::id)
                .toList();
        if (!byName.isEmpty()) {
            return byName;
        }
        List<UserId> users =
                views.state().users().named(text).stream().map(User::id).toList();
        return views.state().nodes().values().stream()
                .filter(node -> node.facts().owner() instanceof Owner.OfUser owner
                        ? users.contains(owner.id())
                        : node.facts().owner() instanceof Owner.Tagged tagged
                                && tagged.tags().stream()
                                        .anyMatch(tag -> tag.value().equals(text)))
                .map(NodeState::id)
                .toList();
    }
}
