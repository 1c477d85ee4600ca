package dev.wayleave.examples.cli.report;

import dev.wayleave.access.RuleId;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.foresight.LossCause;
import dev.wayleave.foresight.PlanLine;
import dev.wayleave.foresight.PlanText;
import dev.wayleave.foresight.RoutePlan;
import dev.wayleave.foresight.RuleFate;
import dev.wayleave.foresight.TrafficImpact;
import dev.wayleave.foresight.ViewerImpact;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan as JSON: facts with stable names of kinds, and beside them the text of the same, which may change. */
final class PlanDocument {

    private final RoutePlan plan;
    private final Names before;
    private final Names after;
    private final RoutingPolicy oldPolicy;
    private final RoutingPolicy newPolicy;
    private final PlanText words;

    PlanDocument(RoutePlan plan, Names before, Names after) {
        this.plan = plan;
        this.before = before;
        this.after = after;
        this.oldPolicy = plan.before().state().policy();
        this.newPolicy = plan.after().state().policy();
        this.words = new PlanText(plan, before, after);
    }

    private record Document(
            String verdict,
            String summary,
            List<RefusalEntry> refusals,
            List<PolicyTestReport.PolicyTestEntry> failedTests,
            List<PolicyTestReport.RouteTestEntry> failedRouteTests,
            List<EventEntry> events,
            List<NodeEntry> removedNodes,
            List<StayingEntry> staying,
            Collection<Prefix> unserved,
            List<ViewerEntry> viewers,
            List<TrafficEntry> traffic) {}

    /** A change that would be refused: the plan shows what it would do if it were forced. */
    private record RefusalEntry(String kind, NodeEntry node, Collection<Prefix> prefixes, String text) {}

    private record EventEntry(RouteEvent event, String text) {}

    private record StayingEntry(NodeEntry node, Collection<Prefix> prefixes) {}

    private record ViewerEntry(
            List<NodeEntry> viewers,
            List<LostRoute> routesLost,
            List<MovedRoute> routesMoved,
            List<GainedRoute> routesGained,
            List<LostPeers> peersLost,
            List<GainedPeers> peersGained,
            List<String> text) {}

    private record LostRoute(Prefix prefix, NodeEntry from, CauseEntry cause) {}

    private record MovedRoute(Prefix prefix, NodeEntry from, NodeEntry to, CauseEntry cause) {}

    private record GainedRoute(
            Prefix prefix,
            NodeEntry to,
            RouteAnswer.GivenReason reason,
            @Nullable RuleEntry rule) {}

    private record LostPeers(List<NodeEntry> peers, CauseEntry cause) {}

    private record GainedPeers(List<NodeEntry> peers, RuleEntry rule) {}

    private record CauseEntry(
            String kind,
            @Nullable RuleEntry rule,
            @Nullable FateEntry fate,
            PeerChange.@Nullable EndCause ended,
            Withheld.@Nullable Reason reason,
            String text) {}

    private record FateEntry(
            String kind,
            @Nullable RuleEntry now,
            @Nullable List<String> goneSources,
            @Nullable List<String> goneDestinations,
            @Nullable Collection<String> via,
            @Nullable Collection<String> redefined) {}

    private record TrafficEntry(
            List<NodeEntry> nodes, List<PermissionEntry> lost, List<PermissionEntry> gained, List<String> text) {}

    private record PermissionEntry(
            AddressSet sources,
            String ownAddresses,
            AddressSet destinations,
            List<PortRange> ports,
            @Nullable Protocol protocol,
            @Nullable String capability,
            List<RuleEntry> rules) {}

    Object document(PlanReport report) {
        return new Document(
                RoutingJson.word(plan.verdict()),
                words.summary(),
                report.refused().stream()
                        .map(refusal -> new RefusalEntry(
                                refusal.kind(),
                                NodeEntry.of(refusal.node(), before),
                                refusal.prefixes(),
                                report.text(refusal)))
                        .toList(),
                PolicyTestReport.failed(report.failures()),
                PolicyTestReport.failed(report.routes()),
                plan.events().stream()
                        .map(event -> new EventEntry(event, event.text(after)))
                        .toList(),
                NodeEntry.of(plan.removedNodes(), after),
                plan.staying().entrySet().stream()
                        .map(entry -> new StayingEntry(NodeEntry.of(entry.getKey(), after), entry.getValue()))
                        .toList(),
                plan.unserved(),
                plan.viewers().stream().map(this::entry).toList(),
                plan.traffic().stream().map(this::entry).toList());
    }

    private static List<String> texts(List<PlanLine> lines) {
        return lines.stream().map(PlanLine::text).toList();
    }

    private ViewerEntry entry(ViewerImpact impact) {
        return new ViewerEntry(
                NodeEntry.of(impact.viewers(), after),
                impact.routesLost().stream()
                        .map(route ->
                                new LostRoute(route.prefix(), NodeEntry.of(route.from(), before), entry(route.cause())))
                        .toList(),
                impact.routesMoved().stream()
                        .map(route -> new MovedRoute(
                                route.prefix(),
                                NodeEntry.of(route.from(), before),
                                NodeEntry.of(route.to(), after),
                                entry(route.cause())))
                        .toList(),
                impact.routesGained().stream()
                        .map(route -> new GainedRoute(
                                route.prefix(),
                                NodeEntry.of(route.to(), after),
                                route.reason(),
                                route.rule().map(this::newRule).orElse(null)))
                        .toList(),
                impact.peersLost().stream()
                        .map(lost -> new LostPeers(NodeEntry.of(lost.peers(), before), entry(lost.cause())))
                        .toList(),
                impact.peersGained().stream()
                        .map(gained -> new GainedPeers(NodeEntry.of(gained.peers(), after), newRule(gained.rule())))
                        .toList(),
                texts(words.lines(impact)));
    }

    private CauseEntry entry(LossCause cause) {
        RuleEntry rule = null;
        FateEntry fate = null;
        PeerChange.EndCause ended = null;
        Withheld.Reason reason = null;
        if (cause instanceof LossCause.RuleChanged changed) {
            rule = oldRule(changed.rule());
            fate = entry(changed.fate());
        } else if (cause instanceof LossCause.RuleEnded over) {
            rule = oldRule(over.rule());
            ended = over.ended();
        } else if (cause instanceof LossCause.RouteWithheld withheld) {
            reason = withheld.reason();
        }
        return new CauseEntry(cause.kind(), rule, fate, ended, reason, cause.text(before, after));
    }

    private FateEntry entry(RuleFate fate) {
        if (fate instanceof RuleFate.Changed changed) {
            return new FateEntry(
                    fate.kind(),
                    newRule(changed.now()),
                    changed.goneSources(),
                    changed.goneDestinations(),
                    changed.viaChanged()
                            ? changed.via().stream().map(Object::toString).toList()
                            : null,
                    changed.redefined());
        }
        if (fate instanceof RuleFate.Kept kept) {
            return new FateEntry(fate.kind(), newRule(kept.now()), null, null, null, kept.redefined());
        }
        return new FateEntry(fate.kind(), null, null, null, null, null);
    }

    private TrafficEntry entry(TrafficImpact impact) {
        return new TrafficEntry(
                NodeEntry.of(impact.nodes(), after),
                impact.lost().stream().map(lost -> entry(lost, oldPolicy)).toList(),
                impact.gained().stream().map(gained -> entry(gained, newPolicy)).toList(),
                texts(words.lines(impact)));
    }

    private static PermissionEntry entry(TrafficImpact.Permission permission, RoutingPolicy policy) {
        return new PermissionEntry(
                permission.sources(),
                RoutingJson.word(permission.ownAddresses()),
                permission.destinations(),
                permission.ports(),
                permission.protocolOrNull(),
                permission.capabilityOrNull(),
                permission.rules().stream()
                        .map(rule -> RuleEntry.of(rule, policy))
                        .toList());
    }

    private RuleEntry oldRule(RuleId rule) {
        return RuleEntry.of(rule, oldPolicy);
    }

    private RuleEntry newRule(RuleId rule) {
        return RuleEntry.of(rule, newPolicy);
    }
}
