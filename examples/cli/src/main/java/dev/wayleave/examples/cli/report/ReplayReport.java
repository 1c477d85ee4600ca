package dev.wayleave.examples.cli.report;

import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.journal.Journal;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints a replay: what happened, the routes in the end, and what else was asked for. */
public final class ReplayReport implements Report {

    private final History history;
    private final Journal.Replay replay;
    private final RoutingState state;
    private final @Nullable Prefix prefix;
    private final @Nullable NodeId viewer;
    private final boolean digest;

    /**
     * @param prefix the prefix that is explained; null for none
     * @param viewer the viewer for which it is explained too; null for none
     */
    public ReplayReport(
            History history, Journal.Replay replay, @Nullable Prefix prefix, @Nullable NodeId viewer, boolean digest) {
        this.history = history;
        this.replay = replay;
        this.state = replay.state();
        this.prefix = prefix;
        this.viewer = viewer;
        this.digest = digest;
    }

    @Override
    public String text(Ink ink) {
        StringBuilder text = new StringBuilder();
        for (History.Entry entry : history.entries()) {
            text.append(ink.faint(entry.at().toString())).append("  ").append(Printable.line(entry.sentence()));
            boolean isNamed = entry.event() != null && entry.event().namesActor();
            if (entry.actor() != null && !isNamed) {
                text.append(ink.faint(" [" + Printable.line(entry.actor().toString()) + "]"));
            }
            text.append('\n');
        }
        text.append('\n').append(ink.strong("At " + state.now() + ", after " + replay.steps() + " steps"));
        text.append("\n\n").append(table(ink));
        explanations().forEach(each -> text.append('\n').append(Printable.lines(each.text(state.names()))));
        viewExplanation().ifPresent(each -> text.append('\n').append(Printable.lines(each.text(state.names()))));
        if (digest) {
            text.append("\ndigest ").append(state.digest()).append('\n');
        }
        return text.toString();
    }

    private String table(Ink ink) {
        TextTable table =
                new TextTable(ink, List.of("ID", "Hostname", "State", "Approved", "Available", "Serving (Primary)"));
        for (NodeState node : routers()) {
            table.add(List.of(
                    List.of(node.id().toString()),
                    List.of(node.facts().name()),
                    List.of(liveness(node)),
                    TextTable.lines(node.approvals().approved().keySet()),
                    TextTable.lines(node.advertised()),
                    TextTable.lines(RoutesReport.serving(state, node))));
        }
        return table.text();
    }

    private List<NodeState> routers() {
        return state.nodes().values().stream()
                .filter(node -> !node.advertised().isEmpty()
                        || !node.approvals().approved().isEmpty())
                .toList();
    }

    private static String liveness(NodeState node) {
        return node.liveness().name().toLowerCase(Locale.ROOT)
                + (node.drain().isPresent() ? ", draining" : "")
                + (node.isKeyExpired() ? ", key expired" : "");
    }

    /** One for every node that advertises the prefix, or on which it was approved or denied. */
    private List<RouteExplanation> explanations() {
        Prefix explained = prefix;
        if (explained == null) {
            return List.of();
        }
        return state.nodes().values().stream()
                .filter(node -> node.advertised().contains(explained)
                        || node.approvals().approved().containsKey(explained)
                        || node.approvals().denied().containsKey(explained)
                        || node.approvals().withdrawn().containsKey(explained))
                .map(node -> Routing.explain(state, node.id(), explained).orElseThrow())
                .toList();
    }

    private Optional<ViewExplanation> viewExplanation() {
        return prefix == null || viewer == null
                ? Optional.empty()
                : Routing.explain(RoutingViews.of(state), viewer, prefix);
    }

    private record ReplayDocument(
            String tailnet,
            Instant now,
            long steps,
            List<EntryDocument> events,
            List<NodeDocument> nodes,
            @Nullable List<RouteExplanation> explanations,
            @Nullable ViewExplanation viewExplanation,
            @Nullable String digest) {}

    private record EntryDocument(
            Instant at,
            String kind,
            @Nullable Actor actor,
            @Nullable RouteEvent event,
            String text) {}

    private record NodeDocument(
            String id,
            String name,
            String state,
            Collection<Prefix> approvedRoutes,
            Collection<Prefix> availableRoutes,
            Collection<Prefix> subnetRoutes) {}

    @Override
    public Object document() {
        return new ReplayDocument(
                state.tailnet().toString(),
                state.now(),
                replay.steps(),
                history.entries().stream()
                        .map(entry -> new EntryDocument(
                                entry.at(), entry.kind(), entry.actor(), entry.event(), entry.sentence()))
                        .toList(),
                routers().stream().map(this::document).toList(),
                prefix == null ? null : explanations(),
                viewExplanation().orElse(null),
                digest ? state.digest() : null);
    }

    private NodeDocument document(NodeState node) {
        return new NodeDocument(
                node.id().toString(),
                node.facts().name(),
                liveness(node),
                node.approvals().approved().keySet(),
                node.advertised(),
                RoutesReport.serving(state, node));
    }
}
