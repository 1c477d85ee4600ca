package dev.wayleave.examples.server.api;

import dev.wayleave.NodeState;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Tailscale's API v2 as far as routes go: what a device advertises, and what is enabled, whether advertised or not. */
public final class TailscaleApi {

    private static final String ROUTES = "/api/v2/device/{id}/routes";

    private final ControlPlane plane;
    private final OperatorApi operators;

    public TailscaleApi(ControlPlane plane, OperatorApi operators) {
        this.plane = plane;
        this.operators = operators;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add(
                "GET", ROUTES, Scope.READ, request -> routes(device(request).id()));
        endpoints.add("POST", ROUTES, Scope.OPERATE, request -> {
            List<Prefix> routes = HeadscaleApi.routes(request);
            NodeId id = device(request).id();
            operators.replace(request, id, routes);
            return routes(id);
        });
    }

    private NodeState device(Request request) {
        String text = request.path("id");
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw ApiException.notFound("no such device");
        }
        return plane.state()
                .node(new NodeId(Long.parseLong(text)))
                .orElseThrow(() -> ApiException.notFound("no such device"));
    }

    private Answer routes(NodeId id) {
        NodeState node = TailnetApi.node(plane.state(), id);
        ObjectNode document = Json.object();
        document.set("advertisedRoutes", Json.texts(node.advertised()));
        document.set("enabledRoutes", Json.texts(node.approvals().approved().keySet()));
        return Answer.json(document);
    }
}
