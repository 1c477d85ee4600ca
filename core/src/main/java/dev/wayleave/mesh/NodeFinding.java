package dev.wayleave.mesh;

import com.google.common.collect.ImmutableList;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Something about the own addresses or the prefixes of one node that is accepted, and that its administrator hardly
 * means. Commands that register or update the node, or advertise its routes, return findings as remarks.
 *
 * <p>A minor version may add kinds, named in the changelog.
 */
public sealed interface NodeFinding extends NamedKind {

    /** {@return the node that the finding is about} */
    NodeId node();

    /**
     * Describes what was found, and what follows from it.
     *
     * @param names how texts call nodes
     * @return a part of a line in lower case
     */
    String fact(Names names);

    /** {@return what to do about it; a part of a line in lower case} */
    String advice();

    /**
     * Describes what was found, what follows from it, and what to do.
     *
     * @param names how texts call nodes
     * @return one line in lower case
     */
    default String text(Names names) {
        return fact(names) + "; " + advice();
    }

    /**
     * Looks at the own addresses of a node. {@code O(1)} beside the calls of the function.
     *
     * @param node the node
     * @param holders returns the nodes that have an address; whether it names the node itself makes no difference
     * @return IPv4 first; of one address a reserved range before other nodes
     */
    static List<NodeFinding> ofAddresses(Node node, Function<IpAddress, ? extends Collection<NodeId>> holders) {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(holders, "holders");
        List<NodeFinding> findings = new ArrayList<>();
        for (IpAddress address : node.addresses()) {
            SortedSet<ReservedRange> ranges = ReservedRange.withoutOverlay(address.toPrefix());
            if (!ranges.isEmpty()) {
                findings.add(new ReservedAddress(node.id(), address, ranges));
            }
            SortedSet<NodeId> others = new TreeSet<>(holders.apply(address));
            others.remove(node.id());
            if (!others.isEmpty()) {
                findings.add(new SharedAddress(node.id(), address, others));
            }
        }
        return findings;
    }

    /**
     * Looks at the subnet routes of a node. A 4via6 route is read as the IPv4 block that it stands for.
     * {@code O(n log m)} for n prefixes and m ranges of the overlay.
     *
     * @param node the node
     * @param prefixes what it advertises; exit routes do not count here
     * @param overlay the tailnet's own ranges
     * @return at most one finding a prefix, in the order of the prefixes
     */
    static List<NodeFinding> ofPrefixes(NodeId node, SortedSet<Prefix> prefixes, OverlayRanges overlay) {
        Objects.requireNonNull(node, "node");
        Copies.refuseNull(prefixes, "prefixes");
        Objects.requireNonNull(overlay, "overlay");
        List<NodeFinding> findings = new ArrayList<>();
        for (Prefix prefix : prefixes) {
            if (!Via6.isAdvertisable(prefix)) {
                findings.add(new UnreadableVia6(node, prefix));
                continue;
            }
            SortedSet<ReservedRange> ranges = ReservedRange.of(prefix, overlay);
            if (!ranges.isEmpty()) {
                findings.add(new ReservedPrefix(node, prefix, ranges));
            }
        }
        return findings;
    }

    /** Addresses that a route cannot lead to, since every client gives them a meaning of its own. */
    enum ReservedRange {
        /** The ranges from which the tailnet takes the addresses of its nodes. */
        OVERLAY("the tailnet's own addresses"),
        /** {@code 100.100.100.100} and {@code fd7a:115c:a1e0::53}, at which clients answer for DNS. */
        RESOLVER(
                "the clients' own resolver",
                Prefix.parse("100.100.100.100/32"),
                Prefix.parse("fd7a:115c:a1e0::53/128")),
        /** {@link KnownRanges#LOOPBACK_IPV4} and {@link KnownRanges#LOOPBACK_IPV6}. */
        LOOPBACK("loopback", KnownRanges.LOOPBACK_IPV4, KnownRanges.LOOPBACK_IPV6),
        /** {@link KnownRanges#LINK_LOCAL_IPV4} and {@link KnownRanges#LINK_LOCAL_IPV6}. */
        LINK_LOCAL("link-local addresses", KnownRanges.LINK_LOCAL_IPV4, KnownRanges.LINK_LOCAL_IPV6),
        /** {@link KnownRanges#MULTICAST_IPV4} and {@link KnownRanges#MULTICAST_IPV6}. */
        MULTICAST("multicast", KnownRanges.MULTICAST_IPV4, KnownRanges.MULTICAST_IPV6);

        private static final ImmutableList<ReservedRange> ALL = ImmutableList.copyOf(values());

        private final String words;
        private final ImmutableList<Prefix> prefixes;

        ReservedRange(String words, Prefix... prefixes) {
            this.words = words;
            this.prefixes = ImmutableList.copyOf(prefixes);
        }

        private static SortedSet<ReservedRange> of(Prefix prefix, OverlayRanges overlay) {
            Prefix target = Via6.of(prefix).map(Via6::ipv4).orElse(prefix);
            if (target.length() == 0) {
                return new TreeSet<>();
            }
            SortedSet<ReservedRange> found = withoutOverlay(target);
            if (target.equals(prefix) && overlay.addresses().overlaps(prefix)) {
                found.add(OVERLAY);
            }
            return found;
        }

        private static SortedSet<ReservedRange> withoutOverlay(Prefix prefix) {
            SortedSet<ReservedRange> found = new TreeSet<>();
            for (ReservedRange range : ALL) {
                if (range.overlaps(prefix)) {
                    found.add(range);
                }
            }
            return found;
        }

        /** A loop, since it is asked for each range and each advertised prefix: a stream costs more than the answer. */
        private boolean overlaps(Prefix prefix) {
            for (Prefix range : prefixes) {
                if (range.overlaps(prefix)) {
                    return true;
                }
            }
            return false;
        }

        private static String words(SortedSet<ReservedRange> ranges) {
            return ranges.stream().map(range -> range.words).collect(Collectors.joining(" and "));
        }
    }

    /**
     * Several nodes have one address: clients take the packets to the node that they hear of last.
     *
     * @param node the node
     * @param address its address
     * @param others the other nodes that have it; at least one
     */
    @Kind("shared-address")
    record SharedAddress(NodeId node, IpAddress address, SortedSet<NodeId> others) implements NodeFinding {

        /** Copies the nodes. */
        public SharedAddress {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(address, "address");
            others = Copies.sortedSet(others, "others");
        }

        @Override
        public String fact(Names names) {
            Objects.requireNonNull(names, "names");
            return "address `" + address + "` of " + names.node(node) + " is also that of "
                    + others.stream().map(names::node).collect(Collectors.joining(", "))
                    + ": only one of them gets its packets";
        }

        @Override
        public String advice() {
            return "give each node an address of its own";
        }
    }

    /**
     * An own address of a node is one to which no packet travels.
     *
     * @param node the node
     * @param address its address
     * @param ranges where the address lies; at least one
     */
    @Kind("reserved-address")
    record ReservedAddress(NodeId node, IpAddress address, SortedSet<ReservedRange> ranges) implements NodeFinding {

        /** Copies the ranges. */
        public ReservedAddress {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(address, "address");
            ranges = Copies.sortedSet(ranges, "ranges");
        }

        @Override
        public String fact(Names names) {
            Objects.requireNonNull(names, "names");
            return "address `" + address + "` of " + names.node(node) + " means " + ReservedRange.words(ranges)
                    + " on every client: no packet to it travels";
        }

        @Override
        public String advice() {
            return "give the node an address of the tailnet's own ranges";
        }
    }

    /**
     * A subnet route covers addresses that it cannot lead to.
     *
     * @param node the node
     * @param prefix what it advertises
     * @param ranges what the prefix covers, wholly or in part; at least one
     */
    @Kind("reserved-prefix")
    record ReservedPrefix(NodeId node, Prefix prefix, SortedSet<ReservedRange> ranges) implements NodeFinding {

        /** Copies the ranges. */
        public ReservedPrefix {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            ranges = Copies.sortedSet(ranges, "ranges");
        }

        @Override
        public String fact(Names names) {
            Objects.requireNonNull(names, "names");
            return "prefix `" + prefix + "` of " + names.node(node) + " lies over " + ReservedRange.words(ranges)
                    + ": packets to these addresses do not reach the network behind the router";
        }

        @Override
        public String advice() {
            return "advertise prefixes without these addresses";
        }
    }

    /**
     * A subnet route lies in {@link KnownRanges#VIA6}, and stands for no IPv4 block that a client reads.
     *
     * @param node the node
     * @param prefix what it advertises; shorter than {@code /96}, or of a site above {@link Via6#MAX_ADVERTISED_SITE}
     */
    @Kind("unreadable-via6")
    record UnreadableVia6(NodeId node, Prefix prefix) implements NodeFinding {

        public UnreadableVia6 {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public String fact(Names names) {
            Objects.requireNonNull(names, "names");
            return "prefix `" + prefix + "` of " + names.node(node)
                    + " lies in the 4via6 range and stands for no IPv4 block: no client reads it";
        }

        @Override
        public String advice() {
            return "advertise a site from 0 to " + Via6.MAX_ADVERTISED_SITE + " with a block of length 96 to 128";
        }
    }
}
