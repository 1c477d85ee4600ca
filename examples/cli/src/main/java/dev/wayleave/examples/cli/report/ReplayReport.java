package dev.wayleave.examples.cli.report;

import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.journal.Journal;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;

/** Prints a replay: what happened, the routes in the end, and what else was asked for. */
public final class ReplayReport {

    private final History history;
    private final Journal.Replay replay;
    private final RoutingState state;
    private final Optional<Prefix> route;
    private final Optional<NodeId> viewer;
    private final boolean digest;

    public ReplayReport(
            History history, Journal.Replay replay, Optional<Prefix> route, Optional<NodeId> viewer, boolean digest) {
        this.history = history;
        this.replay = replay;
        this.state = replay.state();
        this.route = route;
        this.viewer = viewer;
        this.digest = digest;
    }

    public String text(Ink ink) {
        StringBuilder text = new StringBuilder();
        for (History.Entry entry : history.entries()) {
            text.append(ink.faint(entry.at().toString())).append("  ").append(Printable.line(entry.sentence()));
            entry.event()
                    .flatMap(RouteEvent::actor)
                    .ifPresent(actor -> text.append(ink.faint(" [" + Printable.line(actor.toString()) + "]")));
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
                    texts(node.approvals().approved().keySet()),
                    texts(node.advertised()),
                    texts(serving(node))));
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

    private SortedSet<Prefix> serving(NodeState node) {
        SortedSet<Prefix> serving = new TreeSet<>();
        for (Prefix prefix : node.effective()) {
            if (prefix.isExitRoute() || state.primary(prefix).equals(Optional.of(node.id()))) {
                serving.add(prefix);
            }
        }
        return serving;
    }

    private static List<String> texts(Collection<Prefix> prefixes) {
        return prefixes.stream().map(Prefix::toString).toList();
    }

    /** One for every node that has to do with the route. */
    private List<RouteExplanation> explanations() {
        return route.map(prefix -> state.nodes().values().stream()
                        .filter(node -> node.advertised().contains(prefix)
                                || node.approvals().approved().containsKey(prefix)
                                || node.approvals().denied().containsKey(prefix)
                                || node.approvals().withdrawn().containsKey(prefix))
                        .map(node -> Routing.explain(state, node.id(), prefix).orElseThrow())
                        .toList())
                .orElse(List.of());
    }

    private Optional<ViewExplanation> viewExplanation() {
        return route.flatMap(prefix -> viewer.flatMap(node -> Routing.explain(RoutingViews.of(state), node, prefix)));
    }

    public String json() {
        return JsonOutput.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("tailnet", state.tailnet().toString());
            json.writeStringProperty("now", state.now().toString());
            json.writeNumberProperty("steps", replay.steps());
            json.writeArrayPropertyStart("events");
            history.entries().forEach(entry -> write(json, entry));
            json.writeEndArray();
            json.writeArrayPropertyStart("nodes");
            routers().forEach(node -> write(json, node));
            json.writeEndArray();
            if (route.isPresent()) {
                JsonOutput.texts(json, "explanations", explanations());
            }
            viewExplanation()
                    .ifPresent(explanation ->
                            json.writeStringProperty("viewExplanation", explanation.text(state.names())));
            if (digest) {
                json.writeStringProperty("digest", state.digest());
            }
            json.writeEndObject();
        });
    }

    private void write(JsonGenerator json, History.Entry entry) {
        json.writeStartObject();
        json.writeStringProperty("at", entry.at().toString());
        json.writeStringProperty("event", entry.kind());
        entry.event().ifPresent(event -> {
            event.subjectNode().ifPresent(node -> {
                json.writeStringProperty("node", node.toString());
                json.writeStringProperty("name", history.name(node));
            });
            event.subjectPrefix().ifPresent(prefix -> json.writeStringProperty("prefix", prefix.toString()));
            event.actor().ifPresent(actor -> json.writeStringProperty("actor", actor.toString()));
            event.origin().correlationId().ifPresent(id -> json.writeStringProperty("correlationId", id));
        });
        json.writeStringProperty("text", entry.sentence());
        json.writeEndObject();
    }

    private void write(JsonGenerator json, NodeState node) {
        json.writeStartObject();
        json.writeStringProperty("id", node.id().toString());
        json.writeStringProperty("name", node.facts().name());
        json.writeStringProperty("state", liveness(node));
        JsonOutput.texts(json, "approvedRoutes", node.approvals().approved().keySet());
        JsonOutput.texts(json, "availableRoutes", node.advertised());
        JsonOutput.texts(json, "subnetRoutes", serving(node));
        json.writeEndObject();
    }
}
