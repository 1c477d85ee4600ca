package dev.wayleave.policy;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * What kind of traffic a rule lets pass: one entry of a grant's {@code ip}, such as {@code tcp:80-443}.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param protocol the protocol, or empty where the policy names none
 * @param ports at least one range, sorted
 */
public record Traffic(Optional<Protocol> protocol, List<PortRange> ports) {

    /** Every protocol and every port. */
    public static final Traffic ALL = new Traffic(Optional.empty(), List.of(PortRange.ALL));

    /** Copies and sorts the ports. */
    public Traffic {
        ports = ImmutableList.sortedCopyOf(ports);
    }
}
