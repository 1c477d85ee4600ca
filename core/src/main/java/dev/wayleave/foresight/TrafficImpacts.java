package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.RoutingState;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.visibility.ViewChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Lists what nodes would let in more or less, and joins nodes to which the same happens.
 *
 * <p>Viewers of one change that have no routes have the same rules, before and after: their filters differ in their own
 * addresses alone, so that one of them answers for all that have one address of the same families.
 */
final class TrafficImpacts {

    private static final Comparator<TrafficImpact> ORDER = Comparator.comparing(
                    (TrafficImpact impact) -> impact.lost().isEmpty())
            .thenComparing(impact -> -impact.nodes().size())
            .thenComparing(impact -> impact.nodes().first());

    /** More ranges than a node has addresses of its own, as a rule: sources of so many are not looked at for it. */
    private static final int FEW = 8;

    private final RoutePlan plan;

    /** The addresses of nodes that only one of the two tailnets has: that they are not sources is no news. */
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
            Map<Families, List<NodeId>> withoutRoutes = new EnumMap<>(Families.class);
            for (NodeId viewer : change.viewers()) {
                Families families = hasRoutes(viewer) ? Families.SEVERAL : Families.of(addresses(viewer));
                if (families == Families.SEVERAL) {
                    put(alike, impact(change, viewer), List.of(viewer));
                } else {
                    withoutRoutes
                            .computeIfAbsent(families, f -> new ArrayList<>())
                            .add(viewer);
                }
            }
            withoutRoutes.values().forEach(nodes -> put(alike, impact(change, nodes.get(0)), nodes));
        }
        List<TrafficImpact> impacts = new ArrayList<>();
        alike.forEach((impact, nodes) -> impacts.add(new TrafficImpact(nodes, impact.lost(), impact.gained())));
        impacts.sort(ORDER);
        return impacts;
    }

    /** The own addresses of a node, as far as its filter tells nodes apart. */
    private enum Families {
        IPV4,
        IPV6,
        ONE_OF_EACH,
        SEVERAL;

        static Families of(List<IpAddress> addresses) {
            long ipv4 = addresses.stream().filter(IpAddress::isIpv4).count();
            long ipv6 = addresses.size() - ipv4;
            return ipv4 > 1 || ipv6 > 1 || addresses.isEmpty()
                    ? SEVERAL
                    : ipv6 == 0 ? IPV4 : ipv4 == 0 ? IPV6 : ONE_OF_EACH;
        }
    }

    private List<IpAddress> addresses(NodeId node) {
        return plan.after()
                .state()
                .node(node)
                .map(its -> List.copyOf(its.facts().addresses()))
                .orElse(List.of());
    }

    private boolean hasRoutes(NodeId node) {
        return hasRoutes(plan.before().state(), node) || hasRoutes(plan.after().state(), node);
    }

    private static boolean hasRoutes(RoutingState state, NodeId node) {
        return state.node(node).filter(its -> !its.effective().isEmpty()).isPresent();
    }

    private void put(Map<TrafficImpact, SortedSet<NodeId>> alike, TrafficImpact impact, List<NodeId> nodes) {
        boolean few = Stream.concat(impact.lost().stream(), impact.gained().stream())
                .anyMatch(permission -> permission.sources().ranges().size() <= FEW);
        List<NodeId> alikeNodes = new ArrayList<>();
        for (NodeId node : nodes) {
            TrafficImpact its = few ? withoutItself(impact, AddressSet.ofAddresses(addresses(node))) : impact;
            if (its.equals(impact)) {
                alikeNodes.add(node);
            } else {
                add(alike, its, List.of(node));
            }
        }
        add(alike, impact, alikeNodes);
    }

    private static void add(Map<TrafficImpact, SortedSet<NodeId>> alike, TrafficImpact impact, List<NodeId> nodes) {
        if (!nodes.isEmpty() && (!impact.lost().isEmpty() || !impact.gained().isEmpty())) {
            alike.computeIfAbsent(impact, i -> new TreeSet<>()).addAll(nodes);
        }
    }

    private static TrafficImpact withoutItself(TrafficImpact impact, AddressSet own) {
        return new TrafficImpact(
                impact.nodes(), withoutItself(impact.lost(), own), withoutItself(impact.gained(), own));
    }

    private static List<TrafficImpact.Permission> withoutItself(
            List<TrafficImpact.Permission> permissions, AddressSet own) {
        return permissions.stream()
                .filter(permission -> !own.contains(permission.sources()))
                .toList();
    }

    /** The impact without its nodes. A node that is new loses nothing, and what it lets in is not counted as gained. */
    private TrafficImpact impact(ViewChange change, NodeId node) {
        ViewChange.FilterChange filter = change.filter(node);
        if (filter.equals(ViewChange.FilterChange.NONE)
                || plan.before().state().node(node).isEmpty()) {
            return new TrafficImpact(ImmutableSortedSet.of(), List.of(), List.of());
        }
        AddressSet own = AddressSet.ofAddresses(addresses(node));
        return new TrafficImpact(
                ImmutableSortedSet.of(),
                TrafficDifference.of(filter.lost(), plan.after().filter(node), gone, own),
                TrafficDifference.of(filter.gained(), plan.before().filter(node), come, own));
    }
}
