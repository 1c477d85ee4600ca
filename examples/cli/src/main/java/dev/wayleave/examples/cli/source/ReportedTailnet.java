package dev.wayleave.examples.cli.source;

import dev.wayleave.RoutingState;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A tailnet as the API of another control plane returns it, in the library's words.
 *
 * @param tailnet what messages call it
 * @param product the control plane, which approved what is approved
 * @param preset the settings that the control plane acts by
 * @param users its users
 * @param policy its policy in force
 * @param nodes in any order
 * @param hasPrimaries whether the API returns which node carries a prefix
 * @param unknown what the API does not return, and what is assumed instead
 * @param corrections what of its documents is not taken as it is there
 */
public record ReportedTailnet(
        TailnetId tailnet,
        String product,
        RoutingSettings preset,
        Users users,
        ReportedPolicy policy,
        List<ReportedNode> nodes,
        boolean hasPrimaries,
        String unknown,
        List<Correction> corrections) {

    /** More than these are only counted in the line of assumptions. */
    private static final int NAMED_CORRECTIONS = 5;

    /**
     * A node as the API reports it.
     *
     * @param facts the node
     * @param advertised what it advertises
     * @param approved what it may carry
     * @param carried the subnet prefixes that it carries, or that it carried last
     * @param online whether it has a session
     */
    public record ReportedNode(
            Node facts,
            SortedSet<Prefix> advertised,
            SortedSet<Prefix> approved,
            SortedSet<Prefix> carried,
            boolean online) {

        /** The subnet prefixes that are advertised and approved. */
        public SortedSet<Prefix> effective() {
            SortedSet<Prefix> effective = new TreeSet<>(advertised);
            effective.retainAll(approved);
            effective.removeIf(Prefix::isExitRoute);
            return effective;
        }
    }

    /** The nodes that carry each prefix, from the API: one, unless the API contradicts itself. */
    public SortedMap<Prefix, List<NodeId>> carriers() {
        SortedMap<Prefix, List<NodeId>> carriers = new TreeMap<>();
        for (ReportedNode node : nodes) {
            for (Prefix prefix : node.carried()) {
                carriers.computeIfAbsent(prefix, p -> new ArrayList<>())
                        .add(node.facts().id());
            }
        }
        return carriers;
    }

    /** The tailnet at a time: nodes that are online have a session, other nodes have none. */
    public Tailnet at(Instant now) {
        StateRows rows = rows(now);
        List<Presence> online = nodes.stream()
                .filter(ReportedNode::online)
                .map(node -> Presence.online(node.facts().id()))
                .toList();
        try {
            RoutingState state = Presence.restore(rows, online, now);
            // the API does not show when, or by whom, a route was approved
            return new Tailnet(
                    state,
                    state.names().withoutTimes(),
                    unknown + withoutPolicy() + leftOutOfPolicy() + outsideOverlay() + namedCuts(),
                    policy.written());
        } catch (WayleaveException contradicting) {
            throw new BadInput(contradicting);
        }
    }

    private String withoutPolicy() {
        return policy.isNone() ? "; without a policy every node reaches every other node" : "";
    }

    private String leftOutOfPolicy() {
        return policy.leftOut().isEmpty() ? "" : "; " + policy.leftOut();
    }

    private String outsideOverlay() {
        List<IpAddress> outside = nodes.stream()
                .flatMap(node -> node.facts().addresses().stream())
                .filter(address -> !preset.overlay().contains(address))
                .toList();
        return outside.isEmpty()
                ? ""
                : "; " + outside.size() + " addresses of nodes, " + outside.get(0)
                        + " among them, lie outside the usual ranges: `*` means the usual ranges and these addresses";
    }

    private String namedCuts() {
        String named = corrections.stream()
                .limit(NAMED_CORRECTIONS)
                .map(correction -> "; " + correction.message())
                .collect(Collectors.joining());
        int more = corrections.size() - NAMED_CORRECTIONS;
        return more > 0 ? named + "; and " + more + " more values, which `wayleave diagnose` lists" : named;
    }

    private StateRows rows(Instant now) {
        SortedMap<Prefix, List<NodeId>> carriers = carriers();
        List<NodeRow> nodeRows = new ArrayList<>();
        List<RouteRow> routeRows = new ArrayList<>();
        for (ReportedNode node : nodes) {
            nodeRows.add(new NodeRow(node.facts(), null, node.online(), null));
            SortedSet<Prefix> effective = node.effective();
            SortedSet<Prefix> known = new TreeSet<>(node.advertised());
            known.addAll(node.approved());
            for (Prefix prefix : known) {
                boolean carries = effective.contains(prefix)
                        && carriers.getOrDefault(prefix, List.of())
                                        .indexOf(node.facts().id())
                                == 0;
                routeRows.add(new RouteRow(
                        node.facts().id(),
                        prefix,
                        node.advertised().contains(prefix) ? now : null,
                        node.approved().contains(prefix) ? approvedAt(node) : new RouteRow.Undecided(),
                        carries));
            }
        }
        RoutingSettings settings = preset.toBuilder()
                .withoutSilenceLimit()
                // a node without a session is offline now, and not on its way back
                .restartGrace(Duration.ZERO)
                .limits(CaseEntries.LIMITS)
                .build();
        return new StateRows(
                new TailnetRow(tailnet, settings, policy.rules()), List.copyOf(users.all()), nodeRows, routeRows);
    }

    private RouteRow.Status approvedAt(ReportedNode node) {
        return new RouteRow.Approved(
                new Approval(new Approver.Import(product), node.facts().registeredAt()));
    }

    /** A key of the machine for each node; a machine with several nodes gets their numbers behind it. */
    static String hostKey(Map<String, NodeId> taken, String machineKey, NodeId node) {
        String key = machineKey.isEmpty() ? node.toString() : machineKey;
        return taken.putIfAbsent(key, node) == null ? key : key + "#" + node;
    }

    /** Refuses documents in which two nodes have one number. */
    static List<ReportedNode> unique(Collection<ReportedNode> nodes) {
        SortedMap<NodeId, ReportedNode> byId = new TreeMap<>();
        for (ReportedNode node : nodes) {
            if (byId.putIfAbsent(node.facts().id(), node) != null) {
                throw new BadInput("the control plane lists two nodes with the number "
                        + node.facts().id());
            }
        }
        return List.copyOf(byId.values());
    }
}
