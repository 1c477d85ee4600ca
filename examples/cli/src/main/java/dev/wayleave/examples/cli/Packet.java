package dev.wayleave.examples.cli;

import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.PacketFilter.TrafficRule;
import dev.wayleave.net.IpAddress;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Traffic that somebody asks about.
 *
 * @param sender the node that sends it, for itself or for a network behind it
 * @param source where it comes from
 * @param destination where it goes to
 * @param protocol its protocol; empty to ask whether any passes
 * @param port its destination port; empty to ask whether any passes
 */
record Packet(Device sender, IpAddress source, IpAddress destination, Optional<Protocol> protocol, OptionalInt port) {

    /** What a filter lets through between source and destination. */
    record Opening(Optional<Protocol> protocol, List<PortRange> ports) {

        /** For example {@code tcp 80, 443}; a rule that names no protocol stands for three, as in the table of a filter. */
        String text() {
            List<String> texts = ports.stream().map(PortRange::toString).toList();
            String ports = texts.equals(List.of("*")) ? "" : String.join(", ", texts);
            return (protocol.map(Protocol::toString).orElse("tcp, udp, icmp") + " " + ports).strip();
        }
    }

    List<Opening> openings(PacketFilter filter) {
        return filter.rules().stream()
                .filter(TrafficRule.class::isInstance)
                .map(TrafficRule.class::cast)
                .filter(rule -> rule.sources().stream().anyMatch(pattern -> pattern.contains(source)))
                .flatMap(rule -> rule.destinations().entrySet().stream()
                        .filter(entry -> entry.getKey().contains(destination))
                        .map(entry -> new Opening(rule.protocol(), entry.getValue())))
                .toList();
    }

    boolean passes(PacketFilter filter) {
        if (port.isPresent()) {
            return filter.admits(source, destination, protocol.orElse(Protocol.TCP), port.getAsInt());
        }
        return openings(filter).stream()
                .anyMatch(opening -> opening.ports().stream()
                        .anyMatch(range -> protocol.isEmpty()
                                || filter.admits(source, destination, protocol.get(), range.first())));
    }

    /** What is sent, for example {@code tcp 443}. */
    String traffic() {
        if (port.isPresent()) {
            return protocol.orElse(Protocol.TCP) + " " + port.getAsInt();
        }
        return protocol.map(Protocol::toString).orElse("anything");
    }

    /** For example {@code ben-laptop (100.64.0.8) → 10.20.1.80, tcp 443}. */
    String text() {
        return sender.node().name() + " (" + source + ") → " + destination + ", " + traffic();
    }
}
