package dev.wayleave.explanation;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Traffic that is asked about: from a node, or from a host behind it, to one address or to a whole prefix.
 *
 * @param viewer the node that sends, for itself or for a host behind it
 * @param behindOrNull the address of a host behind the viewer that sends; null if the viewer itself does
 * @param destination one address, or a prefix of which every address is asked about
 * @param protocolOrNull the protocol; null to ask whether some traffic passes. ICMP ({@code 1}) and ICMPv6 ({@code 58})
 *     both mean a ping of the destination's family
 * @param portOrNull the destination port, 0 to 65535; null to ask whether some port is open. It is not read for ICMP;
 *     of another protocol without ports it is 0. Null if there is no protocol
 */
public record TrafficQuestion(
        NodeId viewer,
        @Nullable IpAddress behindOrNull,
        Prefix destination,
        @Nullable Protocol protocolOrNull,
        @Nullable Integer portOrNull) {

    /**
     * Checks the port.
     *
     * @throws IllegalArgumentException if the port is not between 0 and 65535, or a port is given without a protocol
     */
    public TrafficQuestion {
        Objects.requireNonNull(viewer, "viewer");
        Objects.requireNonNull(destination, "destination");
        if (portOrNull != null && (portOrNull < 0 || portOrNull > 65_535)) {
            throw new IllegalArgumentException("port " + portOrNull + " is not between 0 and 65535");
        }
        if (portOrNull != null && protocolOrNull == null) {
            throw new IllegalArgumentException("port " + portOrNull + " has no protocol: say which, for example tcp");
        }
    }

    /** {@return the address of a host behind the viewer that sends; empty if the viewer itself does} */
    public Optional<IpAddress> behind() {
        return Optional.ofNullable(behindOrNull);
    }

    /** {@return the protocol; empty to ask whether some traffic passes} */
    public Optional<Protocol> protocol() {
        return Optional.ofNullable(protocolOrNull);
    }

    /** {@return the destination port; empty to ask whether some port is open} */
    public OptionalInt port() {
        return portOrNull == null ? OptionalInt.empty() : OptionalInt.of(portOrNull);
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
        return new TrafficQuestion(viewer, null, destination, protocol, port);
    }

    /**
     * Returns the question whether some traffic passes.
     *
     * @param viewer the node that sends
     * @param destination one address, or a prefix of which every address is asked about
     * @return the question
     */
    public static TrafficQuestion anything(NodeId viewer, Prefix destination) {
        return new TrafficQuestion(viewer, null, destination, null, null);
    }

    /**
     * Returns the same question about a host behind the viewer.
     *
     * @param host the address of the sender
     * @return the question
     */
    public TrafficQuestion fromBehind(IpAddress host) {
        Objects.requireNonNull(host, "host");
        return new TrafficQuestion(viewer, host, destination, protocolOrNull, portOrNull);
    }

    /**
     * {@return the protocol that is meant: a ping of an IPv6 address is ICMPv6, and a ping of an IPv4 address is ICMP;
     * the protocol with the family of the destination; empty if the question names none}
     */
    public Optional<Protocol> meantProtocol() {
        Protocol ping = destination.isIpv4() ? Protocol.ICMP : Protocol.IPV6_ICMP;
        return protocol().map(asked -> asked.isIcmp() ? ping : asked);
    }
}
