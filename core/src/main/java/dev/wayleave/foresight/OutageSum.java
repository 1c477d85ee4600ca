package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Sums up a plan that takes nodes away.
 *
 * <p>Only viewers that are there before and after count, and only routes of nodes that are there: what is offline has
 * lost everything already, and what goes down loses nothing more. For one thread.
 */
final class OutageSum {

    private record Move(Prefix prefix, NodeId from, NodeId to) {}

    private record Lost(Prefix prefix, NodeId from) {}

    private static final Comparator<Move> BY_PREFIX =
            Comparator.comparing(Move::prefix).thenComparing(Move::from).thenComparing(Move::to);

    private final RoutePlan plan;
    private final SortedSet<NodeId> down;
    private final SortedMap<Prefix, SortedSet<NodeId>> exitNodes;
    private final SortedMap<Move, Outage.Viewers> moves = new TreeMap<>(BY_PREFIX);
    private final SortedMap<Lost, Outage.Viewers> losses =
            new TreeMap<>(Comparator.comparing(Lost::prefix).thenComparing(Lost::from));

    private OutageSum(RoutePlan plan, Collection<NodeId> down, SortedMap<Prefix, SortedSet<NodeId>> exitNodes) {
        this.plan = plan;
        this.down = new TreeSet<>(down);
        this.exitNodes = exitNodes;
    }

    /**
     * Sums up.
     *
     * @param plan what follows
     * @param down the nodes that go down
     * @param exitNodes the nodes that offer each exit route before: {@link #exitNodes(RoutingState)}
     */
    static Outage of(RoutePlan plan, Collection<NodeId> down, SortedMap<Prefix, SortedSet<NodeId>> exitNodes) {
        OutageSum sum = new OutageSum(plan, down, exitNodes);
        sum.addPrimaries();
        sum.addViewers();
        sum.addShown();
        return sum.outage();
    }

    /** The nodes that are there and offer an exit route, by exit route. {@code O(nodes)}. */
    static SortedMap<Prefix, SortedSet<NodeId>> exitNodes(RoutingState state) {
        SortedMap<Prefix, SortedSet<NodeId>> exitNodes = new TreeMap<>();
        for (NodeState node : state.nodes().values()) {
            for (Prefix exit : List.of(KnownRanges.EXIT_IPV4, KnownRanges.EXIT_IPV6)) {
                if (isThere(node) && node.effective().contains(exit)) {
                    exitNodes.computeIfAbsent(exit, e -> new TreeSet<>()).add(node.id());
                }
            }
        }
        return exitNodes;
    }

    private static boolean isThere(NodeState node) {
        return node.liveness() != Liveness.OFFLINE;
    }

    private boolean isThere(NodeId node) {
        return plan.before().state().node(node).filter(OutageSum::isThere).isPresent();
    }

    private boolean isViewer(NodeId node) {
        return !down.contains(node) && isThere(node);
    }

    private void addPrimaries() {
        for (RouteEvent.OfElection event : plan.primaries()) {
            if (event instanceof RouteEvent.PrimaryMoved moved) {
                moves.put(new Move(moved.prefix(), moved.from(), moved.to()), Outage.Viewers.NONE);
            }
        }
    }

    private void addViewers() {
        for (ViewerImpact impact : plan.viewers()) {
            if (impact.routesLost().isEmpty() && impact.routesMoved().isEmpty()) {
                continue;
            }
            Outage.Viewers viewers = Outage.Viewers.of(
                    impact.viewers().stream().filter(this::isViewer).toList());
            if (viewers.count() == 0) {
                continue;
            }
            for (ViewerImpact.RouteLost lost : impact.routesLost()) {
                if (isThere(lost.from())) {
                    losses.merge(new Lost(lost.prefix(), lost.from()), viewers, Outage.Viewers::and);
                }
            }
            for (ViewerImpact.RouteMoved moved : impact.routesMoved()) {
                moves.merge(new Move(moved.prefix(), moved.from(), moved.to()), viewers, Outage.Viewers::and);
            }
        }
    }

    /**
     * Viewers go on seeing the exit routes of a node that is down, and the prefixes that their last carrier keeps, and
     * reach nothing through it.
     */
    private void addShown() {
        for (NodeId node : down) {
            Set<Prefix> shown = plan.after().state().node(node).isEmpty() || !isThere(node)
                    ? Set.of()
                    : plan.before().state().node(node).orElseThrow().effective().stream()
                            .filter(prefix -> prefix.isExitRoute() || isKept(prefix, node))
                            .collect(Collectors.toSet());
            if (!shown.isEmpty()) {
                addShown(node, shown);
            }
        }
    }

    private boolean isKept(Prefix prefix, NodeId node) {
        return plan.after()
                .state()
                .route(prefix)
                .filter(route -> route.isKept() && route.primary().equals(Optional.of(node)))
                .isPresent();
    }

    private void addShown(NodeId node, Set<Prefix> shown) {
        Map<Prefix, List<NodeId>> viewers = new TreeMap<>();
        for (NodeId viewer : plan.before().state().nodes().keySet()) {
            if (isViewer(viewer)) {
                plan.before().viewer(viewer).orElseThrow().routes(node).all().stream()
                        .filter(shown::contains)
                        .forEach(prefix -> viewers.computeIfAbsent(prefix, p -> new ArrayList<>())
                                .add(viewer));
            }
        }
        viewers.forEach((prefix, its) -> losses.put(new Lost(prefix, node), Outage.Viewers.of(its)));
    }

    private Outage outage() {
        SortedSet<Prefix> unserved = new TreeSet<>(plan.unserved());
        for (NodeId node : down) {
            plan.after()
                    .state()
                    .node(node)
                    .filter(its -> isThere(node))
                    .ifPresent(its -> its.effective().stream()
                            .filter(prefix -> isKept(prefix, node))
                            .forEach(unserved::add));
        }
        exitNodes.forEach((exit, nodes) -> {
            if (down.containsAll(nodes)) {
                unserved.add(exit);
            }
        });
        List<Outage.Failover> failovers = new ArrayList<>();
        moves.forEach(
                (move, viewers) -> failovers.add(new Outage.Failover(move.prefix(), move.from(), move.to(), viewers)));
        List<Outage.Loss> lost = new ArrayList<>();
        losses.forEach((loss, viewers) -> lost.add(new Outage.Loss(loss.prefix(), loss.from(), viewers)));
        return new Outage(down, unserved, failovers, lost);
    }
}
