package dev.wayleave.testing;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether a single packet arrives: the viewer looks for the narrowest of all that it has – the addresses of its
 * peers, the routes that they carry, what lies behind the viewer itself –, and the filter of the node to which that
 * leads decides.
 */
public final class NaivePackets {

    /** Views and filters, from any computation. */
    public interface Views {

        /** The peers of a viewer, each with its routes. */
        SortedMap<NodeId, SortedSet<Prefix>> view(NodeId viewer);

        /** Whether the filter of a node lets a packet in. */
        boolean admits(NodeId at, IpAddress from, IpAddress to, Protocol protocol, int port);
    }

    /**
     * A packet that opens a conversation.
     *
     * @param behindOrNull the host behind the viewer that sends it; null if the viewer does, from its own address
     */
    public record Packet(NodeId viewer, @Nullable IpAddress behindOrNull, IpAddress to, Protocol protocol, int port) {

        /** From the viewer's own address. */
        public Packet(NodeId viewer, IpAddress to, Protocol protocol, int port) {
            this(viewer, null, to, protocol, port);
        }

        /** The host behind the viewer that sends it. */
        public Optional<IpAddress> behind() {
            return Optional.ofNullable(behindOrNull);
        }
    }

    /**
     * Where packets go.
     *
     * @param over a prefix
     * @param routers the nodes that carry it: one for a subnet route, every shown exit node for an exit route; the
     *     viewer itself for what lies behind it; none for a 4via6 site of its own
     */
    public record Way(Prefix over, SortedSet<NodeId> routers) {}

    private static final Way NONE = new Way(KnownRanges.EXIT_IPV4, new TreeSet<>());

    private final NaiveTailnet tailnet;
    private final Views views;
    private final SortedMap<NodeId, List<Way>> tables = new TreeMap<>();

    public NaivePackets(NaiveTailnet tailnet, Views views) {
        this.tailnet = tailnet;
        this.views = views;
    }

    /** By the slow twin. */
    public static NaivePackets of(NaiveTailnet tailnet, NaiveVisibility twin) {
        return new NaivePackets(tailnet, new Views() {
            @Override
            public SortedMap<NodeId, SortedSet<Prefix>> view(NodeId viewer) {
                return twin.view(viewer);
            }

            @Override
            public boolean admits(NodeId at, IpAddress from, IpAddress to, Protocol protocol, int port) {
                return twin.permissions(at).stream()
                        .anyMatch(permission -> permission.passes(from, to, protocol, port));
            }
        });
    }

    /** The sender's address of the destination's family; without one it can send nothing there. */
    public Optional<IpAddress> source(Packet packet) {
        return packet
                .behind()
                .map(List::of)
                .orElseGet(() -> tailnet.node(packet.viewer()).node().addresses())
                .stream()
                .filter(address -> address.isIpv4() == packet.to().isIpv4())
                .findFirst();
    }

    /** Which way a packet goes: the narrowest prefix of the viewer that holds its destination. */
    public Way way(NodeId viewer, IpAddress to) {
        return tables.computeIfAbsent(viewer, this::table).stream()
                .filter(way -> way.over().contains(to))
                .findFirst()
                .filter(way -> !way.routers().contains(viewer) || !way.over().isExitRoute() || isPublic(to))
                .orElse(NONE);
    }

    private boolean isPublic(IpAddress address) {
        NaiveItem.Span asked = NaiveItem.Span.of(address);
        return tailnet.overlay().internet().stream().map(NaiveItem.Span::of).anyMatch(range -> range.contains(asked));
    }

    /** All that a viewer has, the narrowest first, and what is its own before what is another node's. */
    private List<Way> table(NodeId viewer) {
        NodeRoutes self = tailnet.node(viewer);
        TreeMap<Prefix, SortedSet<NodeId>> own = new TreeMap<>();
        TreeMap<Prefix, SortedSet<NodeId>> peers = new TreeMap<>();
        TreeMap<Prefix, SortedSet<NodeId>> routes = new TreeMap<>();
        self.node().addresses().forEach(address -> add(own, address.toPrefix(), viewer));
        // A router needs no other for what lies behind it, nor an exit node for the internet; a 4via6 router cannot use
        // the addresses of its own site.
        for (Prefix route : self.effective()) {
            if (KnownRanges.VIA6.contains(route)) {
                own.put(route, new TreeSet<>());
            } else {
                add(own, route, viewer);
            }
        }
        views.view(viewer).forEach((peer, shown) -> {
            tailnet.node(peer).node().addresses().forEach(address -> add(peers, address.toPrefix(), peer));
            shown.forEach(route -> add(routes, route, peer));
        });
        List<Way> table = new ArrayList<>();
        for (Map<Prefix, SortedSet<NodeId>> each : List.of(own, peers, routes)) {
            each.forEach((prefix, routers) -> table.add(new Way(prefix, routers)));
        }
        table.sort(Comparator.comparingInt((Way way) -> way.over().length()).reversed());
        return table;
    }

    private static void add(Map<Prefix, SortedSet<NodeId>> table, Prefix prefix, NodeId node) {
        table.computeIfAbsent(prefix, p -> new TreeSet<>()).add(node);
    }

    public boolean arrives(Packet packet) {
        return arrives(packet, way(packet.viewer(), packet.to()));
    }

    /** Whether a packet that goes this way arrives. */
    public boolean arrives(Packet packet, Way way) {
        Optional<IpAddress> from = source(packet);
        return from.isPresent()
                && way.routers().stream()
                        .anyMatch(router -> router.equals(packet.viewer())
                                || views.admits(router, from.get(), packet.to(), packet.protocol(), packet.port()));
    }

    /**
     * One address of every part of the address space in which all answers are alike: where a route, a node's address or
     * the destination of a rule begins, and where it has just ended.
     */
    public static SortedSet<IpAddress> destinations(NaiveTailnet tailnet) {
        TreeSet<IpAddress> addresses = new TreeSet<>();
        List<NaiveItem.Span> ranges =
                new ArrayList<>(new NaiveFilter(tailnet, tailnet.nodes().get(0), Fault.NONE).destinationRanges());
        tailnet.overlay().internet().forEach(range -> ranges.add(NaiveItem.Span.of(range)));
        for (NodeRoutes node : tailnet.nodes()) {
            node.node().addresses().forEach(address -> ranges.add(NaiveItem.Span.of(address)));
            node.effective().forEach(route -> ranges.add(NaiveItem.Span.of(route)));
        }
        for (NaiveItem.Span range : ranges) {
            addresses.add(range.first());
            next(range.last()).ifPresent(addresses::add);
        }
        return addresses;
    }

    private static Optional<IpAddress> next(IpAddress address) {
        byte[] bytes = address.toBytes();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (++bytes[i] != 0) {
                return Optional.of(IpAddress.ofBytes(bytes));
            }
        }
        return Optional.empty();
    }
}
