package dev.wayleave.examples.cli.report;

import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.approval.Verdict;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.cli.report.FindingsReport.Finding;
import dev.wayleave.examples.cli.source.Correction;
import dev.wayleave.examples.cli.source.ReportedTailnet;
import dev.wayleave.examples.cli.source.ReportedTailnet.ReportedNode;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.foresight.Lint;
import dev.wayleave.foresight.LintCode;
import dev.wayleave.foresight.LintFinding;
import dev.wayleave.foresight.LintOptions;
import dev.wayleave.foresight.LintSeverity;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a control plane reports about its tailnet with what the rules give.
 *
 * <pre>
 *   reported: advertised, approved, online, carried ──┐
 *                                                     ├──► a prefix that no router carries, a missing approval …
 *   by the rules: approvals, primaries ───────────────┘
 * </pre>
 */
public final class Diagnosis {

    private static final List<Prefix> EXIT_ROUTES = List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"));

    private static final Set<LintCode> UNUSABLE = Set.of(LintCode.RESERVED_PREFIX, LintCode.UNREADABLE_VIA6);

    private final Tailnet tailnet;
    private final RoutingState state;
    private final Remedies remedies;
    private final List<Finding> findings = new ArrayList<>();

    /** Routes that must not be advertised: no advice has them approved. */
    private final Set<RouteKey> unusable = new TreeSet<>();

    private Diagnosis(Tailnet tailnet, @Nullable ReportedTailnet reported) {
        this.tailnet = tailnet;
        this.state = tailnet.state();
        this.remedies = Remedies.of(reported == null ? "" : reported.product());
    }

    /**
     * Finds what is wrong.
     *
     * @param reported what another control plane reports; null for a source that acts by the rules itself
     * @param options of lint, whose findings are among those that are returned
     * @return the gravest first
     */
    public static List<Finding> of(Tailnet tailnet, @Nullable ReportedTailnet reported, LintOptions options) {
        Diagnosis diagnosis = new Diagnosis(tailnet, reported);
        diagnosis.routers();
        if (reported != null) {
            reported.corrections().forEach(diagnosis::unreadable);
            if (reported.hasPrimaries()) {
                diagnosis.carried(reported);
            }
        }
        diagnosis.approvals(Lint.of(diagnosis.state, diagnosis.state.now(), options), options);
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
    private void unreadable(Correction correction) {
        List<NodeId> node = state.nodes().keySet().stream()
                .filter(id -> !correction.kind().equals("user") && id.toString().equals(correction.id()))
                .toList();
        add(
                "unreadable",
                LintSeverity.WARNING,
                correction.subject() + " " + correction.change().member(),
                node,
                List.of(),
                correction.message(),
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
                        remedies.offline());
            }
        });
    }

    /** Which node carries each prefix, from the control plane. */
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
                    remedies.otherPrimary(name(nodes.get(0))));
        }
    }

    /** What nodes advertise, and is not approved; and what lint finds. A route is in one finding of the two. */
    private void approvals(List<LintFinding> lint, LintOptions options) {
        lint.stream()
                .filter(finding -> UNUSABLE.contains(finding.code()))
                .forEach(each -> unusable.addAll(routes(each)));
        Set<RouteKey> missing = new TreeSet<>();
        state.nodes().values().forEach(node -> missing.addAll(missing(node)));
        Set<RouteKey> waiting = new TreeSet<>();
        for (LintFinding finding : lint) {
            List<RouteKey> routes = routes(finding);
            if (finding.code() != LintCode.WAITING_FOR_APPROVAL) {
                findings.add(Finding.of(finding, advice(finding)));
            } else if (!missing.containsAll(routes) && !unusable.containsAll(routes)) {
                waiting.addAll(routes);
                findings.add(Finding.of(finding, advice(finding)));
            }
        }
        if (options.isOn(LintCode.WAITING_FOR_APPROVAL)) {
            state.nodes()
                    .values()
                    .forEach(node -> usable(node)
                            .filter(route -> !missing.contains(route) && !waiting.contains(route))
                            .forEach(route -> waiting(node, route.prefix(), options)));
        }
    }

    private static List<RouteKey> routes(LintFinding finding) {
        return finding.nodes().stream()
                .flatMap(node -> finding.prefixes().stream().map(prefix -> new RouteKey(node, prefix)))
                .toList();
    }

    /**
     * The routes of a node once all is approved that the policy approves, exit routes as a pair. A list replaces the
     * earlier one: with a list for each finding, the second would take away what the first approved.
     */
    private SortedSet<Prefix> withMissing(NodeState node) {
        SortedSet<Prefix> all = new TreeSet<>(node.approvals().approved().keySet());
        usable(node).filter(route -> review(route).isApproved()).forEach(route -> all.add(route.prefix()));
        if (all.stream().anyMatch(Prefix::isExitRoute)) {
            all.addAll(EXIT_ROUTES);
        }
        return all;
    }

    /** The same once each route that waits is approved, too. */
    private SortedSet<Prefix> withAllWaiting(NodeState node) {
        SortedSet<Prefix> all = withMissing(node);
        usable(node).forEach(route -> all.add(route.prefix()));
        return all;
    }

    private Stream<RouteKey> usable(NodeState node) {
        return undecided(node).filter(route -> !unusable.contains(route));
    }

    /** The advice about a finding of lint about one node. */
    private String advice(LintFinding finding) {
        if (finding.nodes().size() != 1) {
            return finding.code().advice();
        }
        NodeId node = finding.nodes().iterator().next();
        NodeState about = state.node(node).orElseThrow();
        if (finding.code() == LintCode.WAITING_FOR_APPROVAL) {
            return remedies.waiting(node, name(node), withAllWaiting(about));
        }
        SortedSet<Prefix> prefixes = withMissing(about);
        if (finding.code() == LintCode.HALF_EXIT_NODE) {
            prefixes.addAll(EXIT_ROUTES);
        }
        return remedies.lint(finding.code(), node, name(node), prefixes);
    }

    /** The routes that a node advertises, and on which no administrator and no policy decided. */
    private static Stream<RouteKey> undecided(NodeState node) {
        return node.advertised().stream()
                .filter(prefix -> !node.approvals().approved().containsKey(prefix)
                        && !node.approvals().denied().containsKey(prefix))
                .map(prefix -> new RouteKey(node.id(), prefix));
    }

    private Verdict review(RouteKey route) {
        return Routing.review(state, route.node(), route.prefix()).orElseThrow();
    }

    /** Reports what the policy approves on a node, and is not approved; returns it. */
    private List<RouteKey> missing(NodeState node) {
        List<RouteKey> missing =
                usable(node).filter(route -> review(route).isApproved()).toList();
        if (!missing.isEmpty()) {
            String called = name(node.id());
            List<Prefix> prefixes = missing.stream().map(RouteKey::prefix).toList();
            add(
                    "approval-missing",
                    LintSeverity.WARNING,
                    called,
                    List.of(node.id()),
                    prefixes,
                    "`" + called + "` advertises what the policy approves, and it is not approved: " + list(prefixes),
                    remedies.approve(node.id(), called, withMissing(node)));
        }
        return missing;
    }

    /** Reports a route that waits for less long than lint reports it. */
    private void waiting(NodeState node, Prefix prefix, LintOptions options) {
        String called = name(node.id());
        Verdict verdict = review(new RouteKey(node.id(), prefix));
        add(
                LintCode.WAITING_FOR_APPROVAL.code(),
                options.severity(LintCode.WAITING_FOR_APPROVAL),
                prefix + " " + called,
                List.of(node.id()),
                List.of(prefix),
                new RouteEvent.ApprovalPending(Origin.time(), node.id(), prefix, verdict).text(tailnet.names()),
                remedies.waiting(node.id(), called, withAllWaiting(node)));
    }

    private static String list(Collection<Prefix> prefixes) {
        return prefixes.stream().map(prefix -> "`" + prefix + "`").collect(Collectors.joining(", "));
    }
}
