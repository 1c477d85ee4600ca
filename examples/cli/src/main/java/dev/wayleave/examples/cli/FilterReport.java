package dev.wayleave.examples.cli;

import dev.wayleave.access.AddressPattern;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.PacketFilter.CapabilityRule;
import dev.wayleave.access.PacketFilter.TrafficRule;
import dev.wayleave.mesh.Node;
import dev.wayleave.policy.PortRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** One node's packet filter, for people and for programs. */
final class FilterReport {

    private FilterReport() {}

    static String text(Node node, PacketFilter filter, Ink ink) {
        if (filter.rules().isEmpty()) {
            return Printable.line(node.name()) + " lets nothing in.\n";
        }
        TextTable table = new TextTable(ink, List.of("From", "To", "Ports", "Protocol"));
        for (PacketFilter.Rule rule : filter.rules()) {
            List<String> to = new ArrayList<>();
            List<String> ports = new ArrayList<>();
            String protocol = "";
            if (rule instanceof TrafficRule traffic) {
                traffic.destinations().forEach((destination, ranges) -> {
                    to.add(destination.toString());
                    ports.add(ranges.stream().map(PortRange::toString).collect(Collectors.joining(", ")));
                });
                protocol = traffic.protocol().map(Object::toString).orElse("tcp, udp, icmp");
            } else if (rule instanceof CapabilityRule capability) {
                capability.destinations().forEach(destination -> to.add(destination.toString()));
                ports.add("no traffic: "
                        + String.join(", ", capability.capabilities().keySet()));
            }
            table.add(List.of(texts(rule.sources()), to, ports, List.of(protocol)));
        }
        return table.text();
    }

    static String json(PacketFilter filter) {
        return JsonOutput.write(json -> {
            json.writeStartArray();
            for (PacketFilter.Rule rule : filter.rules()) {
                json.writeStartObject();
                JsonOutput.texts(json, "SrcIPs", rule.sources());
                if (rule instanceof TrafficRule traffic) {
                    writeTraffic(json, traffic);
                } else if (rule instanceof CapabilityRule capability) {
                    writeCapabilities(json, capability);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void writeTraffic(JsonGenerator json, TrafficRule rule) {
        json.writeArrayPropertyStart("DstPorts");
        rule.destinations()
                .forEach((destination, ranges) -> ranges.forEach(range -> {
                    writeDestination(json, destination, range);
                }));
        json.writeEndArray();
        rule.protocol().ifPresent(protocol -> {
            json.writeArrayPropertyStart("IPProto");
            json.writeNumber(protocol.number());
            json.writeEndArray();
        });
    }

    private static void writeDestination(JsonGenerator json, AddressPattern destination, PortRange ports) {
        json.writeStartObject();
        json.writeStringProperty("IP", destination.toString());
        json.writeObjectPropertyStart("Ports");
        json.writeNumberProperty("First", ports.first());
        json.writeNumberProperty("Last", ports.last());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeCapabilities(JsonGenerator json, CapabilityRule rule) {
        json.writeArrayPropertyStart("CapGrant");
        json.writeStartObject();
        JsonOutput.texts(json, "Dsts", rule.destinations());
        json.writeObjectPropertyStart("CapMap");
        rule.capabilities().forEach((name, parameters) -> {
            json.writeName(name);
            json.writeRawValue(parameters);
        });
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(Object::toString).toList();
    }
}
