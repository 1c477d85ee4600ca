package dev.wayleave.testing;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.net.IpAddress;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A capability rule of a filter as texts, straight from the policy: for sources and capabilities, where they hold. */
public record NaiveCapabilities(
        List<String> sources, SortedSet<String> destinations, SortedMap<String, String> capabilities) {

    /** The application capabilities at a node: for sources and capabilities, where they hold. */
    public static Set<NaiveCapabilities> of(NaiveTailnet tailnet, NodeRoutes at, Fault fault) {
        NaiveFilter filter = new NaiveFilter(tailnet, at, fault);
        TreeMap<String, NaiveCapabilities> joined = new TreeMap<>();
        for (Grant grant : tailnet.policy().grants().orElse(List.of())) {
            if (!grant.app().isEmpty() && (grant.via().isEmpty() || fault == Fault.VIA_LEAVES_CAPABILITIES)) {
                for (Selector destination : grant.destinations()) {
                    List<String> sources = (destination == Autogroup.SELF
                                    ? filter.sourcesOfSelf(grant.sources())
                                    : filter.sources(grant.sources()))
                            .stream().map(NaiveItem::text).distinct().sorted().toList();
                    TreeSet<String> where = destinations(filter, destination, fault);
                    if (!sources.isEmpty() && !where.isEmpty()) {
                        joined.computeIfAbsent(
                                        sources + " " + grant.app(),
                                        k -> new NaiveCapabilities(sources, new TreeSet<>(), grant.app()))
                                .destinations()
                                .addAll(where);
                    }
                }
            }
        }
        return Set.copyOf(joined.values());
    }

    private static TreeSet<String> destinations(NaiveFilter filter, Selector destination, Fault fault) {
        NodeRoutes at = filter.at;
        TreeSet<String> where = new TreeSet<>();
        for (IpAddress address : at.node().addresses()) {
            if (destination instanceof Selector.Everything
                    || destination == Autogroup.SELF
                    || filter.named(destination).contains(at.node())
                    || filter.literal(destination)
                            .filter(p -> p.contains(address))
                            .isPresent()) {
                where.add(address + (address.isIpv4() ? "/32" : "/128"));
            }
        }
        filter.literal(destination)
                .filter(prefix -> fault != Fault.CAPABILITIES_HOLD_AT_NODES_ONLY && filter.coversRoute(prefix))
                .ifPresent(prefix -> where.add(prefix.toString()));
        return where;
    }
}
