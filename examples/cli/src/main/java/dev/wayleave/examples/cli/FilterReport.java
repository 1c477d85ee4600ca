package dev.wayleave.examples.cli;

import dev.wayleave.access.AddressPattern;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.PacketFilter.CapabilityRule;
import dev.wayleave.access.PacketFilter.TrafficRule;
import dev.wayleave.mesh.Node;
import dev.wayleave.policy.PortRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** One node's packet filter, for people and for programs. */
final class FilterReport {

    private FilterReport() {}

    /** With the entries of the policy behind each rule, if their names are given. */
    static String text(Node node, List<ExplainedRule> filter, Optional<RuleNames> names, Ink ink) {
        if (filter.isEmpty()) {
            return Printable.line(node.name()) + " lets nothing in.\n";
        }
        List<String> titles = new ArrayList<>(List.of("From", "To", "Ports", "Protocol"));
        names.ifPresent(known -> titles.add("Because of"));
        TextTable table = new TextTable(ink, titles);
        for (ExplainedRule explained : filter) {
            PacketFilter.Rule rule = explained.rule();
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
            List<List<String>> cells = new ArrayList<>(List.of(texts(rule.sources()), to, ports, List.of(protocol)));
            names.ifPresent(known -> cells.add(because(explained, known)));
            table.add(cells);
        }
        return table.text();
    }

    private static List<String> because(ExplainedRule explained, RuleNames names) {
        return explained.entries().stream().map(names::of).toList();
    }

    static String json(List<ExplainedRule> filter, Optional<RuleNames> names) {
        return JsonOutput.write(json -> {
            json.writeStartArray();
            for (ExplainedRule explained : filter) {
                PacketFilter.Rule rule = explained.rule();
                json.writeStartObject();
                JsonOutput.texts(json, "SrcIPs", rule.sources());
                if (rule instanceof TrafficRule traffic) {
                    writeTraffic(json, traffic);
                } else if (rule instanceof CapabilityRule capability) {
                    writeCapabilities(json, capability);
                }
                names.ifPresent(known -> JsonOutput.texts(json, "Why", because(explained, known)));
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
