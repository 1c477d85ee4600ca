package dev.wayleave.examples.server.api;

import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.Metrics;
import dev.wayleave.examples.server.view.FreshnessDocument;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import tools.jackson.databind.node.ObjectNode;

/** Serves requests of machines: metrics, whether the server is well, and which one it is. */
public final class MachineApi {

    private final Metrics metrics;
    private final ControlPlane plane;

    public MachineApi(Metrics metrics, ControlPlane plane) {
        this.metrics = metrics;
        this.plane = plane;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.addPublic("GET", "/healthz", request -> health("ok", "unavailable"));
        endpoints.addPublic("GET", "/health", request -> health("pass", "fail"));
        endpoints.addPublic("GET", "/version", request -> version());
        endpoints.add("GET", "/api/v1/health", Scope.READ, request -> {
            if (!metrics.isUp() || !plane.freshness().isLive()) {
                throw ApiException.unavailable("the storage cannot be used now");
            }
            return Answer.json(Json.object().put("databaseConnectivity", true));
        });
        endpoints.add(
                "GET",
                "/metrics",
                Scope.READ,
                request -> Answer.text(PrometheusTextFormatWriter.CONTENT_TYPE, metrics.text()));
    }

    /** A process that is stale or fenced answers with the reason: another process may be well. */
    private Answer health(String good, String bad) {
        ControlPlane.Freshness freshness = plane.freshness();
        if (!freshness.isLive()) {
            return Answer.json(503, Json.object().put("status", bad).set("replica", FreshnessDocument.of(plane)));
        }
        return metrics.isUp()
                ? Answer.json(Json.object().put("status", good))
                : Answer.json(503, Json.object().put("status", bad));
    }

    /** Clients of Headscale take a version that is not a number for the newest one. */
    private static Answer version() {
        ObjectNode document = Json.object();
        document.put("version", "wayleave");
        document.put("commit", "unknown");
        document.put("buildTime", "unknown");
        document.set("go", Json.object().put("version", "").put("os", "").put("arch", ""));
        document.put("dirty", false);
        return Answer.json(document);
    }
}
