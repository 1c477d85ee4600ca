package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What nodes would let in more or less, a sentence each. */
final class TrafficText {

    /** How many prefixes a text names. */
    private static final int NAMED = 4;

    private final RoutePlan plan;
    private final Names before;
    private final Names after;

    TrafficText(RoutePlan plan, Names before, Names after) {
        this.plan = plan;
        this.before = before;
        this.after = after;
    }

    List<PlanLine> lines(TrafficImpact impact) {
        List<PlanLine> lines = new ArrayList<>();
        impact.lost().forEach(opening -> lines.add(new PlanLine(PlanLine.Kind.LOST, lost(opening))));
        impact.gained().forEach(opening -> lines.add(new PlanLine(PlanLine.Kind.GAINED, gained(opening))));
        return lines;
    }

    private String lost(TrafficImpact.Opening opening) {
        return what(opening) + ", because "
                + rules(
                        opening,
                        rule -> rule.text(before)
                                + Optional.ofNullable(plan.fates().get(rule))
                                        .map(fate -> " " + fate.text())
                                        .orElse(" no longer concerns them"));
    }

    private String gained(TrafficImpact.Opening opening) {
        return what(opening) + ", by " + rules(opening, rule -> rule.text(after));
    }

    private static String rules(TrafficImpact.Opening opening, Function<RuleId, String> text) {
        return opening.rules().stream().limit(NAMED).map(text).collect(Collectors.joining(" and "));
    }

    private String what(TrafficImpact.Opening opening) {
        String to = opening.isToNodeItself() ? "" : " to " + addresses(opening.destinations());
        return traffic(opening) + " from " + sources(opening.sources()) + to;
    }

    private static String traffic(TrafficImpact.Opening opening) {
        if (opening.capability().isPresent()) {
            return "the capability " + opening.capability().get();
        }
        boolean allPorts = opening.ports().equals(List.of(PortRange.ALL));
        String ports = opening.ports().stream()
                .map(range -> range.first() == range.last()
                        ? String.valueOf(range.first())
                        : range.first() + "-" + range.last())
                .collect(Collectors.joining(","));
        return opening.protocol()
                .map(protocol -> allPorts ? protocol.toString() : protocol + ":" + ports)
                .orElse(allPorts ? "any traffic" : "traffic to port " + ports);
    }

    /** Nodes by their names, and what else there is by its addresses. */
    private String sources(AddressSet sources) {
        if (sources.equals(KnownRanges.EVERYTHING)) {
            return "any address";
        }
        TreeSet<NodeId> nodes = new TreeSet<>();
        List<Prefix> own = new ArrayList<>();
        for (NodeState node : plan.after().state().nodes().values()) {
            node.facts().addresses().stream().filter(sources::contains).forEach(address -> {
                nodes.add(node.id());
                own.add(address.toPrefix());
            });
        }
        AddressSet rest = sources.subtract(AddressSet.ofPrefixes(own));
        if (nodes.isEmpty()) {
            return addresses(rest);
        }
        String names = PlanText.names(nodes, after);
        return rest.isEmpty() ? names : names + " and " + addresses(rest);
    }

    private String addresses(AddressSet addresses) {
        if (addresses.equals(KnownRanges.EVERYTHING)) {
            return "any address";
        }
        if (plan.before().state().settings().overlay().publicInternet().equals(addresses)) {
            return "the internet";
        }
        return Texts.first(addresses.ranges(), NAMED, Object::toString);
    }
}
