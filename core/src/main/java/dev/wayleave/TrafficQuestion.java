package dev.wayleave;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Traffic that is asked about: from a node, or from a host behind it, to one address or to a whole prefix.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param viewer the node that sends, for itself or for a host behind it
 * @param behind the address of a host behind the viewer that sends; empty if the viewer itself does
 * @param destination one address, or a prefix of which every address is asked about
 * @param protocol the protocol; empty to ask whether any traffic passes. ICMP ({@code 1}) and ICMPv6 ({@code 58}) both
 *     mean a ping of the destination's family
 * @param port the destination port, 0 to 65535; empty to ask whether any port is open. It is not read for ICMP; of
 *     another protocol without ports it is 0. Empty if there is no protocol
 */
public record TrafficQuestion(
        NodeId viewer, Optional<IpAddress> behind, Prefix destination, Optional<Protocol> protocol, OptionalInt port) {

    /**
     * Checks the port.
     *
     * @param viewer the node that sends
     * @param behind the address of a host behind the viewer that sends; empty if the viewer itself does
     * @param destination one address, or a prefix
     * @param protocol the protocol; empty to ask whether any traffic passes
     * @param port the destination port; empty to ask whether any port is open
     * @throws IllegalArgumentException if the port is not between 0 and 65535, or a port is given without a protocol
     */
    public TrafficQuestion {
        Objects.requireNonNull(viewer, "viewer");
        Objects.requireNonNull(behind, "behind");
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(port, "port");
        if (port.isPresent() && (port.getAsInt() < 0 || port.getAsInt() > 65_535)) {
            throw new IllegalArgumentException("port " + port.getAsInt() + " is not between 0 and 65535");
        }
        if (port.isPresent() && protocol.isEmpty()) {
            throw new IllegalArgumentException(
                    "port " + port.getAsInt() + " has no protocol: say which, for example tcp");
        }
    }

    /**
     * Returns the question whether traffic of one protocol reaches one port.
     *
     * @param viewer the node that sends
     * @param destination one address, or a prefix of which every address is asked about
     * @param protocol the protocol
     * @param port the destination port; 0 for a protocol without ports
     * @return the question
     * @throws IllegalArgumentException if the port is not between 0 and 65535
     */
    public static TrafficQuestion of(NodeId viewer, Prefix destination, Protocol protocol, int port) {
        Objects.requireNonNull(protocol, "protocol");
        return new TrafficQuestion(viewer, Optional.empty(), destination, Optional.of(protocol), OptionalInt.of(port));
    }

    /**
     * Returns the question whether any traffic at all passes.
     *
     * @param viewer the node that sends
     * @param destination one address, or a prefix of which every address is asked about
     * @return the question
     */
    public static TrafficQuestion anything(NodeId viewer, Prefix destination) {
        return new TrafficQuestion(viewer, Optional.empty(), destination, Optional.empty(), OptionalInt.empty());
    }

    /**
     * Reads a question as operators write it.
     *
     * @param state the tailnet
     * @param from who sends: the name or number of a node, an address, the name of an address at a 4via6 site, or a
     *     name from the policy's {@code hosts}. An address that no node has is a host behind the primary of the
     *     narrowest route around it
     * @param to where to: as {@code from}, or a prefix; then perhaps a colon and a port, for which an IPv6 address
     *     stands in brackets, as in {@code [2001:db8::1]:443}. Of a node that address is meant which has a family of
     *     the sender
     * @param protocol a name such as {@code udp} or a number; empty for {@code tcp} if there is a port, and for any
     *     traffic if not. {@code icmp} may have port 0
     * @return the question
     * @throws TrafficQuestionException if one of the texts is something else
     */
    public static TrafficQuestion read(RoutingState state, String from, String to, String protocol) {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(protocol, "protocol");
        return new TrafficQuestionReader(state).read(from, to, protocol);
    }

    /**
     * Returns the same question about a host behind the viewer.
     *
     * @param host the address of the sender
     * @return the question
     */
    public TrafficQuestion fromBehind(IpAddress host) {
        Objects.requireNonNull(host, "host");
        return new TrafficQuestion(viewer, Optional.of(host), destination, protocol, port);
    }

    /**
     * Returns the protocol that is meant: a ping of an IPv6 address is ICMPv6, and a ping of an IPv4 address is ICMP.
     *
     * @return the protocol with the family of the destination; empty if any traffic is asked about
     */
    public Optional<Protocol> meantProtocol() {
        return protocol.map(asked -> {
            boolean ping = asked.equals(Protocol.ICMP) || asked.equals(Protocol.IPV6_ICMP);
            return ping ? (destination.isIpv4() ? Protocol.ICMP : Protocol.IPV6_ICMP) : asked;
        });
    }
}
