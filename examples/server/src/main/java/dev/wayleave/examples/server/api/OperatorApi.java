package dev.wayleave.examples.server.api;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.Keys;
import dev.wayleave.examples.server.view.TailnetDocuments;
import dev.wayleave.examples.server.view.TailnetFeed;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.ApiException.Fault;
import dev.wayleave.examples.server.web.Body;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Serves the requests by which an operator changes nodes and users. */
public final class OperatorApi {

    static final Map<String, Health> HEALTH =
            new TreeMap<>(Map.of("healthy", Health.HEALTHY, "unhealthy", Health.UNHEALTHY));

    private static final Map<String, Role> ROLES = new TreeMap<>(Map.of(
            "member", Role.MEMBER,
            "admin", Role.ADMIN,
            "network-admin", Role.NETWORK_ADMIN,
            "it-admin", Role.IT_ADMIN,
            "billing-admin", Role.BILLING_ADMIN,
            "auditor", Role.AUDITOR,
            "owner", Role.OWNER));

    private final ControlPlane plane;
    private final Keys keys;
    private final TailnetFeed feed;
    private final Consumer<Set<Long>> cutStreams;

    /**
     * Over a control plane.
     *
     * @param cutStreams ends the streams of the keys with these numbers
     */
    public OperatorApi(ControlPlane plane, Keys keys, TailnetFeed feed, Consumer<Set<Long>> cutStreams) {
        this.plane = plane;
        this.keys = keys;
        this.feed = feed;
        this.cutStreams = cutStreams;
    }

    public void addTo(Endpoints endpoints) {
        String node = TailnetApi.API + "/nodes/{id}";
        endpoints.add("POST", node + "/approve", Scope.OPERATE, this::approve);
        endpoints.add("POST", node + "/revoke", Scope.OPERATE, this::revoke);
        endpoints.add("POST", node + "/drain", Scope.OPERATE, this::drain);
        endpoints.add("POST", node + "/undrain", Scope.OPERATE, this::undrain);
        endpoints.add("POST", node + "/health", Scope.OPERATE, this::health);
        endpoints.add("DELETE", node, Scope.OPERATE, request -> {
            remove(request, TailnetApi.node(plane.state(), request.node()).id());
            return Answer.nothing();
        });
        endpoints.add("PUT", TailnetApi.API + "/users", Scope.OPERATE, this::users);
    }

    private Answer submitted(Request request, Command.OfNode command) {
        Receipt receipt = plane.submit(request.actor(), command);
        RoutingState state = plane.state();
        ObjectNode document = new TailnetDocuments(state).node(TailnetApi.node(state, command.node()));
        document.set("happened", happened(receipt, state.names()));
        document.set("remarks", Remarks.of(receipt, state.names()));
        return Answer.json(document);
    }

    /** The events that a command led to, in words. */
    private static ArrayNode happened(Receipt receipt, Names names) {
        return Json.texts(
                receipt.events().stream().map(event -> event.headline(names)).toList());
    }

    private Answer approve(Request request) {
        List<Prefix> prefixes = prefixes(request);
        NodeId node = TailnetApi.node(plane.state(), request.node()).id();
        if (prefixes.isEmpty()) {
            throw new ApiException(
                    422,
                    "no prefix to approve",
                    List.of(new Fault("no-prefix", "`routes` is empty: name at least one prefix")));
        }
        return submitted(request, new Command.ApproveRoutes(node, prefixes));
    }

    /** Approves exactly these routes, and returns what that led to. */
    Receipt replace(Request request, NodeId id, List<Prefix> prefixes) {
        return plane.submit(request.actor(), new Command.SetApprovedRoutes(id, prefixes));
    }

    private static List<Prefix> prefixes(Request request) {
        Body body = request.body();
        List<Prefix> prefixes = body.prefixes("routes");
        body.end();
        return prefixes;
    }

    private Answer revoke(Request request) {
        List<Prefix> prefixes = prefixes(request);
        return submitted(request, new Command.RevokeRoutes(request.node(), prefixes));
    }

    private Answer drain(Request request) {
        Body body = request.body();
        Command.DrainNode drain =
                new Command.DrainNode(request.node(), body.time("until").orElse(null), body.flag("forced"));
        body.end();
        return submitted(request, drain);
    }

    private Answer undrain(Request request) {
        request.body().end();
        return submitted(request, new Command.UndrainNode(request.node()));
    }

    private Answer health(Request request) {
        Body body = request.body();
        Health health = health(body);
        Command.ReportHealth report =
                new Command.ReportHealth(request.node(), body.prefix("prefix").orElse(null), health, null);
        body.end();
        Answer answer = submitted(request, report);
        // a report of health alone makes no event
        feed.changed();
        return answer;
    }

    static Health health(Body body) {
        return body.neededWord("health", HEALTH).orElse(Health.HEALTHY);
    }

    /** Removes a node and the keys of its agent. */
    void remove(Request request, NodeId id) {
        var unused = plane.submit(request.actor(), new Command.RemoveNode(id));
        cutStreams.accept(keys.deleteOf(id));
    }

    private Answer users(Request request) {
        Body body = request.body();
        List<User> users = new ArrayList<>();
        Set<UserId> ids = new TreeSet<>();
        for (Body item : body.objects("users")) {
            UserId id = new UserId(item.name("id"));
            User.Builder user = User.builder(id, item.name("name"));
            item.text("email", 200).ifPresent(email -> {
                var unused = item.made("email", () -> user.email(email));
            });
            item.word("role", ROLES).ifPresent(user::role);
            user.sharedIn(item.flag("sharedIn"));
            item.end();
            if (!ids.add(id)) {
                body.refuse("users", "twice", "user `" + id + "` comes twice");
            }
            users.add(user.build());
        }
        body.end();
        var unused = plane.submit(request.actor(), new Command.SetUsers(Users.of(users)));
        ObjectNode document = Json.object();
        document.set("users", new TailnetDocuments(plane.state()).users());
        return Answer.json(document);
    }
}
