package dev.wayleave.examples.cli.report;

import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.approval.Verdict;
import dev.wayleave.examples.cli.report.FindingsReport.Finding;
import dev.wayleave.examples.cli.source.Cut;
import dev.wayleave.examples.cli.source.ReportedTailnet;
import dev.wayleave.examples.cli.source.ReportedTailnet.ReportedNode;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.foresight.Lint;
import dev.wayleave.foresight.LintFinding;
import dev.wayleave.foresight.LintOptions;
import dev.wayleave.foresight.LintSeverity;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a control plane says of its tailnet against what the rules give.
 *
 * <pre>
 *   said: advertised, approved, online, carried ──┐
 *                                                 ├──► a prefix that no router carries, an approval that is missing …
 *   by the rules: approvals, primaries ───────────┘
 * </pre>
 */
public final class Diagnosis {

    private final Tailnet tailnet;
    private final RoutingState state;
    private final Remedies remedies;
    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis(Tailnet tailnet, @Nullable ReportedTailnet reported) {
        this.tailnet = tailnet;
        this.state = tailnet.state();
        this.remedies = Remedies.of(reported == null ? "" : reported.product());
    }

    /**
     * Finds what is wrong.
     *
     * @param reported what another control plane says; null for a source that acts by the rules itself
     * @param options of lint, whose findings are among those that are returned
     * @return the gravest first
     */
    public static List<Finding> of(Tailnet tailnet, @Nullable ReportedTailnet reported, LintOptions options) {
        Diagnosis diagnosis = new Diagnosis(tailnet, reported);
        diagnosis.routers();
        if (reported != null) {
            reported.cuts().forEach(diagnosis::unreadable);
            if (reported.tellsPrimaries()) {
                diagnosis.carried(reported);
            }
        }
        diagnosis.state.nodes().values().forEach(diagnosis::approvals);
        for (LintFinding finding : Lint.of(diagnosis.state, diagnosis.state.now(), options)) {
            diagnosis.findings.add(Finding.of(finding));
        }
        diagnosis.findings.sort(
                Comparator.comparing(Finding::gravity).reversed().thenComparing(finding -> finding.accepted() != null));
        return List.copyOf(diagnosis.findings);
    }

    private String name(NodeId node) {
        return tailnet.names().node(node);
    }

    private String names(Collection<NodeId> nodes) {
        return nodes.stream().map(node -> "`" + name(node) + "`").collect(Collectors.joining(", "));
    }

    private boolean isOnline(NodeId node) {
        return state.node(node)
                .filter(found -> found.liveness() == Liveness.ONLINE)
                .isPresent();
    }

    private void add(
            String code,
            LintSeverity severity,
            String about,
            Collection<NodeId> nodes,
            Collection<Prefix> prefixes,
            String message,
            String advice) {
        findings.add(new Finding(
                code,
                severity.word(),
                about,
                new TreeSet<>(nodes),
                new TreeSet<>(prefixes),
                null,
                null,
                message,
                advice,
                null));
    }

    private void about(
            String code,
            LintSeverity severity,
            Prefix prefix,
            Collection<NodeId> nodes,
            String message,
            String advice) {
        add(code, severity, prefix.toString(), nodes, List.of(prefix), message, advice);
    }

    /** A value that the tailnet above lacks. */
    private void unreadable(Cut cut) {
        List<NodeId> node = state.nodes().keySet().stream()
                .filter(id -> !cut.kind().equals("user") && id.toString().equals(cut.id()))
                .toList();
        add(
                "unreadable",
                LintSeverity.WARNING,
                cut.subject() + " " + cut.change().member(),
                node,
                List.of(),
                cut.message(),
                "correct it at the control plane: all answers are computed without it");
    }

    /** Prefixes of which every router is offline. */
    private void routers() {
        state.routes().forEach((prefix, route) -> {
            if (route.holders().stream().noneMatch(this::isOnline)) {
                about(
                        "routers-offline",
                        LintSeverity.ERROR,
                        prefix,
                        route.holders(),
                        "every router of `" + prefix + "` is offline: " + names(route.holders()),
                        "bring one of them online, or give the prefix a second router");
            }
        });
    }

    /** Which node carries each prefix, as the control plane says it. */
    private void carried(ReportedTailnet said) {
        SortedMap<Prefix, List<NodeId>> carriers = said.carriers();
        SortedMap<Prefix, SortedSet<NodeId>> holders = new TreeMap<>();
        for (ReportedNode node : said.nodes()) {
            for (Prefix prefix : node.effective()) {
                holders.computeIfAbsent(prefix, p -> new TreeSet<>())
                        .add(node.facts().id());
            }
        }
        holders.forEach((prefix, nodes) -> {
            SortedSet<NodeId> online =
                    nodes.stream().filter(this::isOnline).collect(Collectors.toCollection(TreeSet::new));
            if (!online.isEmpty() && !carriers.containsKey(prefix)) {
                about(
                        "not-served",
                        LintSeverity.ERROR,
                        prefix,
                        online,
                        "no node carries `" + prefix + "`, which is approved on " + names(online) + ", online",
                        remedies.notServed());
            }
        });
        carriers.forEach((prefix, nodes) -> carriers(prefix, nodes, holders.getOrDefault(prefix, new TreeSet<>())));
    }

    private void carriers(Prefix prefix, List<NodeId> nodes, SortedSet<NodeId> holders) {
        List<NodeId> wrong =
                nodes.stream().filter(node -> !holders.contains(node)).toList();
        List<NodeId> offline = nodes.stream().filter(node -> !isOnline(node)).toList();
        if (!wrong.isEmpty()) {
            about(
                    "carried-not-approved",
                    LintSeverity.ERROR,
                    prefix,
                    wrong,
                    "`" + prefix + "` is carried by " + names(wrong)
                            + ", and is not both advertised and approved there",
                    remedies.refresh());
        }
        if (nodes.size() > 1) {
            about(
                    "two-primaries",
                    LintSeverity.ERROR,
                    prefix,
                    nodes,
                    "`" + prefix + "` is carried by several nodes: " + names(nodes),
                    remedies.refresh());
        }
        if (!offline.isEmpty()) {
            about(
                    "offline-primary",
                    LintSeverity.ERROR,
                    prefix,
                    offline,
                    "`" + prefix + "` is carried by " + names(offline) + ", which is offline",
                    remedies.refresh());
        }
        Optional<NodeId> elected = state.primary(prefix);
        if (wrong.isEmpty() && offline.isEmpty() && nodes.size() == 1 && !elected.equals(Optional.of(nodes.get(0)))) {
            about(
                    "other-primary",
                    LintSeverity.INFO,
                    prefix,
                    nodes,
                    "`" + prefix + "` is carried by " + names(nodes) + ", and the rules elect "
                            + elected.map(node -> "`" + name(node) + "`").orElse("no node"),
                    "ask `explain` why; a router whose key expired goes after others here");
        }
    }

    /** What a node advertises, and is not approved. */
    private void approvals(NodeState node) {
        SortedSet<Prefix> missing = new TreeSet<>();
        SortedMap<Prefix, Verdict> waiting = new TreeMap<>();
        for (Prefix prefix : node.advertised()) {
            if (!node.approvals().approved().containsKey(prefix)) {
                Verdict verdict = Routing.review(state, node.id(), prefix).orElseThrow();
                if (verdict.isApproved()) {
                    missing.add(prefix);
                } else {
                    waiting.put(prefix, verdict);
                }
            }
        }
        String called = name(node.id());
        if (!missing.isEmpty()) {
            SortedSet<Prefix> all = new TreeSet<>(node.approvals().approved().keySet());
            all.addAll(missing);
            add(
                    "approval-missing",
                    LintSeverity.WARNING,
                    called,
                    List.of(node.id()),
                    missing,
                    "`" + called + "` advertises what the policy approves, and it is not approved: " + list(missing),
                    remedies.approve(node.id(), all));
        }
        for (Map.Entry<Prefix, Verdict> each : waiting.entrySet()) {
            add(
                    "waiting-for-approval",
                    LintSeverity.INFO,
                    each.getKey() + " " + called,
                    List.of(node.id()),
                    List.of(each.getKey()),
                    "`" + each.getKey() + "` on `" + called + "` waits for approval: "
                            + each.getValue().text(tailnet.names()),
                    "approve it, or stop advertising it");
        }
    }

    private static String list(Collection<Prefix> prefixes) {
        return prefixes.stream().map(prefix -> "`" + prefix + "`").collect(Collectors.joining(", "));
    }

    /**
     * What to do at a control plane.
     *
     * @param notServed about a prefix that no node carries although a router is online
     * @param refresh about a carrier that cannot be one
     * @param approval how a node's routes are approved; {@code NODE} and {@code ROUTES} stand for them
     */
    private record Remedies(String notServed, String refresh, String approval) {

        static Remedies of(String product) {
            return switch (product) {
                case "headscale" ->
                    new Remedies(
                            "have one of the routers connect again (`tailscale down`, `tailscale up`): Headscale elects"
                                    + " it, unless its probes find it unhealthy, which its log says",
                            "have the router connect again, or restart Headscale, which then elects anew",
                            "headscale nodes approve-routes --identifier NODE --routes ROUTES");
                case "tailscale" ->
                    new Remedies(
                            "have one of the routers connect again",
                            "have the router connect again",
                            "approve the routes of node NODE on the Machines page (Edit route settings); the whole list"
                                    + " is ROUTES");
                default ->
                    new Remedies(
                            "restart the control plane",
                            "restart the control plane",
                            "wayleave nodes approve-routes --identifier NODE --routes ROUTES");
            };
        }

        String approve(NodeId node, SortedSet<Prefix> routes) {
            return approval.replace("NODE", node.toString())
                    .replace("ROUTES", routes.stream().map(Prefix::toString).collect(Collectors.joining(",")));
        }
    }
}
