package dev.wayleave.examples.server.view;

import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.web.Json;
import tools.jackson.databind.node.ObjectNode;

/** What the state that this process shows is worth. */
public final class StandingDocument {

    private StandingDocument() {}

    public static ObjectNode of(ControlPlane plane) {
        ControlPlane.Standing standing = plane.standing();
        ObjectNode document = Json.object();
        document.put("status", Words.word(standing.status()));
        Json.put(document, "since", standing.since());
        document.put("reason", standing.reason());
        return document;
    }
}
