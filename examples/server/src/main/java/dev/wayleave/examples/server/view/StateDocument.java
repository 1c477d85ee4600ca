package dev.wayleave.examples.server.view;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Health;
import dev.wayleave.storage.Snapshot;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** The rows of the tailnet, and what rows do not hold: from both, another process makes the same state. */
public final class StateDocument {

    private StateDocument() {}

    public static ObjectNode of(Snapshot snapshot) {
        RoutingState state = snapshot.state();
        ObjectNode document = Json.object();
        document.put("revision", snapshot.revision().value());
        Json.put(document, "time", state.now());
        document.putRawValue("rows", new RawValue(RoutingJson.write(state.rows())));
        document.set("presence", Json.array(state.nodes().values(), StateDocument::presence));
        return document;
    }

    /** Whether a node is there, and whether it can forward. */
    private static ObjectNode presence(NodeState node) {
        ObjectNode document = Json.object();
        document.put("node", node.id().value());
        document.put("liveness", DocumentNames.word(node.liveness()));
        Json.put(document, "absentSince", node.absentSince().orElse(null));
        Json.put(document, "graceUntil", node.graceUntil().orElse(null));
        document.put("healthy", node.health() == Health.HEALTHY);
        document.set("unhealthyPrefixes", Json.texts(node.unhealthyPrefixes()));
        return document;
    }
}
