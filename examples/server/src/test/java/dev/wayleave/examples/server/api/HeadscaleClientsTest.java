package dev.wayleave.examples.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.TestServer;
import dev.wayleave.examples.server.api.ClientRequests.Reply;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The requests of web pages and clients of Headscale's API v1. */
class HeadscaleClientsTest {

    private static final String ACCEPT = "Accept: application/json";
    private static final String JSON = "Content-Type: application/json";
    private static final String TEXT = "Content-Type: text/plain;charset=UTF-8";
    private static final String NO_TYPE = "X-No-Type: here";
    private static final String ROUTES = """
            {"routes":["10.28.0.0/16"]}""";
    private static final String POLICY = """
            {"policy":"{\\n  // none\\n}"}""";

    /** One for all: tests change what no other test reads. */
    private static final TestServer server = TestServer.withSample();

    private static final ClientRequests headplane =
            new ClientRequests(server, ClientRequests.bearer(server.operator), ACCEPT, "User-Agent: Headplane/0.7.0");

    /** Headscale-UI and Headscale-Admin: pages that hand {@code fetch} a text, which browsers send as such. */
    private static final ClientRequests page =
            new ClientRequests(server, ACCEPT, ClientRequests.bearer(server.operator), "Origin: http://localhost:8080");

    /** Python's {@code hsapi-client}, which sends a body with every request. */
    private static final ClientRequests hsapi = new ClientRequests(
            server, "User-Agent: python-requests/2.32", JSON, ACCEPT, ClientRequests.bearer(server.operator));

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String enabled(Reply reply) {
        return reply.expect(200).json().at("/node/approvedRoutes").toString();
    }

    @Test
    void headplaneAsksForTheVersionAndHealthWithoutAKey() {
        ClientRequests noKey = new ClientRequests(server, ACCEPT, "User-Agent: Headplane/0.7.0");

        JsonNode version = noKey.send("GET /version").expect(200).json();
        // a number would have to be that of a release of Headscale; what is none counts as the newest
        assertThat(version.at("/version").stringValue()).doesNotMatch("v?\\d+\\.\\d+\\.\\d+.*");
        assertThat(noKey.send("GET /health").expect(200).text()).isEqualTo("""
                {"status":"pass"}""");
    }

    @Test
    void headplaneFindsItsKeyByItsBeginningAndThatItHasNotEnded() {
        JsonNode keys = headplane.send("GET /api/v1/apikey").expect(200).json().at("/apiKeys");

        JsonNode own = keys.get(0);
        assertThat(server.operator).startsWith(own.at("/prefix").stringValue().replace("*", ""));
        assertThat(server.reader)
                .doesNotStartWith(own.at("/prefix").stringValue().replace("*", ""));
        assertThat(Instant.parse(own.at("/expiration").stringValue())).isAfter(Instant.now());
    }

    @Test
    void headplaneListsAndApproves() {
        assertThat(headplane
                        .send("GET /api/v1/node")
                        .expect(200)
                        .json()
                        .at("/nodes")
                        .size())
                .isEqualTo(server.plane.state().nodes().size());
        headplane.send("GET /api/v1/node/2").expect(200);
        assertThat(enabled(headplane.sendBody("POST /api/v1/node/2/approve_routes", ROUTES, JSON)))
                .isEqualTo("""
                        ["10.28.0.0/16"]""");
        assertThat(headplane
                        .send("GET /api/v1/user")
                        .expect(200)
                        .json()
                        .at("/users")
                        .size())
                .isEqualTo(3);
        assertThat(headplane.send("GET /api/v1/preauthkey").expect(200).text()).isEqualTo("""
                {"preAuthKeys":[]}""");
    }

    @Test
    void headplaneReadsAndReplacesThePolicy() {
        headplane.send("GET /api/v1/policy").expect(200);

        JsonNode written = headplane
                .sendBody("PUT /api/v1/policy", POLICY, JSON)
                .expect(200)
                .json();

        assertThat(written.at("/policy").stringValue()).isEqualTo("{\n  // none\n}");
        assertThat(Instant.parse(written.at("/updatedAt").stringValue())).isNotNull();
    }

    @Test
    void headplaneRemovesANode() {
        String node = "/api/v1/node/" + server.router("gone").id;

        assertThat(headplane.send("DELETE " + node).expect(200).text()).isEqualTo("{}");
        headplane.send("GET " + node).expect(404);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /api/v1/node, /nodes/0/givenName, berlin-a",
        "GET /api/v1/user, /users/0/name, ada",
        "GET /api/v1/apikey, /apiKeys/0/id, 1"
    })
    void aPageReads(String line, String field, String value) {
        assertThat(page.send(line).expect(200).json().at(field).stringValue()).isEqualTo(value);
    }

    @Test
    void aPageReadsThePolicyAsItWasWritten() {
        assertThat(page.send("GET /api/v1/policy")
                        .expect(200)
                        .json()
                        .at("/policy")
                        .stringValue())
                .isEqualTo(server.plane.state().policy().text());
    }

    @Test
    void aPageRemovesANode() {
        String node = "/api/v1/node/" + server.router("gone-by-page").id;

        assertThat(page.send("DELETE " + node).expect(200).text()).isEqualTo("{}");
        page.send("GET " + node).expect(404);
    }

    @Test
    void pythonReadsTheNodesOfAUser() {
        JsonNode nodes = hsapi.sendBody("GET /api/v1/node?user=ada", "{}")
                .expect(200)
                .json()
                .at("/nodes");

        assertThat(nodes.size()).isEqualTo(1);
        assertThat(nodes.at("/0/user/name").stringValue()).isEqualTo("ada");
    }

    @Test
    void anEphemeralNodeHasTheKeyByWhichAClientKnowsIt() {
        long node = server.post("/agent/register", """
                {"name": "job", "hostKey": "job", "tags": ["tag:router"], "ephemeral": true}""")
                .expect(201)
                .json()
                .at("/node/id")
                .longValue();

        JsonNode key =
                headplane.send("GET /api/v1/node/" + node).expect(200).json().at("/node/preAuthKey");

        assertThat(new ArrayList<>(key.propertyNames()))
                .containsExactly(
                        "user", "id", "key", "reusable", "ephemeral", "used", "expiration", "createdAt", "aclTags");
        assertThat(key.at("/ephemeral").booleanValue()).isTrue();
        assertThat(headplane
                        .send("GET /api/v1/node/1")
                        .expect(200)
                        .json()
                        .at("/node/preAuthKey")
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {TEXT, NO_TYPE, JSON})
    void aPageApprovesWithABodyOfAnyTypeThatItsBrowserGivesIt(String type) {
        assertThat(enabled(page.sendBody("POST /api/v1/node/2/approve_routes", ROUTES, type)))
                .isEqualTo("""
                        ["10.28.0.0/16"]""");
    }

    @ParameterizedTest
    @ValueSource(strings = {TEXT, NO_TYPE})
    void aPageReplacesThePolicyWithABodyOfAnyType(String type) {
        page.sendBody("PUT /api/v1/policy", POLICY, type).expect(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Type: multipart/form-data; boundary=x",
                "Content-Type: text/plain; charset=utf-16",
                "Content-Type: text/html"
            })
    void aBodyOfAnotherTypeOrEncodingIsRefused(String type) {
        page.sendBody("POST /api/v1/node/2/approve_routes", ROUTES, type).expect(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {TEXT, NO_TYPE, JSON})
    void aPageWithoutTheKeyInAHeaderChangesNothing(String type) {
        ClientRequests elsewhere = new ClientRequests(
                server, "Origin: http://evil.example", "Cookie: key=" + server.operator + "; Authorization=Bearer");

        elsewhere.sendBody("POST /api/v1/node/2/approve_routes", ROUTES, type).expect(401);
        elsewhere.sendBody("POST /api/v2/device/2/routes", ROUTES, type).expect(401);
    }

    @Test
    void pythonReadsAndReplacesWithABodyInEveryRequest() {
        hsapi.sendBody("GET /api/v1/node", "{}").expect(200);
        hsapi.sendBody("GET /api/v1/node/2", "{}").expect(200);
        hsapi.sendBody("GET /api/v1/user", "{}").expect(200);
        hsapi.sendBody("GET /api/v1/apikey", "{}").expect(200);
        hsapi.sendBody("GET /api/v1/preauthkey?user=ada", "{}").expect(200);
        hsapi.sendBody("GET /api/v1/policy", "{}").expect(200);
        hsapi.sendBody("PUT /api/v1/policy", POLICY).expect(200);
        hsapi.sendBody("DELETE /api/v1/node/" + server.router("old").id, "{}").expect(200);
    }

    @Test
    void aPolicyIsCheckedAndNotReplaced() {
        String before = server.plane.state().policy().text();

        assertThat(headplane
                        .sendBody("POST /api/v1/policy/check", POLICY, JSON)
                        .expect(200)
                        .text())
                .isEqualTo("{}");
        headplane.sendBody("POST /api/v1/policy/check", """
                {"policy":"{"}""", JSON).expect(400);
        assertThat(server.plane.state().policy().text()).isEqualTo(before);
    }

    @Test
    void healthIsAskedWithAKeyToo() {
        assertThat(headplane.send("GET /api/v1/health").expect(200).text()).isEqualTo("""
                {"databaseConnectivity":true}""");
    }

    @ParameterizedTest
    @CsvSource({
        "POST /api/v1/node/2/rename/x, agent/register",
        "POST /api/v1/node/2/tags, agent/register",
        "POST /api/v1/node/2/expire, agent/register",
        "POST /api/v1/node/register?user=1&key=x, agent/register",
        "POST /api/v1/preauthkey, agent/register",
        "GET /api/v1/routes, approve_routes",
        "POST /api/v1/routes/3/enable, approve_routes",
        "GET /api/v1/node/2/routes, approve_routes",
        "GET /api/v1/machine, /api/v1/node",
        "POST /api/v1/user, /api/wayleave/v1/users",
        "DELETE /api/v1/user/1, /api/wayleave/v1/users",
        "POST /api/v1/apikey, /api/wayleave/v1/keys",
        "POST /api/v1/apikey/expire, /api/wayleave/v1/keys",
        "GET /api/v1/openapi, the policy are"
    })
    void aCallOutOfScopeIsAnsweredInTheFormOfTheApi(String line, String instead) {
        Reply reply = headplane.send(line).expect(501);

        assertThat(reply.headers()).containsEntry("content-type", "application/problem+json");
        assertThat(new ArrayList<>(reply.json().propertyNames())).containsExactly("title", "status", "detail");
        assertThat(reply.json().at("/detail").stringValue())
                .contains(line.replaceFirst("\\?.*", ""))
                .contains(instead);
    }

    @Test
    void aCallOutOfScopeNeedsAKeyToo() {
        assertThat(new ClientRequests(server, ACCEPT).send("POST /api/v1/user").status())
                .isEqualTo(401);
    }
}
