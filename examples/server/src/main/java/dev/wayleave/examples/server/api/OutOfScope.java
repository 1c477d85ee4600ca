package dev.wayleave.examples.server.api;

import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import java.util.List;
import java.util.regex.Pattern;

/** The calls of Headscale's and Tailscale's clients that are not served here, each with what to use instead. */
public final class OutOfScope {

    private static final String AGENTS = "the agent of a node registers it, with its name, owner and tags, by"
            + " `POST /api/wayleave/v1/agent/register`";
    private static final String KEYS = "keys are made and deleted at `/api/wayleave/v1/keys`";
    private static final String USERS = "`PUT /api/wayleave/v1/users` replaces all users";

    /** The first row whose pattern is the path after the version. */
    private static final List<Row> ROWS = List.of(
            row("v1/(node/register|node/backfillips|auth/.*|preauthkey.*|debug/.*)", AGENTS),
            row("v1/node/[^/]+/(rename/.*|tags|user|expire)", AGENTS),
            row("v1/(routes.*|node/[^/]+/routes)", "`POST /api/v1/node/{id}/approve_routes` approves routes"),
            row("v1/machine.*", "nodes are at `/api/v1/node`, as since Headscale 0.23"),
            row("v1/user.*", USERS),
            row("v1/apikey.*", KEYS),
            row("v2/device/[^/]+/(authorized|name|tags|key|ip|expire)", AGENTS),
            row("v2/tailnet/[^/]+/acl/preview", "`GET /api/wayleave/v1/can` says who may reach what"),
            row("v2/(tailnet/[^/]+/keys.*|oauth/.*)", KEYS),
            row("v2/users?/.*", USERS),
            row(".*", "nodes, routes, users and the policy are"));

    private OutOfScope() {}

    private record Row(Pattern path, String instead) {}

    private static Row row(String path, String instead) {
        return new Row(Pattern.compile(path), instead);
    }

    /** Adds both APIs whole: to be called last, for the first endpoint that takes a request answers it. */
    public static void addTo(Endpoints endpoints) {
        for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
            for (String version : List.of("v1", "v2")) {
                endpoints.addForAnyKey(
                        method, "/api/" + version + "/<rest>", request -> refuse(method, version, request));
            }
        }
    }

    private static Answer refuse(String method, String version, Request request) {
        String path = version + "/" + request.path("rest");
        String instead = ROWS.stream()
                .filter(row -> row.path().matcher(path).matches())
                .findFirst()
                .map(Row::instead)
                .orElseThrow();
        throw new ApiException(501, "`" + method + " /api/" + Json.shown(path) + "` is not served: " + instead);
    }
}
