package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What kind of traffic a rule lets pass: one entry of a grant's {@code ip}, such as {@code tcp:80-443}.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param protocol the protocol, or empty where the policy names none
 * @param ports at least one range, sorted; {@link PortRange#ALL} stands alone
 */
public record Traffic(Optional<Protocol> protocol, List<PortRange> ports) {

    /** Every protocol and every port. */
    public static final Traffic ALL = new Traffic(Optional.empty(), List.of(PortRange.ALL));

    /**
     * Copies and sorts the ports.
     *
     * @param protocol the protocol, or empty
     * @param ports at least one range, in any order
     * @throws IllegalArgumentException if there are none
     */
    public Traffic {
        Objects.requireNonNull(protocol, "protocol");
        Copies.refuseNull(ports, "ports");
        ports = TrafficText.sorted(ports);
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
     * Returns the entry as policies write it.
     *
     * @return for example {@code tcp:80-443}
     */
    @Override
    public String toString() {
        return TrafficText.format(this);
    }
}
