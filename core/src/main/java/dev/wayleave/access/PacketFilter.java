package dev.wayleave.access;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The packet filter of a node: rules that only ever allow.
 *
 * <p>The rules are in a canonical form: rules of equal sources and protocol are joined, and in them equal destinations;
 * sources are sorted and never merged. Traffic rules come first; rules are ordered by their sources, then protocol. Two
 * filters of the same rules are equal.
 *
 * @param rules in their order; an empty list lets nothing in
 */
public record PacketFilter(List<Rule> rules) {

    /** The filter that lets nothing in. */
    public static final PacketFilter CLOSED = new PacketFilter(List.of());

    public PacketFilter {
        rules = Copies.list(rules, "rules");
    }

    /** One rule: who may send, and what. */
    public sealed interface Rule extends NamedKind {

        /** {@return who may send; at least one pattern, sorted; patterns may overlap} */
        List<AddressPattern> sources();
    }

    /**
     * Lets packets in.
     *
     * @param sources who may send, sorted
     * @param destinations where to, each with its ports in order
     * @param protocolOrNull the protocol; null for those of a rule that names none (TCP, UDP and ICMP)
     */
    @Kind("traffic-rule")
    public record TrafficRule(
            List<AddressPattern> sources,
            SortedMap<AddressPattern, List<PortRange>> destinations,
            @Nullable Protocol protocolOrNull)
            implements Rule {

        public TrafficRule {
            sources = Copies.list(sources, "sources");
            destinations = Copies.sortedMapOfLists(destinations, "destinations");
        }

        /** {@return the protocol; empty for those of a rule that names none (TCP, UDP and ICMP)} */
        public Optional<Protocol> protocol() {
            return Optional.ofNullable(protocolOrNull);
        }
    }

    /**
     * Gives application capabilities to those who send; lets no packet in by itself.
     *
     * @param sources to whom they are given, sorted
     * @param destinations where they hold: the node's own addresses, and prefixes that overlap its subnet routes
     * @param capabilities each name with its parameters as canonical JSON text
     */
    @Kind("capability-rule")
    public record CapabilityRule(
            List<AddressPattern> sources, SortedSet<Prefix> destinations, SortedMap<String, String> capabilities)
            implements Rule {

        public CapabilityRule {
            sources = Copies.list(sources, "sources");
            destinations = Copies.sortedSet(destinations, "destinations");
            capabilities = Copies.sortedMap(capabilities, "capabilities");
        }
    }

    /**
     * Returns whether a packet that opens a conversation is let in. Of ICMP only the addresses are compared, not the
     * ports of the rule: a rule that names no protocol means TCP, UDP, ICMP and ICMPv6, as the control protocol
     * of the field documents it, and the last two have no ports. A client may let in more: answers to what it sent, and
     * ICMP wherever it lets anything in.
     *
     * @param source where it comes from
     * @param destination where it goes to
     * @param protocol its protocol
     * @param port its destination port, or 0 for a protocol without ports; not read for ICMP
     * @return true if a rule allows it; {@code O(n)} in the size of the filter
     */
    public boolean admits(IpAddress source, IpAddress destination, Protocol protocol, int port) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(protocol, "protocol");
        return rules.stream()
                .anyMatch(rule -> rule instanceof TrafficRule traffic
                        && protocol.isNamedBy(traffic.protocolOrNull())
                        && traffic.sources().stream().anyMatch(pattern -> pattern.contains(source))
                        && traffic.destinations().entrySet().stream()
                                .anyMatch(entry -> entry.getKey().contains(destination)
                                        && protocol.reaches(port, entry.getValue())));
    }
}
