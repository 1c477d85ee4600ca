package dev.wayleave.examples.server.view;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.PeerRoutes;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChange.FilterChange;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The view of one node as JSON: in full, and what changed of it. */
public final class ViewDocuments {

    private final RoutingState state;
    private final DocumentNames words;
    private final Names names;

    /** The same names of nodes, and the entries of the policy as it was. */
    private final Names namesBefore;

    /** With the nodes that there are, and those that there were. */
    ViewDocuments(RoutingState state, RoutingState before) {
        this.state = state;
        this.words = new DocumentNames(state, before);
        this.names = words.names();
        this.namesBefore = before.names().withNodes(names::node);
    }

    public ViewDocuments(RoutingState state) {
        this(state, state);
    }

    private ObjectNode about(long revision, NodeId node) {
        ObjectNode document = Json.object();
        document.put("revision", revision);
        Json.put(document, "time", state.now());
        document.put("node", node.value());
        return document;
    }

    /** The view of a node. */
    public ObjectNode view(long revision, RoutingViews views, NodeId node) {
        ViewerRoutes view = views.viewer(node).orElseThrow();
        ObjectNode document = about(revision, node);
        document.put("name", words.name(node));
        ObjectNode self = Json.object();
        self.set("addresses", addresses(node));
        self.set("routes", Json.texts(view.self().effective()));
        self.set("primary", Json.texts(view.selfPrimary()));
        document.set("self", self);
        document.set("peers", Json.array(view.peers(), peer -> peer(view, peer)));
        document.set("given", Json.array(view.given(), each -> answer(each, node)));
        document.set("withheld", Json.array(view.withheld(), each -> answer(each, node)));
        document.set("filter", filter(views.explainedFilter(node)));
        return document;
    }

    private ArrayNode addresses(NodeId node) {
        return Json.texts(
                state.node(node).map(known -> known.facts().addresses()).orElse(List.of()));
    }

    private ObjectNode peer(ViewerRoutes view, NodeId peer) {
        PeerRoutes routes = view.routes(peer);
        ObjectNode document = Json.object();
        document.put("node", peer.value());
        document.put("name", words.name(peer));
        document.set("addresses", addresses(peer));
        putOnline(document, peer);
        document.set("routes", Json.texts(routes.primary()));
        document.set("exit", Json.texts(routes.exit()));
        document.put(
                "reason", view.seenByRule(peer).map(rule -> rule.text(names)).orElse(""));
        return document;
    }

    /** Null where it is not known. */
    private void putOnline(ObjectNode document, NodeId peer) {
        document.put(
                "online",
                state.node(peer)
                        .map(node -> node.liveness().online().orElse(null))
                        .orElse(null));
    }

    private static ArrayNode facts(SortedSet<NodeFact> facts) {
        return Json.array(facts, fact -> StringNode.valueOf(DocumentNames.word(fact)));
    }

    private ObjectNode answer(RouteAnswer answer, NodeId viewer) {
        ObjectNode document = Json.object();
        document.put("prefix", answer.prefix().toString());
        document.put("peer", answer.peer().value());
        document.put("reason", answer.text(names, viewer));
        return document;
    }

    private static ArrayNode filter(Collection<ExplainedRule> rules) {
        return Json.array(rules, explained -> {
            ObjectNode document = Json.object();
            document.put(
                    "rule", explained.entries().stream().map(Object::toString).collect(Collectors.joining(", ")));
            document.put("text", FilterRuleText.of(explained.rule()));
            return document;
        });
    }

    /** The document of a change in the view of a node. */
    ObjectNode change(long revision, NodeId node, ViewChange change) {
        ObjectNode document = about(revision, node);
        ObjectNode self = Json.object();
        self.set("facts", facts(change.self().facts()));
        self.set("gained", Json.texts(change.self().gained()));
        self.set("lost", Json.texts(change.self().lost()));
        self.set("primaryGained", Json.texts(change.self().primaryGained()));
        self.set("primaryLost", Json.texts(change.self().primaryLost()));
        document.set("self", self);
        document.set("peers", Json.array(change.peers(), this::peer));
        document.set("routes", Json.array(change.routes(), each -> route(each, node)));
        document.set("filter", filter(change.filter(node)));
        return document;
    }

    private static ObjectNode filter(FilterChange change) {
        ObjectNode document = Json.object();
        document.set("gained", filter(change.gained()));
        document.set("lost", filter(change.lost()));
        return document;
    }

    private ObjectNode peer(PeerChange change) {
        ObjectNode document = Json.object();
        String reason = "";
        String kind = "changed";
        SortedSet<NodeFact> facts = ImmutableSortedSet.of();
        if (change instanceof PeerChange.Added added) {
            kind = "added";
            reason = added.reason().text(names);
        } else if (change instanceof PeerChange.Removed removed) {
            kind = "removed";
            reason = removed.reason().text(namesBefore);
        } else if (change instanceof PeerChange.Changed changed) {
            facts = changed.facts();
        }
        document.put("change", kind);
        document.put("peer", change.peer().value());
        document.put("name", words.name(change.peer()));
        putOnline(document, change.peer());
        document.set("facts", facts(facts));
        document.put("reason", reason);
        return document;
    }

    private ObjectNode route(RouteChange change, NodeId viewer) {
        ObjectNode document = Json.object();
        document.put("change", "");
        document.put("prefix", change.prefix().toString());
        document.putNull("from");
        document.putNull("to");
        if (change instanceof RouteChange.Gained gained) {
            document.put("change", "gained");
            document.put("to", gained.to().value());
            document.put("reason", gained.reason().text(names, viewer, gained.to()));
        } else if (change instanceof RouteChange.Lost lost) {
            document.put("change", "lost");
            document.put("from", lost.from().value());
            document.put("reason", lost.reason().text(names, viewer));
        } else if (change instanceof RouteChange.Moved moved) {
            document.put("change", "moved");
            document.put("from", moved.from().value());
            document.put("to", moved.to().value());
            document.put("reason", moved.lostReason().text(names, viewer));
        }
        return document;
    }
}
