package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The packets that some nodes would let in, and do not now, or the other way round: the difference of their packet
 * filters as sets of packets, the same for each of them. Rules that are only written otherwise make none.
 *
 * <p>A node sends nothing to itself: where its own addresses are among the sources, it leaves itself out.
 *
 * @param nodes whose packet filters these are, in order
 * @param lost what they would no longer let in
 * @param gained what they would let in
 */
public record TrafficImpact(SortedSet<NodeId> nodes, List<Permission> lost, List<Permission> gained) {

    public TrafficImpact {
        nodes = Copies.sortedSet(nodes, "nodes");
        lost = Copies.list(lost, "lost");
        gained = Copies.list(gained, "gained");
    }

    /** The own addresses of a node that are the destinations of packets. */
    public enum OwnAddresses {
        /** No own address. */
        NONE,
        /** Some own addresses, and not all of a family: the destinations list them. */
        SOME,
        /** All own addresses of the node. */
        ALL,
        /** All own IPv4 addresses of the node, and it has IPv6 addresses too. */
        IPV4,
        /** All own IPv6 addresses of the node, and it has IPv4 addresses too. */
        IPV6
    }

    /**
     * Packets of one kind, or a capability, from some addresses to some other addresses.
     *
     * @param sources who may send
     * @param ownAddresses which own addresses of each node are destinations
     * @param destinations the other destinations, perhaps none. An own address among them counts only if {@code
     *     ownAddresses} is {@link OwnAddresses#SOME}: the nodes of an impact have different ones
     * @param ports the destination ports, sorted; {@link PortRange#ALL} for a capability, and for ICMP
     * @param protocolOrNull the protocol; null for TCP, UDP and ICMP together, and for a capability
     * @param capabilityOrNull the name of an application capability; null for packets
     * @param rules the entries of the policy that open it: of the old policy if it is lost, of the new one if it is
     *     gained
     */
    public record Permission(
            AddressSet sources,
            OwnAddresses ownAddresses,
            AddressSet destinations,
            List<PortRange> ports,
            @Nullable Protocol protocolOrNull,
            @Nullable String capabilityOrNull,
            SortedSet<RuleId> rules) {

        public Permission {
            Objects.requireNonNull(sources, "sources");
            Objects.requireNonNull(ownAddresses, "ownAddresses");
            Objects.requireNonNull(destinations, "destinations");
            ports = Copies.list(ports, "ports");
            rules = Copies.sortedSet(rules, "rules");
        }

        /** {@return whether the own addresses of the node are the only destinations} */
        public boolean isToNodeItself() {
            return destinations.isEmpty();
        }

        /** {@return the protocol; empty for TCP, UDP and ICMP together, and for a capability} */
        public Optional<Protocol> protocol() {
            return Optional.ofNullable(protocolOrNull);
        }

        /** {@return the name of an application capability; empty for packets} */
        public Optional<String> capability() {
            return Optional.ofNullable(capabilityOrNull);
        }
    }
}
