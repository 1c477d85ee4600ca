package dev.wayleave.examples.server.view;

import dev.wayleave.NodeState;
import dev.wayleave.RouteState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.approval.Verdict;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerRoutes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tailnet at one moment as JSON: nodes, routes, and which routes each viewer gets. */
public final class TailnetDocuments {

    /** A keep-alive that is not there this long after it was due is missed. */
    private static final Duration LATE = ControlPlane.KEEP_ALIVE.plusSeconds(2);

    private final RoutingState state;
    private final Instant now;
    private final DocumentNames words;

    /** Of a state, at a moment that may be later than its last step. */
    public TailnetDocuments(RoutingState state, Instant now) {
        this.state = state;
        this.now = now;
        this.words = new DocumentNames(state);
    }

    public TailnetDocuments(RoutingState state) {
        this(state, state.now());
    }

    /**
     * All of it.
     *
     * @param lost the events that took the last primary of a prefix away
     */
    public ObjectNode tailnet(long revision, RoutingViews views, List<EventLog.Entry> lost) {
        ObjectNode document = Json.object();
        document.put("tailnet", state.tailnet().toString());
        document.put("revision", revision);
        Json.put(document, "time", now);
        Json.put(document, "nextDeadline", state.nextDeadline().orElse(null));
        document.set("settings", settings());
        document.set("users", users());
        document.set("nodes", Json.array(state.nodes().values(), this::node));
        document.set("routes", Json.array(state.routes().values(), this::route));
        document.set("lost", Json.array(gone(lost), TailnetDocuments::lost));
        document.set("viewers", viewers(views));
        return document;
    }

    private ObjectNode settings() {
        ObjectNode settings = Json.object();
        settings.put("keepAliveSeconds", ControlPlane.KEEP_ALIVE.toSeconds());
        settings.put(
                "silenceLimitSeconds",
                state.settings().silenceLimit().map(Duration::toSeconds).orElse(0L));
        settings.put("graceSeconds", state.settings().grace().toSeconds());
        settings.put("restartGraceSeconds", state.settings().restartGrace().toSeconds());
        settings.put("offlineRule", state.settings().election().offline().name());
        settings.set(
                "overlay", Json.texts(state.settings().overlay().addresses().ranges()));
        return settings;
    }

    /** The users. */
    public ArrayNode users() {
        return Json.array(state.users().all(), TailnetDocuments::user);
    }

    private static ObjectNode user(User user) {
        ObjectNode document = Json.object();
        document.put("id", user.id().toString());
        document.put("name", user.name());
        document.put("email", user.email().orElse(null));
        document.put("role", DocumentNames.word(user.role()).replace(' ', '-'));
        document.put("sharedIn", user.isSharedIn());
        return document;
    }

    /** One node and all its routes. */
    public ObjectNode node(NodeState node) {
        Node facts = node.facts();
        ObjectNode document = Json.object();
        document.put("id", facts.id().value());
        document.put("name", facts.name());
        document.put("hostKey", facts.hostKey());
        document.put("user", facts.owner() instanceof Owner.OfUser of ? of.id().toString() : null);
        document.set("tags", Json.texts(facts.owner() instanceof Owner.Tagged tagged ? tagged.tags() : List.of()));
        document.set("addresses", Json.texts(facts.addresses()));
        Json.put(document, "registeredAt", facts.registeredAt());
        Json.put(document, "keyExpiry", facts.keyExpiry().orElse(null));
        document.put("keyExpired", node.isKeyExpired());
        document.put("ephemeral", facts.isEphemeral());
        document.put("liveness", DocumentNames.word(node.liveness()));
        Json.put(document, "graceUntil", node.graceUntil().orElse(null));
        Json.put(document, "absentSince", node.absentSince().orElse(null));
        Json.put(document, "lastHeard", state.lastHeard(node.id()).orElse(null));
        Json.put(document, "silentAt", silentAt(node).orElse(null));
        document.put("health", DocumentNames.word(node.health()));
        document.set("unhealthyPrefixes", Json.texts(node.unhealthyPrefixes()));
        document.set("drain", drain(node));
        document.put("router", node.isRouter());
        document.put("exitNode", node.effective().stream().anyMatch(Prefix::isExitRoute));
        document.set("routes", routes(node));
        return document;
    }

    /** When a node that misses its keep-alives counts as silent; empty while they come. */
    private Optional<Instant> silentAt(NodeState node) {
        return state.lastHeard(node.id())
                .filter(heard ->
                        node.liveness() == Liveness.ONLINE && heard.plus(LATE).isBefore(now))
                .flatMap(heard -> state.settings().silenceLimit().map(heard::plus));
    }

    /** The nodes that miss their keep-alives and do not count as silent yet. */
    public Set<NodeId> unheard() {
        return state.nodes().values().stream()
                .filter(node -> silentAt(node).isPresent())
                .map(NodeState::id)
                .collect(Collectors.toSet());
    }

    private static JsonNode drain(NodeState node) {
        ObjectNode document = Json.object();
        if (node.drain().isEmpty()) {
            return document.nullNode();
        }
        Json.put(document, "since", node.drain().get().since());
        Json.put(document, "until", node.drain().get().until().orElse(null));
        document.put("by", node.drain().get().by().toString());
        return document;
    }

    /** All that a node advertises, or that is approved or denied on it. */
    public ArrayNode routes(NodeState node) {
        SortedSet<Prefix> prefixes = new TreeSet<>(node.advertised());
        prefixes.addAll(node.approvals().approved().keySet());
        prefixes.addAll(node.approvals().denied().keySet());
        return Json.array(prefixes, prefix -> route(node, prefix));
    }

    private ObjectNode route(NodeState node, Prefix prefix) {
        boolean approved = node.approvals().approved().containsKey(prefix);
        boolean denied = node.approvals().denied().containsKey(prefix);
        boolean primary =
                node.effective().contains(prefix) && state.primary(prefix).equals(Optional.of(node.id()));
        ObjectNode document = Json.object();
        document.put("prefix", prefix.toString());
        document.put("exit", prefix.isExitRoute());
        document.put("state", word(node, prefix, approved, denied));
        document.put("advertised", node.advertised().contains(prefix));
        document.put("approved", approved);
        document.put("denied", denied);
        document.put("primary", primary);
        document.put("draining", node.drain().isPresent());
        document.put("reason", reason(node, prefix));
        return document;
    }

    /** The one word for the state of a prefix on a node; the README lists them. */
    private String word(NodeState node, Prefix prefix, boolean approved, boolean denied) {
        if (denied) {
            return "denied";
        }
        if (!approved) {
            return "waiting";
        }
        if (!node.advertised().contains(prefix)) {
            return "approved";
        }
        if (prefix.isExitRoute()) {
            return "exit";
        }
        if (node.drain().isPresent() && node.liveness() != Liveness.OFFLINE) {
            return "draining";
        }
        Optional<NodeId> primary = state.primary(prefix);
        if (primary.isEmpty()) {
            return "unserved";
        }
        if (primary.get().equals(node.id())) {
            return state.route(prefix).map(RouteState::isKept).orElse(false) ? "kept" : "primary";
        }
        return node.liveness() == Liveness.OFFLINE ? "offline" : "standby";
    }

    private String reason(NodeState node, Prefix prefix) {
        Verdict verdict = Routing.review(state, node.id(), prefix).orElseThrow();
        boolean advertised = node.advertised().contains(prefix);
        return node.effective().contains(prefix)
                ? Routing.election(state, prefix)
                        .map(outcome -> outcome.text(words.names(), node.id()))
                        .orElseGet(() -> words.of(verdict, advertised))
                : words.of(verdict, advertised);
    }

    private ObjectNode route(RouteState route) {
        ObjectNode document = Json.object();
        document.put("prefix", route.prefix().toString());
        document.put("state", route.isKept() ? "kept" : route.primary().isPresent() ? "served" : "unserved");
        number(document, "primary", route.primary().orElse(null));
        document.set("standby", numbers(standby(route)));
        document.set("holders", numbers(route.holders()));
        document.put(
                "reason",
                Routing.election(state, route.prefix())
                        .map(outcome -> outcome.text(words.names()))
                        .orElse(""));
        return document;
    }

    /** The lost prefixes that are effective on no node: other lost prefixes are among the routes. */
    private List<EventLog.Entry> gone(List<EventLog.Entry> lost) {
        return lost.stream()
                .filter(entry -> state.route(entry.prefix().orElseThrow()).isEmpty())
                .toList();
    }

    private static ObjectNode lost(EventLog.Entry entry) {
        ObjectNode document = Json.object();
        document.put("prefix", entry.prefix().map(Prefix::toString).orElse(null));
        number(document, "last", entry.fromOrNull());
        Json.put(document, "since", entry.time());
        document.put("reason", entry.cause().orElse(entry.reason()));
        return document;
    }

    private List<NodeId> standby(RouteState route) {
        List<NodeId> standby = new ArrayList<>();
        route.candidates().forEach(candidate -> standby.add(candidate.node()));
        route.primary().ifPresent(standby::remove);
        return standby;
    }

    /** Nodes that get the same carriers and exit nodes, together. */
    private ArrayNode viewers(RoutingViews views) {
        Map<SortedMap<NodeId, PeerRoutes>, List<NodeId>> groups = new LinkedHashMap<>();
        // viewers of one class share one map, which is compared once then
        IdentityHashMap<SortedMap<NodeId, PeerRoutes>, List<NodeId>> seen = new IdentityHashMap<>();
        for (NodeId viewer : state.nodes().keySet()) {
            SortedMap<NodeId, PeerRoutes> routes =
                    views.viewer(viewer).orElseThrow().routes();
            seen.computeIfAbsent(routes, same -> groups.computeIfAbsent(same, key -> new ArrayList<>()))
                    .add(viewer);
        }
        ArrayNode viewers = Json.array();
        groups.forEach((routes, nodes) -> viewers.add(viewers(routes, nodes)));
        return viewers;
    }

    private static ObjectNode viewers(SortedMap<NodeId, PeerRoutes> routes, List<NodeId> nodes) {
        Map<Prefix, NodeId> carriers = new TreeMap<>();
        ArrayNode exits = Json.array();
        routes.forEach((peer, carried) -> {
            carried.primary().forEach(prefix -> carriers.put(prefix, peer));
            if (!carried.exit().isEmpty()) {
                ObjectNode exit = Json.object();
                exit.put("node", peer.value());
                exit.set("prefixes", Json.texts(carried.exit()));
                exits.add(exit);
            }
        });
        ObjectNode document = Json.object();
        document.set("nodes", numbers(nodes));
        document.set("carriers", Json.array(carriers.entrySet(), entry -> {
            ObjectNode carrier = Json.object();
            carrier.put("prefix", entry.getKey().toString());
            carrier.put("carrier", entry.getValue().value());
            return carrier;
        }));
        document.set("exits", exits);
        return document;
    }

    static ArrayNode numbers(List<NodeId> nodes) {
        ArrayNode array = Json.array();
        nodes.forEach(node -> array.add(node.value()));
        return array;
    }

    /** Sets a field to the number of a node; null where there is none. */
    public static void number(ObjectNode object, String field, @Nullable NodeId node) {
        object.put(field, node == null ? null : node.value());
    }
}
