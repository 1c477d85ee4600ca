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
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints what packet filters would no longer accept, and what they would, one line each. */
final class TrafficText {

    /** The number of prefixes that a text names. */
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
        int filters = impact.nodes().size();
        String accepts = PlanText.verb(filters, "accepts ", "accept ");
        List<PlanLine> lines = new ArrayList<>();
        for (TrafficImpact.Permission lost : impact.lost()) {
            String text = "no longer " + accepts + packets(lost) + ", because " + rules(lost, this::ended);
            lines.add(new PlanLine(PlanLine.Kind.LOST, text));
        }
        for (TrafficImpact.Permission gained : impact.gained()) {
            String text = accepts + packets(gained) + ", because of " + rules(gained, rule -> rule.text(after));
            lines.add(new PlanLine(PlanLine.Kind.GAINED, text));
        }
        return lines;
    }

    /** An entry of the old policy that opens something no longer, and why. */
    private String ended(RuleId rule) {
        RuleFate fate = plan.change(rule);
        return rule.text(before) + " " + (fate == null ? "no longer applies" : fate.text());
    }

    private static String rules(TrafficImpact.Permission permission, Function<RuleId, String> text) {
        return permission.rules().stream().limit(NAMED).map(text).collect(Collectors.joining(" and "));
    }

    private String packets(TrafficImpact.Permission permission) {
        return traffic(permission) + " from " + sources(permission.sources()) + to(permission);
    }

    private String to(TrafficImpact.Permission permission) {
        String own = switch (permission.ownAddresses()) {
            case ALL -> "own addresses";
            case IPV4 -> "own IPv4 addresses";
            case IPV6 -> "own IPv6 addresses";
            case NONE, SOME -> "";
        };
        boolean isAll = permission.ownAddresses() == TrafficImpact.OwnAddresses.ALL;
        if (permission.isToNodeItself()) {
            return isAll ? "" : " to " + own;
        }
        if (permission.destinations().equals(KnownRanges.EVERYTHING)) {
            return isAll ? " to any address" : " to any other address" + (own.isEmpty() ? "" : " and to " + own);
        }
        return " to " + (own.isEmpty() ? "" : own + " and ") + addresses(permission.destinations());
    }

    private static String traffic(TrafficImpact.Permission permission) {
        if (permission.capability().isPresent()) {
            return "the capability " + permission.capability().get();
        }
        boolean allPorts = permission.ports().equals(List.of(PortRange.ALL));
        String ports = permission.ports().stream().map(PortRange::toString).collect(Collectors.joining(","));
        return permission
                .protocol()
                .map(protocol -> allPorts ? protocol.toString() : protocol + ":" + ports)
                .orElse(allPorts ? "any traffic" : "traffic to port " + ports);
    }

    /** Nodes by their names, the rest by its addresses. */
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
