package dev.wayleave.examples.server.api;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.foresight.Lint;
import dev.wayleave.foresight.LintFinding;
import dev.wayleave.mesh.NodeId;
import java.time.InstantSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Serves the findings of lint about the tailnet, the gravest first. */
public final class FindingsApi {

    private final ControlPlane plane;
    private final InstantSource clock;

    public FindingsApi(ControlPlane plane, InstantSource clock) {
        this.plane = plane;
        this.clock = clock;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add("GET", TailnetApi.API + "/findings", Scope.READ, this::findings);
    }

    private Answer findings(Request request) {
        RoutingState state = plane.state();
        ObjectNode document = Json.object();
        document.set("findings", Json.array(Lint.of(state, clock.instant()), FindingsApi::finding));
        return Answer.json(document);
    }

    private static ObjectNode finding(LintFinding finding) {
        ArrayNode nodes = Json.array();
        finding.nodes().stream().map(NodeId::value).forEach(nodes::add);
        ObjectNode document = Json.object();
        document.put("code", finding.code().code());
        document.put("severity", finding.severity().word());
        document.put("about", finding.subject());
        document.set("nodes", nodes);
        document.set("prefixes", Json.texts(finding.prefixes()));
        document.put("entry", finding.entryOrNull());
        document.put("line", finding.lineOrNull());
        document.put("message", finding.message());
        document.put("advice", finding.code().advice());
        return document;
    }
}
