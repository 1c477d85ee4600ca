package dev.wayleave.examples.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.wayleave.access.AddressPattern;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.PacketFilter.CapabilityRule;
import dev.wayleave.access.PacketFilter.TrafficRule;
import dev.wayleave.access.RuleId;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One node's packet filter. The document has the names of Tailscale's netmap. */
public final class FilterReport implements Report {

    private final String node;
    private final List<ExplainedRule> filter;
    private final Names names;
    private final boolean why;

    /** With the entries of the policy behind each rule, if they are asked for. */
    public FilterReport(String node, List<ExplainedRule> filter, Names names, boolean why) {
        this.node = node;
        this.filter = filter;
        this.names = names;
        this.why = why;
    }

    @Override
    public String text(Ink ink) {
        if (filter.isEmpty()) {
            return Printable.line(node) + " lets nothing in.\n";
        }
        List<String> titles = new ArrayList<>(List.of("From", "To", "Ports", "Protocol"));
        if (why) {
            titles.add("Because of");
        }
        TextTable table = new TextTable(ink, titles);
        filter.forEach(explained -> table.add(cells(explained)));
        return table.text();
    }

    /** Where all destinations have the same entries, these are listed once; else beside each destination its own. */
    private List<List<String>> cells(ExplainedRule explained) {
        PacketFilter.Rule rule = explained.rule();
        boolean apart =
                why && Set.copyOf(explained.entriesByDestination().values()).size() > 1;
        List<String> to = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        explained.entriesByDestination().forEach((destination, entries) -> {
            to.add(text(rule, destination));
            ports.add(ports(rule, destination));
            if (apart) {
                reasons.addAll(texts(entries));
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
        List<List<String>> cells =
                new ArrayList<>(List.of(TextTable.lines(rule.sources()), to, ports, List.of(protocol)));
        if (why) {
            cells.add(apart ? reasons : texts(explained.entries()));
        }
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

    private List<String> texts(Collection<RuleId> entries) {
        return entries.stream().map(entry -> entry.text(names)).toList();
    }

    private record RuleDocument(
            @JsonProperty("SrcIPs") List<String> sources,
            @JsonProperty("DstPorts") @Nullable List<DestinationDocument> destinations,
            @JsonProperty("IPProto") @Nullable List<Integer> protocols,
            @JsonProperty("CapGrant") @Nullable List<CapabilityDocument> capabilities,
            @JsonProperty("Why") @Nullable List<String> entries) {}

    private record DestinationDocument(
            @JsonProperty("IP") String address,
            @JsonProperty("Ports") PortsDocument ports,
            @JsonProperty("Why") @Nullable List<String> entries) {}

    private record PortsDocument(
            @JsonProperty("First") int first,
            @JsonProperty("Last") int last) {}

    private record CapabilityDocument(
            @JsonProperty("Dsts") List<String> destinations,
            @JsonProperty("CapMap") Map<String, Parameters> parameters) {}

    /** JSON as the policy has it. */
    private record Parameters(@JsonValue @JsonRawValue String json) {}

    @Override
    public Object document() {
        return filter.stream().map(this::document).toList();
    }

    private RuleDocument document(ExplainedRule explained) {
        PacketFilter.Rule rule = explained.rule();
        List<String> sources = TextTable.lines(rule.sources());
        List<String> entries = why ? texts(explained.entries()) : null;
        if (rule instanceof CapabilityRule capability) {
            Map<String, Parameters> parameters = new LinkedHashMap<>();
            capability.capabilities().forEach((name, json) -> parameters.put(name, new Parameters(json)));
            CapabilityDocument document =
                    new CapabilityDocument(TextTable.lines(capability.destinations()), parameters);
            return new RuleDocument(sources, null, null, List.of(document), entries);
        }
        TrafficRule traffic = (TrafficRule) rule;
        List<DestinationDocument> destinations = new ArrayList<>();
        traffic.destinations().forEach((destination, ranges) -> {
            List<String> reasons = why
                    ? texts(Objects.requireNonNull(
                            explained.entriesByDestination().get(destination)))
                    : null;
            ranges.forEach(range -> destinations.add(new DestinationDocument(
                    destination.toString(), new PortsDocument(range.first(), range.last()), reasons)));
        });
        List<Integer> protocols =
                traffic.protocol().map(protocol -> List.of(protocol.number())).orElse(null);
        return new RuleDocument(sources, destinations, protocols, null, entries);
    }
}
