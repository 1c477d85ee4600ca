package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kind of traffic that a rule lets pass: one entry of a grant's {@code ip}, such as {@code tcp:80-443}.
 *
 * @param protocolOrNull the protocol; null where the policy names none
 * @param ports at least one range, sorted; {@link PortRange#ALL} only by itself
 */
public record Traffic(@Nullable Protocol protocolOrNull, List<PortRange> ports) {

    /** Every protocol and every port. */
    public static final Traffic ALL = new Traffic(null, List.of(PortRange.ALL));

    /**
     * Copies and sorts the ports.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Traffic {
        Copies.refuseNull(ports, "ports");
        ports = TrafficText.sorted(ports);
    }

    /** {@return the protocol; empty where the policy names none} */
    public Optional<Protocol> protocol() {
        return Optional.ofNullable(protocolOrNull);
    }

    /**
     * Reads traffic as policies write it: {@code *}, ports such as {@code 22,8000-8080}, or a protocol, a colon and
     * ports such as {@code tcp:443}, {@code 47:*}.
     *
     * @param text the entry
     * @return the traffic
     * @throws PolicyException if the text is anything else
     */
    public static Traffic parse(String text) {
        Objects.requireNonNull(text, "text");
        return Problems.orThrow(complaint -> TrafficText.traffic(text, complaint));
    }

    /**
     * Returns whether some traffic of a protocol passes. Traffic that names no protocol means TCP, UDP, ICMP and
     * ICMPv6, as Tailscale's control protocol documents it.
     *
     * @param sent the protocol of a packet
     * @return true if it does
     */
    public boolean covers(Protocol sent) {
        Objects.requireNonNull(sent, "sent");
        return sent.isNamedBy(protocolOrNull);
    }

    /**
     * Returns whether traffic of a protocol to a port passes. Of ICMP, which has no ports, the port is not compared.
     *
     * @param sent the protocol of a packet
     * @param port its destination port; 0 for a protocol without ports
     * @return true if it does
     */
    public boolean covers(Protocol sent, int port) {
        return covers(sent) && sent.reaches(port, ports);
    }

    /** {@return the entry as policies write it, for example {@code tcp:80-443}} */
    @Override
    public String toString() {
        return TrafficText.format(this);
    }
}
