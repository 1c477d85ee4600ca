package dev.wayleave.examples.server.view;

import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.web.Json;
import tools.jackson.databind.node.ObjectNode;

/** The document that says whether the state that this process shows is current. */
public final class FreshnessDocument {

    private FreshnessDocument() {}

    public static ObjectNode of(ControlPlane plane) {
        ControlPlane.Freshness freshness = plane.freshness();
        ObjectNode document = Json.object();
        document.put("status", DocumentNames.word(freshness.status()));
        Json.put(document, "since", freshness.sinceOrNull());
        document.put("reason", freshness.reason());
        return document;
    }
}
