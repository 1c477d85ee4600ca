package dev.wayleave.policy;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * One entry of the policy's section {@code acls}; its action is always {@code accept}.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param sources who may send, in the order of the policy
 * @param protocol the protocol, or empty where the policy names none
 * @param destinations where to, in the order of the policy
 */
public record AclRule(List<Selector> sources, Optional<Protocol> protocol, List<Destination> destinations) {

    /** Copies the lists. */
    public AclRule {
        sources = ImmutableList.copyOf(sources);
        destinations = ImmutableList.copyOf(destinations);
    }

    /**
     * A destination with its ports, such as {@code 10.0.0.0/8:22,80}.
     *
     * @param selector what is reached
     * @param ports at least one range, sorted
     */
    public record Destination(Selector selector, List<PortRange> ports) {

        /** Copies and sorts the ports. */
        public Destination {
            ports = ImmutableList.sortedCopyOf(ports);
        }
    }
}
