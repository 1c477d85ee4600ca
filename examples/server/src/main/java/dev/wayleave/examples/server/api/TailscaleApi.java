package dev.wayleave.examples.server.api;

import com.google.common.hash.Hashing;
import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.WrittenPolicy;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.ErrorDocuments;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyProblem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tailscale's API v2 for devices, their routes, users and the policy file. A device that is enabled for a route need
 * not advertise it.
 */
public final class TailscaleApi {

    private static final String DEVICE = "/api/v2/device/{id}";
    private static final String TAILNET = "/api/v2/tailnet/{tailnet}";
    private static final String HUJSON = "application/hujson";

    /** The text that the API shows for a time that never was. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private final ControlPlane plane;
    private final OperatorApi operators;
    private final WrittenPolicy policy;

    public TailscaleApi(ControlPlane plane, OperatorApi operators, WrittenPolicy policy) {
        this.plane = plane;
        this.operators = operators;
        this.policy = policy;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add("GET", DEVICE, Scope.READ, request -> {
            RoutingState state = plane.state();
            return Answer.json(device(state, find(state, request), hasAllFields(request)));
        });
        endpoints.add("DELETE", DEVICE, Scope.OPERATE, request -> {
            operators.remove(request, find(plane.state(), request).id());
            return Answer.json(Json.object());
        });
        endpoints.add("GET", DEVICE + "/routes", Scope.READ, request -> routes(find(plane.state(), request)));
        endpoints.add("POST", DEVICE + "/routes", Scope.OPERATE, this::replaceRoutes);
        endpoints.add("GET", TAILNET + "/devices", Scope.READ, this::devices);
        endpoints.add("GET", TAILNET + "/users", Scope.READ, this::users);
        endpoints.add("GET", "/api/v2/users/{id}", Scope.READ, this::user);
        endpoints.add("GET", TAILNET + "/acl", Scope.READ, request -> policy(tailnet(request)));
        endpoints.add("POST", TAILNET + "/acl", Scope.OPERATE, this::replacePolicy);
        endpoints.add("POST", TAILNET + "/acl/validate", Scope.READ, this::validate);
    }

    /** Refuses another tailnet than the one that is here; {@code -} is that of the key. */
    private Request tailnet(Request request) {
        String name = request.path("tailnet");
        if (!name.equals("-") && !name.equals(plane.state().tailnet().toString())) {
            throw ApiException.notFound("tailnet `" + Json.shown(name) + "` is not here: write `-` for the key's own");
        }
        return request;
    }

    private static NodeState find(RoutingState state, Request request) {
        String text = request.path("id");
        return Optional.of(text)
                .filter(digits -> digits.matches("[1-9][0-9]{0,17}"))
                .flatMap(digits -> state.node(new NodeId(Long.parseLong(digits))))
                .orElseThrow(() -> ApiException.notFound("no such device"));
    }

    private static boolean hasAllFields(Request request) {
        return request.onlyQuery("fields").query("fields").orElse("default").equals("all");
    }

    private Answer devices(Request request) {
        boolean all = hasAllFields(tailnet(request));
        RoutingState state = plane.state();
        ObjectNode document = Json.object();
        document.set("devices", Json.array(state.nodes().values(), node -> device(state, node, all)));
        return Answer.json(document);
    }

    private static ObjectNode device(RoutingState state, NodeState node, boolean hasAllFields) {
        Node facts = node.facts();
        boolean connected = node.liveness().online().orElse(false);
        ObjectNode document = Json.object();
        document.set("addresses", Json.texts(facts.addresses()));
        document.put("name", facts.name());
        document.put("id", facts.id().toString());
        document.put("nodeId", facts.id().toString());
        document.put("authorized", true);
        document.put("user", owner(state, facts.owner()));
        document.set("tags", Json.texts(facts.owner() instanceof Owner.Tagged tagged ? tagged.tags() : List.of()));
        document.put("keyExpiryDisabled", facts.keyExpiry().isEmpty());
        Json.put(document, "created", facts.registeredAt());
        facts.keyExpiry().ifPresent(expiry -> Json.put(document, "expires", expiry));
        document.put("hostname", facts.name());
        document.put("isEphemeral", facts.isEphemeral());
        document.put("isExternal", false);
        document.put("connectedToControl", connected);
        if (!connected) {
            state.lastHeard(node.id()).or(node::absentSince).ifPresent(heard -> Json.put(document, "lastSeen", heard));
        }
        document.put("machineKey", facts.hostKey());
        // what agents do not report
        for (String field : List.of("nodeKey", "os", "clientVersion", "tailnetLockKey", "tailnetLockError")) {
            document.put(field, "");
        }
        document.put("updateAvailable", false);
        document.put("blocksIncomingConnections", false);
        if (hasAllFields) {
            document.set("advertisedRoutes", Json.texts(node.advertised()));
            document.set("enabledRoutes", Json.texts(node.approvals().approved().keySet()));
        }
        return document;
    }

    private static String owner(RoutingState state, Owner owner) {
        return owner instanceof Owner.OfUser of
                ? state.users().find(of.id()).map(TailscaleApi::login).orElse("")
                : "tagged-devices";
    }

    private static String login(User user) {
        return user.email().orElse(user.name());
    }

    private static Answer routes(NodeState node) {
        ObjectNode document = Json.object();
        document.set("advertisedRoutes", Json.texts(node.advertised()));
        document.set("enabledRoutes", Json.texts(node.approvals().approved().keySet()));
        return Answer.json(document);
    }

    private Answer replaceRoutes(Request request) {
        List<Prefix> prefixes = HeadscaleApi.prefixes(request);
        var unused = operators.replace(request, find(plane.state(), request).id(), prefixes);
        return routes(find(plane.state(), request));
    }

    private Answer users(Request request) {
        Request known = tailnet(request).onlyQuery("type", "role");
        RoutingState state = plane.state();
        Map<Owner, List<NodeState>> devices = state.nodes().values().stream()
                .collect(Collectors.groupingBy(node -> node.facts().owner()));
        Stream<ObjectNode> users = state.users().all().stream()
                .map(user -> document(state, user, devices.getOrDefault(Owner.user(user.id()), List.of())))
                .filter(user -> known.query("type").orElse(text(user, "type")).equals(text(user, "type")))
                .filter(user -> known.query("role").orElse(text(user, "role")).equals(text(user, "role")));
        ObjectNode document = Json.object();
        document.set("users", Json.array(users.toList(), user -> user));
        return Answer.json(document);
    }

    private static String text(ObjectNode document, String field) {
        return document.get(field).stringValue();
    }

    private Answer user(Request request) {
        RoutingState state = plane.state();
        return state.users().all().stream()
                .filter(user -> user.id().value().equals(request.path("id")))
                .findFirst()
                .map(user -> Answer.json(document(state, user, devices(state, user))))
                .orElseThrow(() -> ApiException.notFound("no such user"));
    }

    private static List<NodeState> devices(RoutingState state, User user) {
        return state.nodes().values().stream()
                .filter(node -> node.facts().owner().equals(Owner.user(user.id())))
                .toList();
    }

    private static ObjectNode document(RoutingState state, User user, List<NodeState> devices) {
        Optional<Instant> lastSeen = devices.stream()
                .flatMap(node -> state.lastHeard(node.id()).or(node::absentSince).stream())
                .max(Instant::compareTo);
        ObjectNode document = Json.object();
        document.put("id", user.id().value());
        document.put("displayName", user.name());
        document.put("loginName", login(user));
        document.put("profilePicUrl", "");
        document.put("tailnetId", state.tailnet().toString());
        document.put("created", NEVER);
        document.put("type", user.isSharedIn() ? "shared" : "member");
        document.put("role", RoutingJson.word(user.role()));
        document.put("status", "active");
        document.put("deviceCount", devices.size());
        document.put("lastSeen", lastSeen.map(Instant::toString).orElse(NEVER));
        document.put(
                "currentlyConnected",
                devices.stream().anyMatch(node -> node.liveness().online().orElse(false)));
        return document;
    }

    /** The policy as it was written where HuJSON is asked for, and without comments elsewhere. */
    private Answer policy(Request request) {
        String text = plane.state().policy().text();
        boolean commented = request.header("Accept").orElse("").contains(HUJSON);
        Map<String, String> headers = Map.of("ETag", tag(text));
        if (commented && request.query("details").isPresent()) {
            ObjectNode document = Json.object();
            document.put("acl", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
            document.set("warnings", Json.array());
            return new Answer.Document(200, "application/json", Json.text(document), headers);
        }
        return commented
                ? new Answer.Document(200, HUJSON, text, headers)
                : new Answer.Document(200, "application/json", Json.plain(text), headers);
    }

    private static String tag(String text) {
        return '"' + Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString() + '"';
    }

    private static String written(Request request) {
        return request.text(HUJSON, "application/json", "text/plain", "");
    }

    private Answer replacePolicy(Request request) {
        String text = written(tailnet(request));
        List<PolicyProblem> problems = policy.replace(
                request.actor(),
                text,
                before -> request.header("If-Match").ifPresent(asked -> {
                    if (!asked.equals("*") && !asked.equals(tag(before))) {
                        throw new ApiException(412, "the policy has changed since it was read: read it again");
                    }
                }));
        if (!problems.isEmpty()) {
            throw new ApiException(400, "the policy has problems", HeadscaleApi.faults(problems));
        }
        return policy(request);
    }

    /** Answers 200 with an empty object, or with what is wrong. */
    private Answer validate(Request request) {
        String text = written(tailnet(request));
        if (text.stripLeading().startsWith("[")) {
            throw new ApiException(501, "tests without a policy are not run here: send them as `tests` of the policy");
        }
        List<PolicyProblem> problems = policy.read(text).problems();
        return Answer.json(
                problems.isEmpty()
                        ? Json.object()
                        : ErrorDocuments.tailscale(
                                new ApiException(200, "the policy has problems", HeadscaleApi.faults(problems))));
    }
}
