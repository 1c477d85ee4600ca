package dev.wayleave.examples.server.api;

import dev.wayleave.NodeState;
import dev.wayleave.RouteState;
import dev.wayleave.RoutingState;
import dev.wayleave.event.ApprovalDifference;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.HostTables.KeyRow;
import dev.wayleave.examples.server.plane.HostTables.PolicyRow;
import dev.wayleave.examples.server.plane.Keys;
import dev.wayleave.examples.server.plane.WrittenPolicy;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.ApiException.Fault;
import dev.wayleave.examples.server.web.Body;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyProblem;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Headscale's API v1 for nodes, their routes, users and the policy, as its 0.30 has it: ids are texts, arrays are never
 * null, and which routes count as {@code subnetRoutes} depends on who asks.
 */
public final class HeadscaleApi {

    private static final String API = "/api/v1";

    /** The user that Headscale shows for nodes that have tags. */
    private static final String TAGGED_DEVICES = "2147455555";

    private final ControlPlane plane;
    private final OperatorApi operators;
    private final WrittenPolicy policy;
    private final Keys keys;

    public HeadscaleApi(ControlPlane plane, OperatorApi operators, WrittenPolicy policy, Keys keys) {
        this.plane = plane;
        this.operators = operators;
        this.policy = policy;
        this.keys = keys;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add("GET", API + "/node", Scope.READ, this::nodes);
        endpoints.add("GET", API + "/node/{id}", Scope.READ, request -> {
            RoutingState state = plane.state();
            return node(state, find(state, request), List.of());
        });
        endpoints.add("POST", API + "/node/{id}/approve_routes", Scope.OPERATE, this::approve);
        endpoints.add("DELETE", API + "/node/{id}", Scope.OPERATE, request -> {
            operators.remove(request, find(plane.state(), request).id());
            return Answer.json(Json.object());
        });
        endpoints.add("GET", API + "/policy", Scope.READ, request -> writtenPolicy());
        endpoints.add("PUT", API + "/policy", Scope.OPERATE, this::replacePolicy);
        endpoints.add("POST", API + "/policy/check", Scope.READ, this::checkPolicy);
        endpoints.add("GET", API + "/user", Scope.READ, this::users);
        endpoints.add(
                "GET", API + "/apikey", Scope.READ, request -> list("apiKeys", keys.all(), HeadscaleApi::document));
        endpoints.add(
                "GET",
                API + "/preauthkey",
                Scope.READ,
                request -> list("preAuthKeys", List.<ObjectNode>of(), key -> key));
    }

    private static <T> Answer list(String field, Collection<T> values, Function<T, ObjectNode> document) {
        ObjectNode answer = Json.object();
        answer.set(field, Json.array(values, document));
        return Answer.json(answer);
    }

    private Answer nodes(Request request) {
        RoutingState state = plane.state();
        Optional<UserId> user =
                request.query("user").filter(name -> !name.isEmpty()).map(name -> user(state, name));
        Stream<NodeState> nodes = state.nodes().values().stream()
                .filter(node -> user.isEmpty() || node.facts().owner().equals(Owner.user(user.get())));
        return list("nodes", nodes.toList(), node -> {
            // the one answer that counts exit routes, and only here tagged nodes have a user
            List<Prefix> serving = new ArrayList<>(primaries(state, node.id()));
            node.effective().stream().filter(Prefix::isExitRoute).forEach(serving::add);
            ObjectNode item = document(state, node, serving);
            if (node.facts().owner() instanceof Owner.Tagged) {
                item.set("user", taggedDevices());
            }
            return item;
        });
    }

    private static UserId user(RoutingState state, String name) {
        return state.users().all().stream()
                .filter(user -> user.name().equals(name))
                .map(User::id)
                .findFirst()
                .orElseThrow(() ->
                        new ApiException(404, "listing nodes", List.of(new Fault("unknown-user", "user not found"))));
    }

    private static List<Prefix> primaries(RoutingState state, NodeId node) {
        return state.routes().values().stream()
                .filter(route -> route.primary().equals(Optional.of(node)))
                .map(RouteState::prefix)
                .toList();
    }

    private static NodeState find(RoutingState state, Request request) {
        return id(request).flatMap(state::node).orElseThrow(() -> ApiException.notFound("node not found"));
    }

    /** Empty for numbers that no node can have here, and could have there. */
    private static Optional<NodeId> id(Request request) {
        String text = request.path("id");
        if (!text.matches("[0-9]{1,20}") || new BigInteger(text).bitLength() > 64) {
            String cause = text.matches("[0-9]+") ? "value out of range" : "invalid syntax";
            throw ApiException.badRequest("type mismatch, parameter: node_id, error: strconv.ParseUint: parsing \""
                    + Json.shown(text) + "\": " + cause);
        }
        BigInteger number = new BigInteger(text);
        return number.signum() == 0 || number.bitLength() > 63
                ? Optional.empty()
                : Optional.of(new NodeId(number.longValueExact()));
    }

    private Answer approve(Request request) {
        Optional<NodeId> id = id(request);
        List<Prefix> prefixes = prefixes(request);
        if (id.flatMap(plane.state()::node).isEmpty()) {
            throw new ApiException(
                    404,
                    "setting approved routes",
                    List.of(new Fault("unknown-node", "node not found in NodeStore: " + request.path("id"))));
        }
        List<RouteEvent> events = operators.replace(request, id.get(), prefixes).events();
        RoutingState state = plane.state();
        NodeState node = find(state, request);
        ObjectNode document = Json.object();
        document.set("node", document(state, node, primaries(state, id.get())));
        document.set(
                "changes",
                changes(state, ApprovalDifference.of(node.id(), node.approvals(), node.advertised(), events)));
        return Answer.json(document);
    }

    /** What Headscale does not have: its clients pass over it. */
    private static ObjectNode changes(RoutingState state, ApprovalDifference changes) {
        ObjectNode document = Json.object();
        document.set("approved", Json.texts(changes.approved()));
        document.set("revoked", Json.texts(changes.revoked()));
        document.set("denied", Json.texts(changes.denied()));
        document.set("unchanged", Json.texts(changes.unchanged()));
        document.set("notAdvertised", Json.texts(changes.notAdvertised()));
        document.put("text", changes.text(state.names()));
        return document;
    }

    /** Absent, null and empty all mean none. A prefix with host bits, which Headscale would keep, is refused. */
    static List<Prefix> prefixes(Request request) {
        List<String> texts = lenient(request, body -> body.texts("routes"));
        List<Prefix> prefixes = new ArrayList<>();
        for (String text : texts) {
            try {
                prefixes.add(Prefix.parse(text));
            } catch (AddressFormatException e) {
                throw new ApiException(
                        400, "parsing route", List.of(new Fault("not-a-prefix", String.valueOf(e.getMessage()))));
            }
        }
        return prefixes;
    }

    /** Reads a body whose faults are Headscale's 422. */
    private static <T> T lenient(Request request, Function<Body, T> reader) {
        Body body = request.untypedBody();
        T value = reader.apply(body);
        try {
            body.end();
        } catch (ApiException e) {
            throw new ApiException(422, "validation failed", e.faults());
        }
        return value;
    }

    private static Answer node(RoutingState state, NodeState node, Collection<Prefix> serving) {
        ObjectNode document = Json.object();
        document.set("node", document(state, node, serving));
        return Answer.json(document);
    }

    private static ObjectNode document(RoutingState state, NodeState node, Collection<Prefix> serving) {
        Node facts = node.facts();
        ObjectNode document = Json.object();
        document.put("id", facts.id().toString());
        document.put("machineKey", facts.hostKey());
        document.put("nodeKey", "");
        document.put("discoKey", "");
        document.set("ipAddresses", Json.texts(facts.addresses()));
        document.put("name", facts.name());
        document.set("user", owner(state, facts));
        Json.put(
                document,
                "lastSeen",
                state.lastHeard(node.id()).or(node::absentSince).orElse(null));
        Json.put(document, "expiry", facts.keyExpiry().orElse(null));
        document.set("preAuthKey", facts.isEphemeral() ? ephemeralKey(state, facts) : document.nullNode());
        Json.put(document, "createdAt", facts.registeredAt());
        document.put("registerMethod", "REGISTER_METHOD_AUTH_KEY");
        document.put("givenName", facts.name());
        document.put("online", node.liveness().online().orElse(false));
        document.set("approvedRoutes", Json.texts(node.approvals().approved().keySet()));
        document.set("availableRoutes", Json.texts(node.advertised()));
        document.set("subnetRoutes", Json.texts(serving));
        document.set("tags", tags(facts));
        return document;
    }

    private static JsonNode tags(Node facts) {
        return Json.texts(facts.owner() instanceof Owner.Tagged tagged ? tagged.tags() : List.of());
    }

    /** Clients know an ephemeral node by its key, which does not exist here: one key for one registration. */
    private static ObjectNode ephemeralKey(RoutingState state, Node facts) {
        ObjectNode document = Json.object();
        document.set("user", owner(state, facts));
        document.put("id", "0");
        document.put("key", "");
        document.put("reusable", false);
        document.put("ephemeral", true);
        document.put("used", true);
        document.putNull("expiration");
        Json.put(document, "createdAt", facts.registeredAt());
        document.set("aclTags", tags(facts));
        return document;
    }

    private static JsonNode owner(RoutingState state, Node facts) {
        return facts.owner() instanceof Owner.OfUser of
                ? state.users()
                        .find(of.id())
                        .<JsonNode>map(HeadscaleApi::document)
                        .orElse(Json.object().nullNode())
                : Json.object().nullNode();
    }

    private static ObjectNode document(User user) {
        return user(user.id().value(), user.name(), "", user.email().orElse(""));
    }

    private static ObjectNode taggedDevices() {
        return user(TAGGED_DEVICES, "tagged-devices", "Tagged Devices", "");
    }

    private static ObjectNode user(String id, String name, String displayName, String email) {
        ObjectNode document = Json.object();
        document.put("id", id);
        document.put("name", name);
        // the library does not ask when a user began
        Json.put(document, "createdAt", Instant.EPOCH);
        document.put("displayName", displayName);
        document.put("email", email);
        document.put("providerId", "");
        document.put("provider", "");
        document.put("profilePicUrl", "");
        return document;
    }

    private Answer writtenPolicy() {
        PolicyRow written = policy.written();
        ObjectNode document = Json.object();
        document.put("policy", written.written());
        Json.put(document, "updatedAt", Instant.parse(written.updatedAt()));
        return Answer.json(document);
    }

    private static String policyText(Request request) {
        return lenient(request, body -> body.text("policy", Integer.MAX_VALUE)).orElse("");
    }

    private Answer replacePolicy(Request request) {
        refuse("setting policy", policy.replace(request.actor(), policyText(request)));
        return writtenPolicy();
    }

    private Answer checkPolicy(Request request) {
        refuse("checking policy", policy.read(policyText(request)).problems());
        return Answer.json(Json.object());
    }

    private static void refuse(String detail, List<PolicyProblem> problems) {
        if (!problems.isEmpty()) {
            throw new ApiException(400, detail, faults(problems));
        }
    }

    static List<Fault> faults(List<PolicyProblem> problems) {
        return problems.stream()
                .map(problem -> new Fault(problem.code().name(), problem.toString()))
                .toList();
    }

    /** Keys do not end here. Headplane takes none that does not, so each ends in the last second of the year 9999. */
    private static ObjectNode document(KeyRow key) {
        ObjectNode document = Json.object();
        document.put("id", String.valueOf(key.id()));
        document.put("prefix", Keys.beginning(key.id()) + "***");
        document.put("expiration", "9999-12-31T23:59:59Z");
        Json.put(document, "createdAt", Instant.parse(key.createdAt()));
        document.putNull("lastSeen");
        return document;
    }

    private Answer users(Request request) {
        Optional<String> name = request.query("name").filter(text -> !text.isEmpty());
        Optional<String> email = request.query("email").filter(text -> !text.isEmpty());
        Optional<String> id = request.query("id").filter(text -> !text.isEmpty());
        if (id.isPresent() && !id.get().matches("[0-9]{1,19}")) {
            throw new ApiException(
                    400,
                    "invalid id",
                    List.of(new Fault("not-a-number", "`" + Json.shown(id.get()) + "` is not a number")));
        }
        Stream<User> users = plane.state().users().all().stream().filter(user -> {
            if (name.isPresent()) {
                return user.name().equals(name.get());
            }
            if (email.isPresent()) {
                return user.email().equals(email);
            }
            return id.isEmpty() || id.get().equals("0") || user.id().value().equals(id.get());
        });
        return list("users", users.toList(), HeadscaleApi::document);
    }
}
