package dev.wayleave.policy;

import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the policy's section {@code acls}; its action is always {@code accept}.
 *
 * <p>A rule without sources or without destinations lets nothing pass.
 *
 * @param sources who may send, in the order of the policy
 * @param protocolOrNull the protocol; null where the policy names none
 * @param destinations where to, in the order of the policy
 */
public record AclRule(List<Selector> sources, @Nullable Protocol protocolOrNull, List<Destination> destinations) {

    public AclRule {
        sources = Copies.list(sources, "sources");
        destinations = Copies.list(destinations, "destinations");
    }

    /** {@return the protocol; empty where the policy names none} */
    public Optional<Protocol> protocol() {
        return Optional.ofNullable(protocolOrNull);
    }

    /**
     * Returns a rule from the texts that policies write.
     *
     * @param sources such as {@code group:admins}
     * @param destinations such as {@code 10.0.0.0/8:22,80}
     * @return a rule that names no protocol
     * @throws PolicyException if one of the texts is malformed
     */
    public static AclRule accept(List<String> sources, List<String> destinations) {
        Copies.refuseNull(sources, "sources");
        Copies.refuseNull(destinations, "destinations");
        return new AclRule(
                sources.stream().map(Selector::parse).toList(),
                null,
                destinations.stream().map(Destination::parse).toList());
    }

    /**
     * Returns this rule for one protocol only.
     *
     * @param only the protocol
     * @return a rule with the same sources and destinations
     */
    public AclRule withProtocol(Protocol only) {
        Objects.requireNonNull(only, "only");
        return new AclRule(sources, only, destinations);
    }

    /**
     * A destination with its ports, such as {@code 10.0.0.0/8:22,80}.
     *
     * @param selector what is reached
     * @param ports at least one range, sorted; {@link PortRange#ALL} only by itself
     */
    public record Destination(Selector selector, List<PortRange> ports) {

        /**
         * Copies and sorts the ports.
         *
         * @throws IllegalArgumentException if there are none
         */
        public Destination {
            Objects.requireNonNull(selector, "selector");
            Copies.refuseNull(ports, "ports");
            ports = TrafficText.sorted(ports);
        }

        /**
         * Reads a destination as policies write it: a selector, a colon and ports. An address of IPv6 is in brackets.
         *
         * @param text for example {@code tag:server:22}, {@code [fd00::1]:443} or {@code fd00::/64:*}
         * @return the destination
         * @throws PolicyException if the text is anything else
         */
        public static Destination parse(String text) {
            Objects.requireNonNull(text, "text");
            return Problems.orThrow(complaint -> TrafficText.destination(text, complaint));
        }

        /** {@return the destination as policies write it, for example {@code tag:server:22}} */
        @Override
        public String toString() {
            return TrafficText.format(this);
        }
    }
}
