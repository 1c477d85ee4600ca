package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.visibility.ViewChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Lists what nodes would let in more or less, and joins nodes to which the same happens.
 *
 * <p>Viewers of one change that have no routes have the same rules, before and after: their filters differ in their own
 * addresses alone, so that one of them answers for all.
 */
final class TrafficImpacts {

    private static final Comparator<TrafficImpact> ORDER = Comparator.comparing(
                    (TrafficImpact impact) -> impact.lost().isEmpty())
            .thenComparing(impact -> -impact.nodes().size())
            .thenComparing(impact -> impact.nodes().first());

    private final RoutePlan plan;

    /** The addresses of nodes that only one of the two tailnets has: that they are no sources is no news. */
    private final AddressSet gone;

    private final AddressSet come;

    TrafficImpacts(RoutePlan plan) {
        this.plan = plan;
        this.gone = onlyIn(plan.before().state(), plan.after().state());
        this.come = onlyIn(plan.after().state(), plan.before().state());
    }

    private AddressSet onlyIn(RoutingState one, RoutingState other) {
        List<IpAddress> addresses = new ArrayList<>();
        for (NodeId id : plan.step().touched().nodes()) {
            if (other.node(id).isEmpty()) {
                one.node(id).ifPresent(node -> addresses.addAll(node.facts().addresses()));
            }
        }
        return AddressSet.ofAddresses(addresses);
    }

    List<TrafficImpact> list() {
        Map<TrafficImpact, SortedSet<NodeId>> alike = new LinkedHashMap<>();
        for (ViewChange change : plan.viewChanges().changes()) {
            List<NodeId> withoutRoutes = new ArrayList<>();
            for (NodeId viewer : change.viewers()) {
                if (hasRoutes(viewer)) {
                    put(alike, impact(change, viewer), List.of(viewer));
                } else {
                    withoutRoutes.add(viewer);
                }
            }
            if (!withoutRoutes.isEmpty()) {
                put(alike, impact(change, withoutRoutes.get(0)), withoutRoutes);
            }
        }
        List<TrafficImpact> impacts = new ArrayList<>();
        alike.forEach((impact, nodes) -> impacts.add(new TrafficImpact(nodes, impact.lost(), impact.gained())));
        impacts.sort(ORDER);
        return impacts;
    }

    private boolean hasRoutes(NodeId node) {
        return hasRoutes(plan.before().state(), node) || hasRoutes(plan.after().state(), node);
    }

    private static boolean hasRoutes(RoutingState state, NodeId node) {
        return state.node(node).filter(its -> !its.effective().isEmpty()).isPresent();
    }

    private static void put(Map<TrafficImpact, SortedSet<NodeId>> alike, TrafficImpact impact, List<NodeId> nodes) {
        if (!impact.lost().isEmpty() || !impact.gained().isEmpty()) {
            alike.computeIfAbsent(impact, i -> new TreeSet<>()).addAll(nodes);
        }
    }

    /** The impact without its nodes. A node that is new loses nothing, and what it lets in is not counted as gained. */
    private TrafficImpact impact(ViewChange change, NodeId node) {
        ViewChange.FilterChange filter = change.filter(node);
        if (filter.equals(ViewChange.FilterChange.NONE)
                || plan.before().state().node(node).isEmpty()) {
            return new TrafficImpact(ImmutableSortedSet.of(), List.of(), List.of());
        }
        AddressSet own = AddressSet.ofAddresses(plan.after()
                .state()
                .node(node)
                .map(NodeState::facts)
                .orElseThrow()
                .addresses());
        return new TrafficImpact(
                ImmutableSortedSet.of(),
                TrafficDifference.of(filter.lost(), plan.after().filter(node), gone, own),
                TrafficDifference.of(filter.gained(), plan.before().filter(node), come, own));
    }
}
