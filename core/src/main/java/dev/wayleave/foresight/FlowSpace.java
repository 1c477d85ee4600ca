package dev.wayleave.foresight;

import dev.wayleave.foresight.PolicyDifference.Effect;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The traffic that rules let pass, as sets: one bit for each protocol and each interval between the ports that rules
 * name, one for each capability, and some for what a rule shows.
 */
final class FlowSpace {

    /** The nodes see each other. */
    static final int PEERS = 0;

    /** The viewer gets the subnet route. */
    static final int ROUTE = 1;

    /**
     * The rule leads to the whole internet: with {@code via} it keeps the viewer away from other exit nodes, without it
     * shows them again.
     */
    static final int WHOLE_INTERNET = 2;

    /** The rule opens the node on all ports, which under one setting opens the internet through it. */
    static final int ALL_PORTS = 3;

    private static final int FIRST = 4;

    private static final Set<Protocol> USUAL = Set.of(Protocol.ICMP, Protocol.TCP, Protocol.UDP, Protocol.IPV6_ICMP);

    private static final List<Integer> WELL_KNOWN = List.of(443, 22, 80, 53);

    private static final Set<Integer> WITHOUT_PORT_ZERO = Set.of(6, 17, 132);

    /** The traffic and capabilities of a set, and what all ports open; only if nothing passes, what it shows. */
    static BitSet essence(BitSet bits) {
        BitSet passing = (BitSet) bits.clone();
        passing.clear(0, ALL_PORTS);
        return passing.isEmpty() ? bits : passing;
    }

    /** Whether traffic or capabilities are in a set. */
    static boolean passesAnything(BitSet bits) {
        return bits.nextSetBit(FIRST) >= 0;
    }

    private record Slice(Protocol protocol, PortRange ports) {}

    private record Capability(String name, String parameters) {}

    private final List<Slice> slices = new ArrayList<>();
    private final TreeMap<Protocol, List<Integer>> ofProtocol = new TreeMap<>();
    private final Map<Capability, Integer> capabilities = new LinkedHashMap<>();
    private final Map<Traffic, BitSet> known = new HashMap<>();

    FlowSpace(Collection<ComparedRule> rules) {
        TreeMap<Protocol, TreeSet<Integer>> borders = new TreeMap<>();
        rules.stream().flatMap(rule -> rule.traffic().stream()).distinct().forEach(traffic -> {
            for (Protocol protocol : protocols(traffic)) {
                TreeSet<Integer> its = borders.computeIfAbsent(protocol, p -> new TreeSet<>());
                for (PortRange range : ports(protocol, traffic)) {
                    its.add(range.first());
                    its.add(range.last() + 1);
                }
            }
        });
        borders.forEach((protocol, its) -> {
            List<Integer> bits = new ArrayList<>();
            Integer first = null;
            for (int next : its) {
                if (first != null) {
                    bits.add(FIRST + slices.size());
                    slices.add(new Slice(protocol, new PortRange(first, next - 1)));
                }
                first = next;
            }
            ofProtocol.put(protocol, bits);
        });
        int next = FIRST + slices.size();
        for (ComparedRule rule : rules) {
            for (Map.Entry<String, String> entry : rule.app().entrySet()) {
                if (capabilities.putIfAbsent(new Capability(entry.getKey(), entry.getValue()), next) == null) {
                    next++;
                }
            }
        }
    }

    private static Collection<Protocol> protocols(Traffic traffic) {
        return traffic.protocol().<Collection<Protocol>>map(Set::of).orElse(USUAL);
    }

    /** ICMP has no ports, and TCP, UDP and SCTP have no port 0. */
    private static List<PortRange> ports(Protocol protocol, Traffic traffic) {
        if (protocol.isIcmp()) {
            return List.of(PortRange.ALL);
        }
        if (!WITHOUT_PORT_ZERO.contains(protocol.number())) {
            return traffic.ports();
        }
        return traffic.ports().stream()
                .filter(range -> range.last() > 0)
                .map(range -> new PortRange(Math.max(1, range.first()), range.last()))
                .toList();
    }

    /** The flows that some traffic lets pass. */
    BitSet of(Traffic traffic) {
        return known.computeIfAbsent(traffic, this::compute);
    }

    private BitSet compute(Traffic traffic) {
        BitSet bits = new BitSet();
        for (Protocol protocol : protocols(traffic)) {
            List<PortRange> ports = ports(protocol, traffic);
            for (int bit : ofProtocol.getOrDefault(protocol, List.of())) {
                int first = slices.get(bit - FIRST).ports().first();
                if (ports.stream().anyMatch(range -> range.contains(first))) {
                    bits.set(bit);
                }
            }
        }
        return bits;
    }

    void addCapabilities(BitSet bits, ComparedRule rule) {
        rule.app().forEach((name, parameters) -> {
            Integer bit = capabilities.get(new Capability(name, parameters));
            if (bit != null) {
                bits.set(bit);
            }
        });
    }

    /** The traffic of a set, in the words of a policy; where all usual protocols pass alike, without a protocol. */
    List<Traffic> traffic(BitSet bits) {
        SortedMap<Protocol, List<PortRange>> open = new TreeMap<>();
        ofProtocol.forEach((protocol, its) -> {
            List<PortRange> ports = new ArrayList<>();
            for (int bit : its) {
                if (bits.get(bit)) {
                    PortRange range = slices.get(bit - FIRST).ports();
                    int last = ports.size() - 1;
                    if (last >= 0 && ports.get(last).last() + 1 == range.first()) {
                        ports.set(last, new PortRange(ports.get(last).first(), range.last()));
                    } else {
                        ports.add(range);
                    }
                }
            }
            if (!ports.isEmpty()) {
                open.put(protocol, ports);
            }
        });
        List<Traffic> result = new ArrayList<>();
        List<PortRange> tcp = open.getOrDefault(Protocol.TCP, List.of());
        if (open.keySet().containsAll(USUAL) && tcp.equals(open.get(Protocol.UDP))) {
            result.add(new Traffic(null, whole(tcp)));
            open.keySet().removeAll(USUAL);
        }
        open.forEach((protocol, ports) -> result.add(new Traffic(protocol, whole(ports))));
        return result;
    }

    private static List<PortRange> whole(List<PortRange> ports) {
        PortRange first = ports.get(0);
        return ports.size() == 1 && first.first() <= 1 && first.last() == PortRange.ALL.last()
                ? List.of(PortRange.ALL)
                : ports;
    }

    /** TCP first, and of its ports those that are well known. */
    private static int strangeness(Map.Entry<Protocol, Integer> flow) {
        int place = WELL_KNOWN.indexOf(flow.getValue());
        return (flow.getKey().equals(Protocol.TCP) ? 0 : 100) + (place < 0 ? WELL_KNOWN.size() : place);
    }

    /** The effects that a set shows, if nothing passes. */
    static SortedSet<Effect> effects(BitSet bits) {
        TreeSet<Effect> effects = new TreeSet<>();
        List<Effect> all = List.of(Effect.PEERS, Effect.ROUTE, Effect.EXIT_NODE_CHOICE, Effect.EXIT_NODE);
        for (int bit = 0; bit < FIRST; bit++) {
            if (bits.get(bit)) {
                effects.add(all.get(bit));
            }
        }
        return effects;
    }

    /** Whether packets of a protocol to a port are in a set. */
    boolean has(BitSet bits, Protocol protocol, int port) {
        return ofProtocol.getOrDefault(protocol, List.of()).stream()
                .anyMatch(bit -> bits.get(bit)
                        && protocol.reaches(
                                port, List.of(slices.get(bit - FIRST).ports())));
    }

    /** One protocol and port of a set, well known if there is such a one; nothing if no traffic is in it. */
    Optional<Map.Entry<Protocol, Integer>> example(BitSet bits) {
        return bits.stream()
                .filter(bit -> bit >= FIRST && bit < FIRST + slices.size())
                .mapToObj(bit -> slices.get(bit - FIRST))
                .map(slice -> Map.entry(
                        slice.protocol(),
                        WELL_KNOWN.stream()
                                .filter(port -> !slice.ports().equals(PortRange.ALL))
                                .filter(slice.ports()::contains)
                                .findFirst()
                                .orElse(slice.ports().first())))
                .min(Comparator.comparing(FlowSpace::strangeness));
    }

    /** The capabilities of a set, as {@code name parameters}. */
    List<String> capabilities(BitSet bits) {
        return capabilities.entrySet().stream()
                .filter(entry -> bits.get(entry.getValue()))
                .map(entry -> entry.getKey().name() + " " + entry.getKey().parameters())
                .sorted()
                .toList();
    }
}
