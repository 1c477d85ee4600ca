package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.foresight.Outage;
import dev.wayleave.foresight.PlanText;
import dev.wayleave.foresight.RouteRisk;
import dev.wayleave.foresight.WhatIf;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report of what would follow if nodes went down, or if a user were removed.
 *
 * @param tailnet where
 * @param question what was asked
 * @param outages one, or one for each router or pair, the greatest damage first
 * @param whatIf how long a failover takes, and which prefixes depend on one router, or on routers of one user or with
 *     one tag
 */
public record OutageReport(Tailnet tailnet, Question question, List<Outage> outages, WhatIf whatIf) implements Report {

    /**
     * The question of an outage report: what goes down.
     *
     * @param kind the kind of question
     * @param subject the name of the user, or the tag; empty for the other kinds
     */
    public record Question(Kind kind, String subject) {

        public Question(Kind kind) {
            this(kind, "");
        }

        boolean isTable() {
            return kind == Kind.EACH_ROUTER || kind == Kind.EACH_PAIR;
        }
    }

    /** The kind of question, as its option is called. */
    public enum Kind {
        DOWN,
        USER_GONE,
        TAG_DOWN,
        EACH_ROUTER,
        EACH_PAIR
    }

    @Override
    public String text(Ink ink) {
        if (!question.isTable()) {
            return one(outages.get(0), ink) + times();
        }
        StringBuilder text = new StringBuilder(table(ink)).append(times());
        List<RouteRisk> risks = whatIf.risks();
        if (!risks.isEmpty()) {
            text.append('\n')
                    .append(ink.strong("Prefixes that depend on one router, or on routers of one user or with one tag"))
                    .append('\n');
            for (RouteRisk risk : risks) {
                text.append("  ").append(Printable.line(text(risk))).append('\n');
            }
        }
        return text.toString();
    }

    private String table(Ink ink) {
        if (outages.isEmpty()) {
            return question.kind() == Kind.EACH_PAIR
                    ? "no two nodes can carry the same prefix\n"
                    : "no node has a route that is advertised and approved\n";
        }
        TextTable table = new TextTable(ink, List.of("Down", "Damage", "Lost (viewers)", "Unserved", "Fails over"));
        for (Outage outage : outages) {
            table.add(List.of(
                    List.of(names(outage.nodes())),
                    List.of(String.valueOf(outage.damage())),
                    outage.losses().stream()
                            .map(loss -> loss.prefix() + " (" + loss.viewers().count() + ")")
                            .toList(),
                    TextTable.lines(outage.unserved()),
                    outage.failovers().stream()
                            .map(failover -> failover.prefix() + " to " + name(failover.to()))
                            .toList()));
        }
        return table.text();
    }

    private String one(Outage outage, Ink ink) {
        StringBuilder text = new StringBuilder(Printable.line(headline(outage))).append('\n');
        outage.lines(tailnet.names())
                .forEach(line ->
                        text.append("  ").append(PlanReport.coloured(line, ink)).append('\n'));
        if (outage.isEmpty()) {
            text.append("  ")
                    .append(ink.good("no viewer loses a route, and no prefix moves"))
                    .append('\n');
        }
        return text.toString();
    }

    private String headline(Outage outage) {
        String nodes = names(outage.nodes());
        return switch (question.kind()) {
            case USER_GONE ->
                "If the user " + question.subject()
                        + switch (outage.nodes().size()) {
                            case 0 -> ", who owns no node, is removed:";
                            case 1 -> " and the user's node " + nodes + " are removed:";
                            default -> " and the user's nodes " + nodes + " are removed:";
                        };
            case TAG_DOWN -> "If all nodes with " + question.subject() + " go down: " + nodes;
            default -> "If " + nodes + (outage.nodes().size() == 1 ? " goes down:" : " go down together:");
        };
    }

    private String times() {
        if (outages.stream().allMatch(Outage::isEmpty)) {
            return "";
        }
        String times = question.kind() == Kind.USER_GONE ? WhatIf.removalText() : whatIf.failoverText();
        return Character.toUpperCase(times.charAt(0)) + times.substring(1) + ".\n";
    }

    private String text(RouteRisk risk) {
        return risk.text(tailnet.names(), tailnet.state().users());
    }

    private String name(NodeId node) {
        return tailnet.names().node(node);
    }

    private String names(Collection<NodeId> nodes) {
        return PlanText.names(nodes, tailnet.names());
    }

    private record Document(
            String question,
            @Nullable String subject,
            @Nullable Long failoverAfterSeconds,
            @Nullable Long failoverAfterSilenceSeconds,
            List<Entry> outages,
            List<RiskEntry> risks) {}

    private record Entry(
            List<NodeEntry> down,
            long damage,
            Collection<Prefix> unserved,
            List<LossEntry> losses,
            List<FailoverEntry> failovers) {}

    private record LossEntry(Prefix prefix, NodeEntry from, int viewerCount, List<NodeEntry> viewers) {}

    private record FailoverEntry(
            Prefix prefix, NodeEntry from, NodeEntry to, int viewerCount, List<NodeEntry> viewers) {}

    private record RiskEntry(
            String kind,
            Prefix prefix,
            List<NodeEntry> routers,
            @Nullable Owner owner,
            String text) {}

    @Override
    public Object document() {
        boolean graced = question.kind() != Kind.USER_GONE;
        return new Document(
                RoutingJson.word(question.kind()),
                question.subject().isEmpty() ? null : question.subject(),
                graced ? whatIf.failoverAfter().toSeconds() : null,
                graced ? whatIf.failoverAfterSilence().map(Duration::toSeconds).orElse(null) : null,
                outages.stream().map(this::entry).toList(),
                whatIf.risks().stream().map(this::entry).toList());
    }

    private NodeEntry node(NodeId node) {
        return NodeEntry.of(node, tailnet.names());
    }

    private Entry entry(Outage outage) {
        return new Entry(
                nodes(outage.nodes()),
                outage.damage(),
                outage.unserved(),
                outage.losses().stream()
                        .map(loss -> new LossEntry(
                                loss.prefix(),
                                node(loss.from()),
                                loss.viewers().count(),
                                nodes(loss.viewers().first())))
                        .toList(),
                outage.failovers().stream()
                        .map(over -> new FailoverEntry(
                                over.prefix(),
                                node(over.from()),
                                node(over.to()),
                                over.viewers().count(),
                                nodes(over.viewers().first())))
                        .toList());
    }

    private List<NodeEntry> nodes(Collection<NodeId> nodes) {
        return NodeEntry.of(nodes, tailnet.names());
    }

    private RiskEntry entry(RouteRisk risk) {
        if (risk instanceof RouteRisk.SharedFate shared) {
            return new RiskEntry(risk.kind(), risk.prefix(), nodes(shared.routers()), shared.owner(), text(risk));
        }
        NodeId router = ((RouteRisk.SingleRouter) risk).router();
        return new RiskEntry(risk.kind(), risk.prefix(), List.of(node(router)), null, text(risk));
    }
}
