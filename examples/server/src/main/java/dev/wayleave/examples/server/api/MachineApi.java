package dev.wayleave.examples.server.api;

import dev.wayleave.examples.server.plane.Metrics;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;

/** What machines ask: metrics, and whether the server is well. */
public final class MachineApi {

    private final Metrics metrics;

    public MachineApi(Metrics metrics) {
        this.metrics = metrics;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.addPublic("GET", "/healthz", request -> {
            boolean up = metrics.isUp();
            return Answer.json(up ? 200 : 503, Json.object().put("status", up ? "ok" : "unavailable"));
        });
        endpoints.add(
                "GET",
                "/metrics",
                Scope.READ,
                request -> Answer.text(PrometheusTextFormatWriter.CONTENT_TYPE, metrics.text()));
    }
}
