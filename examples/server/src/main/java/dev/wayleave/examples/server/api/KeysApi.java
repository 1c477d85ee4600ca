package dev.wayleave.examples.server.api;

import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.HostTables;
import dev.wayleave.examples.server.plane.Keys;
import dev.wayleave.examples.server.view.DocumentNames;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Body;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Keys: made, listed without their secrets, and deleted. */
public final class KeysApi {

    private static final Map<String, Scope> SCOPES =
            new TreeMap<>(Map.of("read", Scope.READ, "operate", Scope.OPERATE));

    private final ControlPlane plane;
    private final Keys keys;
    private final Consumer<Set<Long>> cutStreams;

    /**
     * Over a control plane.
     *
     * @param cutStreams ends the streams of the keys with these numbers
     */
    public KeysApi(ControlPlane plane, Keys keys, Consumer<Set<Long>> cutStreams) {
        this.plane = plane;
        this.keys = keys;
        this.cutStreams = cutStreams;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.addForAnyKey("GET", TailnetApi.API + "/self", this::self);
        endpoints.add("GET", TailnetApi.API + "/keys", Scope.OPERATE, request -> {
            ObjectNode document = Json.object();
            document.set("keys", Json.array(keys.all(), KeysApi::document));
            return Answer.json(document);
        });
        endpoints.add("POST", TailnetApi.API + "/keys", Scope.OPERATE, this::create);
        endpoints.add("DELETE", TailnetApi.API + "/keys/{id}", Scope.OPERATE, this::delete);
    }

    private Answer self(Request request) {
        Gate.Caller caller = request.caller();
        ObjectNode document = Json.object();
        document.put("scope", DocumentNames.word(caller.scope()));
        node(document, caller.node());
        document.put("name", caller.name());
        document.put("tailnet", plane.state().tailnet().toString());
        return Answer.json(document);
    }

    private static void node(ObjectNode document, long node) {
        if (node > 0) {
            document.put("node", node);
        } else {
            document.putNull("node");
        }
    }

    private static ObjectNode document(HostTables.KeyRow key) {
        ObjectNode document = Json.object();
        document.put("id", key.id());
        document.put("scope", key.scope());
        node(document, key.node());
        document.put("name", key.name());
        Json.put(document, "createdAt", Instant.parse(key.createdAt()));
        return document;
    }

    private Answer create(Request request) {
        Body body = request.body();
        String name = body.name("name", Keys.LONGEST_NAME);
        Optional<Scope> scope = body.neededWord("scope", SCOPES);
        body.end();
        Keys.NewKey created = keys.create(scope.orElseThrow(), name);
        return Answer.json(201, document(created.row()).put("key", created.key()));
    }

    private Answer delete(Request request) {
        long id = Request.nodeId("key", request.path("id")).value();
        if (!keys.delete(id)) {
            throw ApiException.notFound("there is no key `" + id + "`");
        }
        cutStreams.accept(Set.of(id));
        return Answer.nothing();
    }
}
