package dev.wayleave.access.engine;

import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Traffic;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/**
 * The conditions of an entry of the policy that hold for traffic from one address to some other addresses at one node.
 *
 * <p>Traffic passes if the entry names the source, is in force at the node, and one of its targets has the
 * destination, the protocol and the port.
 *
 * @param rule the entry
 * @param namesSource whether a source of the entry holds the address that sends
 * @param sameUser whether the node's user is the sender's; true unless this is about the destination
 *     {@code autogroup:self}
 * @param inForce whether the entry counts at the node: it has no {@code via}, or the node has one of those tags
 * @param via the tags in {@code via}
 * @param targets what it opens there of the destinations that were asked about, at least one
 */
public record RuleMatch(
        RuleId rule, boolean namesSource, boolean sameUser, boolean inForce, SortedSet<Tag> via, List<Target> targets) {

    public RuleMatch {
        Objects.requireNonNull(rule, "rule");
        via = Copies.sortedSet(via, "via");
        targets = Copies.list(targets, "targets");
    }

    /**
     * A destination of an entry, and the traffic that may pass to it.
     *
     * @param destinations the addresses, not empty
     * @param traffic what may pass; empty where the entry gives capabilities only
     */
    public record Target(AddressSet destinations, List<Traffic> traffic) {

        public Target {
            Objects.requireNonNull(destinations, "destinations");
            traffic = Copies.list(traffic, "traffic");
        }

        /**
         * Returns whether traffic of a protocol may pass, on any port.
         *
         * @param protocol the protocol
         * @return true if some port is open to it
         */
        public boolean admits(Protocol protocol) {
            Objects.requireNonNull(protocol, "protocol");
            return traffic.stream().anyMatch(passing -> passing.covers(protocol));
        }

        /**
         * Returns whether traffic of a protocol may pass to a port.
         *
         * @param protocol the protocol
         * @param port the destination port, 0 for a protocol without ports; not read for ICMP
         * @return true if it may, as {@link PacketFilter#admits} has it
         */
        public boolean admits(Protocol protocol, int port) {
            Objects.requireNonNull(protocol, "protocol");
            return traffic.stream().anyMatch(passing -> passing.covers(protocol, port));
        }
    }

    /** {@return whether traffic from the source passes, if a target has its destination, protocol and port} */
    public boolean admitsSource() {
        return namesSource && sameUser && inForce;
    }
}
