package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.AddressPattern;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The packets that some rules of a packet filter let in and another filter does not: exact sets of packets,
 * however the rules of both are written.
 *
 * <p>Each destination of a rule is a box: addresses × ports × sources, for one protocol. The boxes of the other
 * filter are taken away from it one after the other. For one thread.
 */
final class TrafficDifference {

    private static final List<Protocol> USUAL = List.of(Protocol.TCP, Protocol.UDP, Protocol.ICMP, Protocol.IPV6_ICMP);
    private static final List<PortRange> ALL_PORTS = List.of(PortRange.ALL);
    private static final AddressSet IPV4 = AddressSet.of(Prefix.parse("0.0.0.0/0"));
    private static final AddressSet IPV6 = AddressSet.of(Prefix.parse("::/0"));

    private record Box(AddressSet addresses, List<PortRange> ports, AddressSet sources) {}

    private final PacketFilter others;

    /** Addresses that are not sources: of nodes that only one of the two tailnets has. */
    private final AddressSet ignored;

    private final IdentityHashMap<List<AddressPattern>, AddressSet> sets = new IdentityHashMap<>();

    /** The differences that were found, each with its destinations. */
    private final Map<TrafficImpact.Permission, AddressSet> found = new LinkedHashMap<>();

    private TrafficDifference(PacketFilter others, AddressSet ignored) {
        this.others = others;
        this.ignored = ignored;
    }

    /**
     * What some rules let in and a filter does not.
     *
     * @param rules rules of a filter of one node
     * @param others another filter of that node
     * @param ignored sources that do not count
     * @param own the node's own addresses
     */
    static List<TrafficImpact.Permission> of(
            List<ExplainedRule> rules, PacketFilter others, AddressSet ignored, AddressSet own) {
        TrafficDifference difference = new TrafficDifference(others, ignored);
        for (ExplainedRule rule : rules) {
            if (rule.rule() instanceof PacketFilter.TrafficRule traffic) {
                difference.addTraffic(rule, traffic);
            } else if (rule.rule() instanceof PacketFilter.CapabilityRule capabilities) {
                difference.addCapabilities(rule, capabilities);
            }
        }
        List<TrafficImpact.Permission> permissions = new ArrayList<>();
        difference.found.forEach((permission, destinations) -> {
            TrafficImpact.OwnAddresses ownAddresses = ownAddresses(destinations.intersect(own), own);
            permissions.add(new TrafficImpact.Permission(
                    permission.sources(),
                    ownAddresses,
                    ownAddresses == TrafficImpact.OwnAddresses.SOME ? destinations : others(destinations, own),
                    permission.ports(),
                    permission.protocolOrNull(),
                    permission.capabilityOrNull(),
                    permission.rules()));
        });
        return permissions;
    }

    private static TrafficImpact.OwnAddresses ownAddresses(AddressSet destinations, AddressSet own) {
        if (destinations.isEmpty()) {
            return TrafficImpact.OwnAddresses.NONE;
        }
        if (destinations.equals(own)) {
            return TrafficImpact.OwnAddresses.ALL;
        }
        return destinations.equals(own.intersect(IPV4))
                ? TrafficImpact.OwnAddresses.IPV4
                : destinations.equals(own.intersect(IPV6))
                        ? TrafficImpact.OwnAddresses.IPV6
                        : TrafficImpact.OwnAddresses.SOME;
    }

    /**
     * The destinations beside the own addresses, the same for nodes that differ only in their own addresses: an own
     * address inside or at the edge of a range stays in it, or fills the gap that it leaves.
     */
    private static AddressSet others(AddressSet destinations, AddressSet own) {
        AddressSet others = destinations.subtract(own);
        for (IpRange range : own.ranges()) {
            AddressSet filled = others.union(AddressSet.ofRanges(List.of(range)));
            if (filled.ranges().size() <= others.ranges().size()) {
                others = filled;
            }
        }
        return others;
    }

    // Packets

    private void addTraffic(ExplainedRule explained, PacketFilter.TrafficRule rule) {
        AddressSet sources = sources(rule.sources()).subtract(ignored);
        rule.destinations().forEach((destination, ports) -> {
            SortedSet<RuleId> entries =
                    Objects.requireNonNull(explained.entriesByDestination().get(destination), "entries");
            AddressSet addresses = addresses(destination);
            if (rule.protocolOrNull() != null) {
                Protocol protocol = rule.protocolOrNull();
                List<PortRange> its = protocol.isIcmp() ? ALL_PORTS : ports;
                add(rest(new Box(addresses, its, sources), protocol), protocol, entries);
            } else {
                addUsual(new Box(addresses, ports, sources), entries);
            }
        });
    }

    /** A rule that names no protocol, in one if the same of it is lost for each protocol, else by protocol. */
    private void addUsual(Box box, SortedSet<RuleId> entries) {
        List<List<Box>> rests = new ArrayList<>();
        for (Protocol protocol : USUAL) {
            rests.add(rest(protocol.isIcmp() ? withAllPorts(box) : box, protocol));
        }
        List<Box> first = rests.get(0);
        boolean alike = first.stream().allMatch(rest -> rest.ports().equals(box.ports()))
                && rests.get(1).equals(first)
                && rests.subList(2, rests.size()).stream()
                        .allMatch(rest -> rest.equals(first.stream()
                                .map(TrafficDifference::withAllPorts)
                                .toList()));
        if (alike) {
            add(first, null, entries);
            return;
        }
        for (int i = 0; i < rests.size(); i++) {
            add(rests.get(i), USUAL.get(i), entries);
        }
    }

    private static Box withAllPorts(Box box) {
        return new Box(box.addresses(), ALL_PORTS, box.sources());
    }

    private List<Box> rest(Box whole, Protocol protocol) {
        List<Box> rest = List.of(whole);
        if (whole.sources().isEmpty()) {
            return List.of();
        }
        for (PacketFilter.Rule rule : others.rules()) {
            if (rest.isEmpty()) {
                break;
            }
            if (rule instanceof PacketFilter.TrafficRule traffic && protocol.isNamedBy(traffic.protocolOrNull())) {
                for (Map.Entry<AddressPattern, List<PortRange>> entry :
                        traffic.destinations().entrySet()) {
                    if (overlaps(entry.getKey(), whole.addresses())) {
                        List<PortRange> ports = protocol.isIcmp() ? ALL_PORTS : entry.getValue();
                        rest = without(rest, new Box(addresses(entry.getKey()), ports, sources(traffic.sources())));
                    }
                }
            }
        }
        return rest;
    }

    private static List<Box> without(List<Box> boxes, Box taken) {
        List<Box> rest = new ArrayList<>();
        for (Box box : boxes) {
            AddressSet inside = box.addresses().intersect(taken.addresses());
            List<PortRange> common = Ports.intersect(box.ports(), taken.ports());
            if (inside.isEmpty() || common.isEmpty() || !box.sources().overlaps(taken.sources())) {
                rest.add(box);
                continue;
            }
            add(rest, box.addresses().subtract(taken.addresses()), box.ports(), box.sources());
            add(rest, inside, Ports.withoutZero(Ports.subtract(box.ports(), taken.ports())), box.sources());
            add(rest, inside, common, box.sources().subtract(taken.sources()));
        }
        return rest;
    }

    private static void add(List<Box> boxes, AddressSet addresses, List<PortRange> ports, AddressSet sources) {
        if (!addresses.isEmpty() && !ports.isEmpty() && !sources.isEmpty()) {
            boxes.add(new Box(addresses, ports, sources));
        }
    }

    private void add(List<Box> rest, @Nullable Protocol protocol, Collection<RuleId> entries) {
        rest.forEach(box -> add(box, protocol, null, entries));
    }

    /** Adds a box to those that differ from it only in their destinations. */
    private void add(Box box, @Nullable Protocol protocol, @Nullable String capability, Collection<RuleId> entries) {
        TrafficImpact.Permission permission = new TrafficImpact.Permission(
                box.sources(),
                TrafficImpact.OwnAddresses.NONE,
                AddressSet.empty(),
                box.ports(),
                protocol,
                capability,
                ImmutableSortedSet.copyOf(entries));
        found.merge(permission, box.addresses(), AddressSet::union);
    }

    // Capabilities

    private void addCapabilities(ExplainedRule explained, PacketFilter.CapabilityRule rule) {
        AddressSet sources = sources(rule.sources()).subtract(ignored);
        rule.capabilities().forEach((name, parameters) -> {
            for (Prefix destination : rule.destinations()) {
                List<Box> rest = List.of(new Box(AddressSet.of(destination), ALL_PORTS, sources));
                for (PacketFilter.Rule other : others.rules()) {
                    if (other instanceof PacketFilter.CapabilityRule capability
                            && parameters.equals(capability.capabilities().get(name))) {
                        AddressSet where = AddressSet.ofPrefixes(capability.destinations());
                        rest = without(rest, new Box(where, ALL_PORTS, sources(capability.sources())));
                    }
                }
                rest.forEach(box -> add(box, null, name, explained.entries()));
            }
        });
    }

    // Addresses

    private static boolean overlaps(AddressPattern pattern, AddressSet addresses) {
        return pattern.range().map(addresses::overlaps).orElse(true);
    }

    private static AddressSet addresses(AddressPattern pattern) {
        return pattern.range().map(range -> AddressSet.ofRanges(List.of(range))).orElse(KnownRanges.EVERYTHING);
    }

    /** Lists are shared between the rules of a filter: each is joined once. */
    private AddressSet sources(List<AddressPattern> patterns) {
        return sets.computeIfAbsent(patterns, TrafficDifference::union);
    }

    private static AddressSet union(List<AddressPattern> patterns) {
        List<IpRange> ranges = new ArrayList<>(patterns.size());
        for (AddressPattern pattern : patterns) {
            if (pattern.isAny()) {
                return KnownRanges.EVERYTHING;
            }
            pattern.range().ifPresent(ranges::add);
        }
        return AddressSet.ofRanges(ranges);
    }
}
