package dev.wayleave.examples.cli.report;

import dev.wayleave.access.AddressPattern;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.PacketFilter.CapabilityRule;
import dev.wayleave.access.PacketFilter.TrafficRule;
import dev.wayleave.access.RuleId;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Node;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** One node's packet filter, for people and for programs. */
public final class FilterReport {

    private FilterReport() {}

    /** With the entries of the policy behind each rule, if there is what to print them with. */
    public static String text(Node node, List<ExplainedRule> filter, Optional<Names> names, Ink ink) {
        if (filter.isEmpty()) {
            return Printable.line(node.name()) + " lets nothing in.\n";
        }
        List<String> titles = new ArrayList<>(List.of("From", "To", "Ports", "Protocol"));
        names.ifPresent(known -> titles.add("Because of"));
        TextTable table = new TextTable(ink, titles);
        for (ExplainedRule explained : filter) {
            table.add(cells(explained, names));
        }
        return table.text();
    }

    /** Where all destinations have the same entries, these are listed once; else beside each destination its own. */
    private static List<List<String>> cells(ExplainedRule explained, Optional<Names> names) {
        PacketFilter.Rule rule = explained.rule();
        boolean apart = names.isPresent()
                && Set.copyOf(explained.entriesByDestination().values()).size() > 1;
        List<String> to = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        List<String> because = new ArrayList<>();
        explained.entriesByDestination().forEach((destination, entries) -> {
            to.add(text(rule, destination));
            ports.add(ports(rule, destination));
            if (apart) {
                because.addAll(texts(entries, names.orElseThrow()));
                for (int extra = 1; extra < entries.size(); extra++) {
                    to.add("");
                    ports.add("");
                }
            }
        });
        String protocol = "";
        if (rule instanceof TrafficRule traffic) {
            protocol = traffic.protocol().map(Object::toString).orElse("tcp, udp, icmp");
        } else if (rule instanceof CapabilityRule capability) {
            ports.set(
                    0,
                    "no traffic: " + String.join(", ", capability.capabilities().keySet()));
        }
        List<List<String>> cells = new ArrayList<>(List.of(texts(rule.sources()), to, ports, List.of(protocol)));
        names.ifPresent(known -> cells.add(apart ? because : texts(explained.entries(), known)));
        return cells;
    }

    /** Capabilities hold for prefixes, which are written as such also where they are one address. */
    private static String text(PacketFilter.Rule rule, AddressPattern destination) {
        Optional<Prefix> prefix =
                rule instanceof CapabilityRule ? destination.range().flatMap(IpRange::toPrefix) : Optional.empty();
        return prefix.map(Prefix::toString).orElseGet(destination::toString);
    }

    private static String ports(PacketFilter.Rule rule, AddressPattern destination) {
        return rule instanceof TrafficRule traffic
                ? traffic.destinations().getOrDefault(destination, List.of()).stream()
                        .map(PortRange::toString)
                        .collect(Collectors.joining(", "))
                : "";
    }

    private static List<String> texts(Collection<RuleId> entries, Names names) {
        return entries.stream().map(entry -> entry.text(names)).toList();
    }

    public static String json(List<ExplainedRule> filter, Optional<Names> names) {
        return JsonOutput.write(json -> {
            json.writeStartArray();
            for (ExplainedRule explained : filter) {
                PacketFilter.Rule rule = explained.rule();
                json.writeStartObject();
                JsonOutput.texts(json, "SrcIPs", rule.sources());
                if (rule instanceof TrafficRule traffic) {
                    writeTraffic(json, traffic, explained, names);
                } else if (rule instanceof CapabilityRule capability) {
                    writeCapabilities(json, capability);
                }
                names.ifPresent(known -> JsonOutput.texts(json, "Why", texts(explained.entries(), known)));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void writeTraffic(
            JsonGenerator json, TrafficRule rule, ExplainedRule explained, Optional<Names> names) {
        json.writeArrayPropertyStart("DstPorts");
        rule.destinations().forEach((destination, ranges) -> {
            Optional<List<String>> because = names.map(known -> texts(
                    Objects.requireNonNull(explained.entriesByDestination().get(destination)), known));
            ranges.forEach(range -> writeDestination(json, destination, range, because));
        });
        json.writeEndArray();
        rule.protocol().ifPresent(protocol -> {
            json.writeArrayPropertyStart("IPProto");
            json.writeNumber(protocol.number());
            json.writeEndArray();
        });
    }

    private static void writeDestination(
            JsonGenerator json, AddressPattern destination, PortRange ports, Optional<List<String>> because) {
        json.writeStartObject();
        json.writeStringProperty("IP", destination.toString());
        json.writeObjectPropertyStart("Ports");
        json.writeNumberProperty("First", ports.first());
        json.writeNumberProperty("Last", ports.last());
        json.writeEndObject();
        because.ifPresent(entries -> JsonOutput.texts(json, "Why", entries));
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
