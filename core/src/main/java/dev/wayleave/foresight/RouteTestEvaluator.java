package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.RouteState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.foresight.RouteTestFailure.Fault;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Evaluates route tests; for one thread. */
final class RouteTestEvaluator {

    private static final Actor ACTOR = new Actor("route test");

    private final RoutingViews views;
    private final RoutingState state;

    /** The views once some nodes are down. */
    private final Map<Set<NodeId>, RoutingViews> viewsWithDown = new HashMap<>();

    RouteTestEvaluator(RoutingViews views) {
        this.views = views;
        this.state = views.state();
        this.viewsWithDown.put(Set.of(), views);
    }

    /**
     * The routes of a viewer: those that it gets from peers, with the own addresses of peers, and those of its own.
     *
     * @param given each prefix with its carriers, without those that the test takes for offline
     * @param all the same, and what the viewer has itself, which goes before
     */
    private record Routes(Map<Prefix, TreeSet<NodeId>> given, Map<Prefix, TreeSet<NodeId>> all) {}

    /** One test on one viewer. */
    private record Case(RoutingViews then, NodeId viewer, Set<NodeId> down, Routes routes, List<Fault> faults) {}

    List<Fault> faults(RouteExpectation test) {
        List<Fault> faults = new ArrayList<>();
        TreeSet<NodeId> down = new TreeSet<>();
        for (String name : test.withDown()) {
            List<NodeId> named = nodes(name);
            if (named.isEmpty()) {
                faults.add(new RouteTestFailure.UnknownNodeDown(name));
            }
            down.addAll(named);
        }
        if (!faults.isEmpty()) {
            return faults;
        }
        if (test instanceof RouteExpectation.OfPrefix ofPrefix) {
            prefix(ofPrefix, down, faults);
        } else {
            viewers((RouteExpectation.OfViewer) test, down, faults);
        }
        return faults;
    }

    /** Whether a node is there: online, in its grace, or not known to be offline. */
    private boolean isPresent(NodeId node, Set<NodeId> down) {
        return !down.contains(node)
                && state.node(node)
                        .filter(known -> known.liveness() != Liveness.OFFLINE)
                        .isPresent();
    }

    private void prefix(RouteExpectation.OfPrefix test, Set<NodeId> down, List<Fault> faults) {
        TreeSet<NodeId> healthy = new TreeSet<>();
        TreeSet<NodeId> others = new TreeSet<>();
        for (NodeState node : holders(test.prefix())) {
            CandidateClass its = CandidateClass.of(
                    node.isKeyExpired(),
                    node.health(test.prefix()),
                    node.drain().isPresent());
            boolean counts = its == CandidateClass.HEALTHY && isPresent(node.id(), down);
            (counts ? healthy : others).add(node.id());
        }
        if (healthy.size() < test.healthyRouters()) {
            faults.add(new RouteTestFailure.TooFewRouters(test.prefix(), test.healthyRouters(), healthy, others));
        }
    }

    private List<NodeState> holders(Prefix prefix) {
        if (prefix.isExitRoute()) {
            return state.nodes().values().stream()
                    .filter(node -> node.effective().contains(prefix))
                    .toList();
        }
        return state.route(prefix).map(RouteState::holders).orElse(List.of()).stream()
                .flatMap(id -> state.node(id).stream())
                .toList();
    }

    private void viewers(RouteExpectation.OfViewer test, Set<NodeId> down, List<Fault> faults) {
        List<NodeId> viewers = nodes(test.viewer()).stream()
                .filter(viewer -> !down.contains(viewer))
                .toList();
        if (viewers.isEmpty()) {
            faults.add(new RouteTestFailure.UnknownViewer(test.viewer()));
            return;
        }
        RoutingViews then = viewsWithDown.computeIfAbsent(Set.copyOf(down), this::viewsWithout);
        for (NodeId viewer : viewers) {
            Case each = new Case(then, viewer, down, routes(then, viewer, down), faults);
            for (RouteExpectation.Target target : test.reaches()) {
                for (Prefix part : target.parts()) {
                    if (part.isExitRoute()) {
                        reachesExit(each, target, part);
                    } else {
                        reaches(each, target, part);
                    }
                }
            }
            test.not().forEach(target -> doesNotReach(each, target));
        }
    }

    /** The views once these nodes are gone for longer than their grace. All other nodes stay as they are. */
    private RoutingViews viewsWithout(Set<NodeId> down) {
        StateRows rows = state.rows();
        List<NodeRow> nodes = rows.nodes().stream()
                .map(row -> down.contains(row.facts().id())
                        ? new NodeRow(row.facts(), row.drainOrNull(), false, new Absence(state.now(), null))
                        : row)
                .toList();
        List<RouteRow> routes = rows.routes().stream()
                .map(row -> down.contains(row.node()) ? row.withPrimary(false) : row)
                .toList();
        RoutingState restored =
                RoutingState.restore(new StateRows(rows.tailnet(), rows.users(), nodes, routes), state.now());
        List<Submission> sessions = new ArrayList<>();
        for (NodeState node : state.nodes().values()) {
            if (isPresent(node.id(), down)) {
                sessions.add(Submission.of(ACTOR, new Command.ConnectSession(node.id(), new SessionId("route test"))));
                if (node.health() == Health.UNHEALTHY) {
                    sessions.add(Submission.of(ACTOR, new Command.ReportHealth(node.id(), Health.UNHEALTHY)));
                }
                node.unhealthyPrefixes()
                        .forEach(prefix -> sessions.add(
                                Submission.of(ACTOR, new Command.ReportHealth(node.id(), prefix, Health.UNHEALTHY))));
            }
        }
        return views.forState(Routing.step(restored, sessions, restored.now()).next());
    }

    private static Routes routes(RoutingViews then, NodeId viewer, Set<NodeId> down) {
        Map<Prefix, TreeSet<NodeId>> given = new TreeMap<>();
        ViewerRoutes view = then.viewer(viewer).orElseThrow();
        for (NodeId peer : view.peers()) {
            if (!down.contains(peer)) {
                view.routes(peer)
                        .all()
                        .forEach(prefix -> given.computeIfAbsent(prefix, p -> new TreeSet<>())
                                .add(peer));
                addresses(then, peer)
                        .forEach(address -> given.computeIfAbsent(address, p -> new TreeSet<>())
                                .add(peer));
            }
        }
        Map<Prefix, TreeSet<NodeId>> all = new TreeMap<>(given);
        view.self().effective().forEach(prefix -> all.put(prefix, new TreeSet<>(Set.of(viewer))));
        addresses(then, viewer).forEach(address -> all.put(address, new TreeSet<>(Set.of(viewer))));
        return new Routes(given, all);
    }

    private static List<Prefix> addresses(RoutingViews then, NodeId node) {
        return then.state().node(node).stream()
                .flatMap(known -> known.facts().addresses().stream())
                .map(IpAddress::toPrefix)
                .toList();
    }

    /**
     * The longest prefix takes each packet: a part of the destination goes by each narrower route, and what is left by
     * the longest route that holds all of it.
     */
    private void reaches(Case each, RouteExpectation.Target target, Prefix part) {
        List<Prefix> taken = new ArrayList<>();
        Prefix around = null;
        for (Prefix prefix : each.routes().all().keySet()) {
            if (!prefix.isExitRoute() && prefix.contains(part)) {
                around = around == null || prefix.length() > around.length() ? prefix : around;
            } else if (part.contains(prefix)) {
                taken.add(prefix);
            }
        }
        if (!AddressSet.ofPrefixes(taken).contains(part)) {
            if (around == null) {
                each.faults().add(noRoute(each, target, part));
                return;
            }
            taken.add(around);
        }
        for (Prefix prefix : taken) {
            TreeSet<NodeId> routers = each.routes().all().getOrDefault(prefix, new TreeSet<>());
            Fault fault = null;
            if (routers.stream().noneMatch(router -> router.equals(each.viewer()) || isPresent(router, each.down()))) {
                fault = new RouteTestFailure.RouterOffline(each.viewer(), target, prefix, routers);
            } else if (routers.stream().anyMatch(router -> !hasTag(router, target))) {
                fault = new RouteTestFailure.OtherRouter(each.viewer(), target, prefix, routers);
            }
            if (fault != null) {
                each.faults().add(fault);
                return;
            }
        }
    }

    /** A viewer chooses among the exit nodes that it gets: one of them is enough. An exit node needs no other. */
    private void reachesExit(Case each, RouteExpectation.Target target, Prefix part) {
        TreeSet<NodeId> routers = each.routes().all().getOrDefault(part, new TreeSet<>());
        List<NodeId> tagged =
                routers.stream().filter(router -> hasTag(router, target)).toList();
        if (routers.isEmpty()) {
            each.faults().add(noRoute(each, target, part));
        } else if (tagged.isEmpty()) {
            each.faults().add(new RouteTestFailure.OtherRouter(each.viewer(), target, part, routers));
        } else if (tagged.stream()
                .noneMatch(router -> router.equals(each.viewer()) || isPresent(router, each.down()))) {
            each.faults().add(new RouteTestFailure.RouterOffline(each.viewer(), target, part, new TreeSet<>(tagged)));
        }
    }

    /** With the reason why the viewer does not get the longest route that some node has. */
    private static Fault noRoute(Case each, RouteExpectation.Target target, Prefix part) {
        Prefix asked = each.then().state().routes().keySet().stream()
                .filter(prefix -> !part.isExitRoute() && (prefix.contains(part) || part.contains(prefix)))
                .filter(prefix -> !each.routes().all().containsKey(prefix))
                .max(Comparator.comparing((Prefix prefix) -> prefix.contains(part))
                        .thenComparingInt(Prefix::length))
                .orElse(part);
        RouteAnswer answer =
                Routing.explain(each.then(), each.viewer(), asked)
                        .map(ViewExplanation::offers)
                        .orElse(List.of())
                        .stream()
                        .map(ViewExplanation.Offer::answer)
                        .filter(found -> !found.isGiven())
                        .findFirst()
                        .orElse(null);
        return new RouteTestFailure.NoRoute(each.viewer(), target, answer);
    }

    private boolean hasTag(NodeId node, RouteExpectation.Target target) {
        Tag via = target.viaOrNull();
        return via == null
                || state.node(node).filter(known -> known.facts().hasTag(via)).isPresent();
    }

    private void doesNotReach(Case each, RouteExpectation.Target target) {
        each.routes().given().entrySet().stream()
                .filter(route -> target.isTouchedBy(route.getKey()))
                .filter(route -> route.getValue().stream().anyMatch(router -> hasTag(router, target)))
                .findFirst()
                .ifPresent(route -> each.faults()
                        .add(new RouteTestFailure.UnexpectedRoute(
                                each.viewer(), target, route.getKey(), route.getValue())));
    }

    /** A node by its name or number; else those of a user, or with a tag. */
    private List<NodeId> nodes(String text) {
        List<NodeId> byName = state.nodes().values().stream()
                .filter(node ->
                        node.facts().name().equals(text) || node.id().toString().equals(text))
                .map(NodeState::id)
                .toList();
        if (!byName.isEmpty()) {
            return byName;
        }
        List<UserId> users = state.users().named(text).stream().map(User::id).toList();
        return state.nodes().values().stream()
                .filter(node -> node.facts().owner() instanceof Owner.OfUser owner
                        ? users.contains(owner.id())
                        : node.facts().owner() instanceof Owner.Tagged tagged
                                && tagged.tags().stream()
                                        .anyMatch(tag -> tag.value().equals(text)))
                .map(NodeState::id)
                .toList();
    }
}
