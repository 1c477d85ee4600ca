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
 * What some nodes would let in, and do not now, or the other way round: the difference of their packet filters as sets
 * of packets, the same for each of them. Rules that are only written otherwise make none.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param nodes whose packet filters these are, in order
 * @param lost what they would no longer let in
 * @param gained what they would let in
 */
public record TrafficImpact(SortedSet<NodeId> nodes, List<Opening> lost, List<Opening> gained) {

    public TrafficImpact {
        nodes = Copies.sortedSet(nodes, "nodes");
        lost = Copies.list(lost, "lost");
        gained = Copies.list(gained, "gained");
    }

    /**
     * Packets of one kind, or a capability, from some addresses to some others.
     *
     * @param sources who may send
     * @param destinations where to; empty for the own addresses of the node
     * @param ports the destination ports, sorted; {@link PortRange#ALL} for a capability, and for ICMP
     * @param protocolOrNull the protocol; null for TCP, UDP and ICMP together, and for a capability
     * @param capabilityOrNull the name of an application capability; null for packets
     * @param rules the entries of the policy that open it: of the old policy if it is lost, of the new one if it is
     *     gained
     */
    public record Opening(
            AddressSet sources,
            AddressSet destinations,
            List<PortRange> ports,
            @Nullable Protocol protocolOrNull,
            @Nullable String capabilityOrNull,
            SortedSet<RuleId> rules) {

        public Opening {
            Objects.requireNonNull(sources, "sources");
            Objects.requireNonNull(destinations, "destinations");
            ports = Copies.list(ports, "ports");
            rules = Copies.sortedSet(rules, "rules");
        }

        /**
         * {@return whether it is about the own addresses of the node}
         */
        public boolean isToNodeItself() {
            return destinations.isEmpty();
        }

        /**
         * {@return the protocol; empty for TCP, UDP and ICMP together, and for a capability}
         */
        public Optional<Protocol> protocol() {
            return Optional.ofNullable(protocolOrNull);
        }

        /**
         * {@return the name of an application capability; empty for packets}
         */
        public Optional<String> capability() {
            return Optional.ofNullable(capabilityOrNull);
        }
    }
}
