package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Sums up a plan that takes nodes away.
 *
 * <p>Only viewers that are there before and after count, and only routes of nodes that are there: what is offline has
 * lost everything already, and what goes down loses nothing more. For one thread.
 */
final class OutageSum {

    private record Move(Prefix prefix, NodeId from, NodeId to) {}

    private record RouteLoss(Prefix prefix, NodeId from) {}

    private static final Comparator<Move> BY_PREFIX =
            Comparator.comparing(Move::prefix).thenComparing(Move::from).thenComparing(Move::to);
    private static final Comparator<RouteLoss> BY_ROUTE =
            Comparator.comparing(RouteLoss::prefix).thenComparing(RouteLoss::from);

    private final RoutePlan plan;
    private final SortedSet<NodeId> down;
    private final PresentNodes present;

    /** The routes of the nodes that are down which viewers go on seeing; no entry for a node without such routes. */
    private final SortedMap<NodeId, Set<Prefix>> shown = new TreeMap<>();

    private final SortedMap<Move, Outage.Viewers> moves = new TreeMap<>(BY_PREFIX);
    private final SortedMap<RouteLoss, Outage.Viewers> losses = new TreeMap<>(BY_ROUTE);

    private OutageSum(RoutePlan plan, Collection<NodeId> down, PresentNodes present) {
        this.plan = plan;
        this.down = new TreeSet<>(down);
        this.present = present;
        for (NodeId node : this.down) {
            Set<Prefix> routes = shown(node);
            if (!routes.isEmpty()) {
                shown.put(node, routes);
            }
        }
    }

    /**
     * Sums up.
     *
     * @param plan what follows
     * @param down the nodes that go down
     * @param present the nodes that are there before
     */
    static Outage of(RoutePlan plan, Collection<NodeId> down, PresentNodes present) {
        OutageSum sum = new OutageSum(plan, down, present);
        sum.addPrimaries();
        sum.addViewers();
        sum.addShown();
        return sum.outage();
    }

    private void addPrimaries() {
        for (RouteEvent.OfElection event : plan.primaries()) {
            if (event instanceof RouteEvent.PrimaryMoved moved) {
                moves.put(new Move(moved.prefix(), moved.from(), moved.to()), Outage.Viewers.NONE);
            }
        }
    }

    private void addViewers() {
        forEachRoute(plan, (route, viewers) -> {
            if (route instanceof RouteChange.Lost lost && present.contains(lost.from())) {
                losses.merge(new RouteLoss(lost.prefix(), lost.from()), viewers, Outage.Viewers::and);
            } else if (route instanceof RouteChange.Moved moved) {
                moves.merge(new Move(moved.prefix(), moved.from(), moved.to()), viewers, Outage.Viewers::and);
            }
        });
    }

    /** The routes that change, with the viewers that are there and stay; a class of viewers at a time. */
    private void forEachRoute(RoutePlan of, BiConsumer<RouteChange, Outage.Viewers> each) {
        for (ViewChange change : of.viewChanges().changes()) {
            List<RouteChange> routes = change.routes();
            Outage.Viewers viewers = routes.isEmpty() ? Outage.Viewers.NONE : present.viewers(change.viewers(), down);
            if (viewers.count() > 0) {
                routes.forEach(route -> each.accept(route, viewers));
            }
        }
    }

    /**
     * Viewers go on seeing the exit routes of a node that is down, and the prefixes that their last carrier keeps, and
     * reach nothing through it: they lose what they would lose if the node were removed.
     */
    private void addShown() {
        if (shown.isEmpty()) {
            return;
        }
        SortedMap<RouteLoss, Outage.Viewers> lost = new TreeMap<>(BY_ROUTE);
        forEachRoute(removal(), (route, viewers) -> {
            if (route instanceof RouteChange.Lost its
                    && shown.getOrDefault(its.from(), Set.of()).contains(its.prefix())) {
                lost.merge(new RouteLoss(its.prefix(), its.from()), viewers, Outage.Viewers::and);
            }
        });
        losses.putAll(lost);
    }

    /** The routes of a node that viewers go on seeing while it is down. */
    private Set<Prefix> shown(NodeId node) {
        NodeState before = plan.before().state().node(node).orElse(null);
        return before == null
                        || !present.contains(node)
                        || plan.after().state().node(node).isEmpty()
                ? Set.of()
                : before.effective().stream()
                        .filter(prefix -> prefix.isExitRoute() || isKept(prefix, node))
                        .collect(Collectors.toSet());
    }

    /** One submission for each node: a tailnet may limit the commands of one. */
    private RoutePlan removal() {
        RoutingState state = plan.before().state();
        List<Submission> removals = down.stream()
                .filter(state.nodes()::containsKey)
                .map(node -> Submission.of(WhatIf.ACTOR, new Command.RemoveNode(node)))
                .toList();
        return RoutePlan.of(plan.before(), removals, state.now());
    }

    private boolean isKept(Prefix prefix, NodeId node) {
        return plan.after()
                .state()
                .route(prefix)
                .filter(route -> route.isKept() && route.primary().equals(Optional.of(node)))
                .isPresent();
    }

    private Outage outage() {
        SortedSet<Prefix> unserved = new TreeSet<>(plan.unserved());
        shown.values()
                .forEach(routes ->
                        routes.stream().filter(prefix -> !prefix.isExitRoute()).forEach(unserved::add));
        present.exitNodes().forEach((exit, nodes) -> {
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
