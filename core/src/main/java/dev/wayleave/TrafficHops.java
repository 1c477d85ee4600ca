package dev.wayleave;

import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.explanation.Hop;
import dev.wayleave.explanation.Hop.ExitNode;
import dev.wayleave.explanation.Hop.Itself;
import dev.wayleave.explanation.Hop.OwnNetwork;
import dev.wayleave.explanation.Hop.Peer;
import dev.wayleave.explanation.Hop.Router;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds where a viewer sends traffic: the longest match among what it has. */
final class TrafficHops {

    private final TracedTraffic traffic;

    TrafficHops(TracedTraffic traffic) {
        this.traffic = traffic;
    }

    /** A part of the destination, and the hops that are equally good for it. */
    record DestinationPart(Prefix match, AddressSet addresses, List<Hop> hops) {}

    /** The parts of the destination that match something, the longest match first. */
    List<DestinationPart> parts() {
        SortedMap<Prefix, List<Hop>> matching = new TreeMap<>();
        traffic.viewer.addresses().forEach(address -> match(matching, address.toPrefix(), new Itself()));
        traffic.view.self().effective().forEach(own -> match(matching, own, new OwnNetwork(own)));
        for (NodeAccess peer : traffic.rules.nodes()) {
            for (IpAddress address : peer.routes().node().addresses()) {
                if (traffic.destination.contains(address) && traffic.view.sees(peer.id())) {
                    match(matching, address.toPrefix(), new Peer(peer.id()));
                }
            }
        }
        traffic.view.routes().forEach((peer, routes) -> {
            for (Prefix prefix : routes.primary()) {
                match(matching, prefix, new Router(peer, prefix, isPrimary(peer, prefix)));
            }
            for (Prefix prefix : routes.exit()) {
                match(matching, prefix, new ExitNode(peer, prefix));
            }
        });
        List<DestinationPart> parts = divide(matching);
        parts.sort(Comparator.comparing((DestinationPart part) -> -part.match().length())
                .thenComparing(DestinationPart::match));
        return parts;
    }

    /** What the viewer has itself goes before what peers have; only other nodes' exit routes share a prefix. */
    private void match(SortedMap<Prefix, List<Hop>> matching, Prefix prefix, Hop hop) {
        if (prefix.overlaps(traffic.destination)) {
            List<Hop> hops = matching.computeIfAbsent(prefix, p -> new ArrayList<>());
            if (hops.isEmpty() || (hop instanceof ExitNode && hops.get(0) instanceof ExitNode)) {
                hops.add(hop);
            }
        }
    }

    private boolean isPrimary(NodeId peer, Prefix prefix) {
        return traffic.state.primary(prefix).filter(peer::equals).isPresent();
    }

    /** Leaves each prefix what no longer one takes. */
    private List<DestinationPart> divide(SortedMap<Prefix, List<Hop>> matching) {
        PrefixTable<List<Hop>> table = PrefixTable.copyOf(matching);
        List<DestinationPart> parts = new ArrayList<>();
        matching.forEach((prefix, hops) -> {
            List<Prefix> longer = table.coveredBy(prefix).stream()
                    .map(PrefixTable.Entry::prefix)
                    .filter(other -> !other.equals(prefix))
                    .toList();
            AddressSet part = AddressSet.of(prefix.contains(traffic.destination) ? traffic.destination : prefix)
                    .subtract(AddressSet.ofPrefixes(longer));
            if (!part.isEmpty()) {
                parts.add(new DestinationPart(prefix, part, hops));
            }
        });
        return parts;
    }
}
