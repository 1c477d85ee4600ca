package dev.wayleave.examples.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.TestServer;
import dev.wayleave.examples.server.api.ClientRequests.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The requests of clients of Tailscale's API v2: the Go clients and Python's {@code tailscale}. */
class TailscaleClientsTest {

    private static final String POLICY = """
            // all
            {"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]},]}""";
    private static final String BROKEN = """
            {"acls": [{"action": "accept", "src": ["group:x"], "dst": ["*:*"]}]}""";
    private static final String JSON = "Content-Type: application/json";
    private static final String HUJSON = "Content-Type: application/hujson";

    /** One for all: tests change what no other test reads. */
    private static final TestServer server = TestServer.withSample();

    /** {@code tailscale.com/client/tailscale/v2}. */
    private static final ClientRequests go =
            new ClientRequests(server, "User-Agent: tailscale-client-go", ClientRequests.basic(server.operator));

    /** {@code tailscale.com/client/tailscale}, which sends most bodies without a type. */
    private static final ClientRequests olderGo =
            new ClientRequests(server, "User-Agent: Go-http-client/1.1", ClientRequests.basic(server.operator));

    /** Python's {@code tailscale}. */
    private static final ClientRequests python =
            new ClientRequests(server, "Accept: application/json", ClientRequests.bearer(server.operator));

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theGoClientListsDevices() {
        JsonNode devices = go.send("GET /api/v2/tailnet/-/devices", "Accept: application/json")
                .expect(200)
                .json()
                .at("/devices");

        assertThat(devices.size()).isEqualTo(server.plane.state().nodes().size());
        assertThat(devices.at("/0/nodeId").stringValue()).isEqualTo("1");
        assertThat(devices.at("/0/user").stringValue()).isEqualTo("tagged-devices");
        assertThat(devices.at("/7/user").stringValue()).isEqualTo("ada@example.com");
        assertThat(devices.at("/0").has("enabledRoutes")).isFalse();
    }

    @Test
    void theGoClientReadsADeviceWithAllFields() {
        JsonNode device = go.send("GET /api/v2/device/1?fields=all", "Accept: application/json")
                .expect(200)
                .json();

        assertThat(device.at("/name").stringValue()).isEqualTo("berlin-a");
        assertThat(device.at("/connectedToControl").booleanValue()).isFalse();
        assertThat(device.at("/advertisedRoutes").toString()).isEqualTo("""
                ["10.20.0.0/16"]""");
        assertThat(device.at("/enabledRoutes").toString()).isEqualTo("""
                ["10.20.0.0/16"]""");
    }

    @Test
    void theGoClientReplacesEnabledRoutes() {
        Reply reply = go.sendBody("POST /api/v2/device/2/routes", """
                {"routes":["10.28.0.0/16"]}""", JSON);

        assertThat(reply.expect(200).json().at("/enabledRoutes").toString()).isEqualTo("""
                ["10.28.0.0/16"]""");
        assertThat(go.send("GET /api/v2/device/2/routes", "Accept: application/json")
                        .text())
                .isEqualTo(reply.text());
    }

    @Test
    void theGoClientDeletesADevice() {
        long device = server.router("gone").id;

        go.send("DELETE /api/v2/device/" + device, "Accept: application/json").expect(200);

        JsonNode error = go.send("GET /api/v2/device/" + device, "Accept: application/json")
                .expect(404)
                .json();
        assertThat(error.toString()).isEqualTo("""
                {"message":"no such device","status":404}""");
    }

    @Test
    void theGoClientReadsThePolicyAsItWasWritten() {
        Reply raw = go.send("GET /api/v2/tailnet/-/acl", "Accept: application/hujson")
                .expect(200);

        assertThat(raw.headers()).containsEntry("content-type", "application/hujson");
        assertThat(raw.text()).isEqualTo(server.plane.state().policy().text());
    }

    @Test
    void aClientThatAsksForJsonIsSentThePolicyWithoutComments() {
        Reply json = olderGo.send("GET /api/v2/tailnet/-/acl", "Accept: application/json")
                .expect(200);

        assertThat(json.headers().get("content-type")).startsWith("application/json");
        assertThat(json.json().isObject()).isTrue();
        assertThat(json.text()).doesNotContain("//", "\n");
    }

    @Test
    void theGoClientSetsThePolicyThatItRead() {
        String tag = go.send("GET /api/v2/tailnet/-/acl", "Accept: application/hujson")
                .headers()
                .get("etag");

        Reply set = go.sendBody("POST /api/v2/tailnet/-/acl", POLICY, HUJSON, "If-Match: " + tag)
                .expect(200);

        assertThat(server.plane.state().policy().text()).isEqualTo(POLICY);
        assertThat(set.headers().get("etag")).startsWith("\"").isNotEqualTo(tag);
    }

    @Test
    void aPolicyThatChangedSinceItWasReadIsNotReplaced() {
        String before = server.plane.state().policy().text();

        JsonNode error = go.sendBody("POST /api/v2/tailnet/-/acl", POLICY, HUJSON, "If-Match: \"older\"")
                .expect(412)
                .json();

        assertThat(error.at("/message").stringValue()).contains("has changed");
        assertThat(server.plane.state().policy().text()).isEqualTo(before);
    }

    @Test
    void theGoClientGetsTheProblemsOfAPolicy() {
        JsonNode refused = go.sendBody("POST /api/v2/tailnet/-/acl", BROKEN, JSON)
                .expect(400)
                .json();
        JsonNode invalid = go.sendBody("POST /api/v2/tailnet/-/acl/validate", BROKEN, JSON)
                .expect(200)
                .json();

        assertThat(refused.at("/data/0/errors/0").stringValue()).contains("group:x");
        assertThat(invalid.at("/message").stringValue()).isNotEmpty();
        assertThat(invalid.at("/data")).isEqualTo(refused.at("/data"));
    }

    @Test
    void theGoClientValidatesAPolicyWithoutSettingIt() {
        String before = server.plane.state().policy().text();

        Reply reply = go.sendBody("POST /api/v2/tailnet/-/acl/validate", POLICY, HUJSON);

        assertThat(reply.expect(200).text()).isEqualTo("{}");
        assertThat(server.plane.state().policy().text()).isEqualTo(before);
    }

    @Test
    void theGoClientListsUsersByRole() {
        JsonNode admins = go.send("GET /api/v2/tailnet/-/users?role=admin", "Accept: application/json")
                .expect(200)
                .json()
                .at("/users");

        assertThat(admins.size()).isEqualTo(1);
        assertThat(admins.at("/0/loginName").stringValue()).isEqualTo("ada@example.com");
        assertThat(go.send("GET /api/v2/users/1", "Accept: application/json")
                        .expect(200)
                        .json())
                .isEqualTo(admins.get(0));
    }

    @Test
    void theOlderGoClientReadsAndSetsWithoutATypeOfItsBodies() {
        assertThat(olderGo.send("GET /api/v2/tailnet/-/devices?fields=default")
                        .expect(200)
                        .json()
                        .at("/devices")
                        .isArray())
                .isTrue();
        assertThat(olderGo.sendBody("POST /api/v2/device/2/routes", """
                {"routes":["10.28.0.0/16"]}""")
                        .expect(200)
                        .json()
                        .at("/enabledRoutes")
                        .toString())
                .isEqualTo("""
                        ["10.28.0.0/16"]""");
    }

    @Test
    void theOlderGoClientReadsThePolicyWithItsDetails() {
        JsonNode details = olderGo.send("GET /api/v2/tailnet/-/acl?details=1", "Accept: application/hujson")
                .expect(200)
                .json();

        byte[] acl = Base64.getDecoder().decode(details.at("/acl").stringValue());
        assertThat(new String(acl, StandardCharsets.UTF_8))
                .isEqualTo(server.plane.state().policy().text());
        assertThat(details.at("/warnings").toString()).isEqualTo("[]");
    }

    private static ClientRequests client(String name) {
        return name.equals("older Go") ? olderGo : python;
    }

    @ParameterizedTest
    @CsvSource({
        "older Go, GET /api/v2/device/2?fields=default, /name, berlin-b",
        "older Go, GET /api/v2/device/2?fields=all, /advertisedRoutes/0, 10.20.0.0/16",
        "older Go, GET /api/v2/device/2/routes, /advertisedRoutes/0, 10.20.0.0/16",
        "Python, GET /api/v2/users/1, /loginName, ada@example.com"
    })
    void aClientReads(String client, String line, String field, String value) {
        assertThat(client(client).send(line).expect(200).json().at(field).stringValue())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"older Go", "Python"})
    void aClientDeletesADevice(String client) {
        String device = "/api/v2/device/" + server.router("gone-by-" + client.replace(" ", "-")).id;

        client(client).send("DELETE " + device).expect(200);

        client(client).send("GET " + device).expect(404);
    }

    @ParameterizedTest
    @CsvSource({
        "SetAndGet, X-No-Accept: here, Content-Type: application/json",
        "SetACL, Accept: application/json, Content-Type: application/hujson"
    })
    void aPolicyThatIsSetIsAnsweredAsJsonToAClientThatReadsJson(String call, String accept, String type) {
        String policy = """
                {
                  "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}],
                  "hosts": {"%s": "10.0.0.1"}
                }
                """.formatted(call);
        ClientRequests client = call.equals("SetAndGet") ? go : olderGo;

        Reply set = client.sendBody("POST /api/v2/tailnet/-/acl", policy, accept, type, "If-Match: " + tag())
                .expect(200);

        assertThat(set.json().at("/acls/0/action").stringValue()).isEqualTo("accept");
        assertThat(set.headers().get("etag")).isEqualTo(tag());
    }

    @Test
    void theOlderGoClientIsAnsweredThePolicyAsItWroteIt() {
        String policy = POLICY.replace("all", "SetACLHuJSON");

        Reply set = olderGo.sendBody(
                        "POST /api/v2/tailnet/-/acl",
                        policy,
                        "Accept: application/hujson",
                        HUJSON,
                        "If-Match: " + tag())
                .expect(200);

        assertThat(set.text()).isEqualTo(policy);
        assertThat(set.headers().get("etag")).isEqualTo(tag());
    }

    private static String tag() {
        return go.send("GET /api/v2/tailnet/-/acl", "Accept: application/hujson")
                .headers()
                .get("etag");
    }

    @Test
    void thePythonClientReadsAndSetsRoutes() {
        JsonNode devices = python.send("GET /api/v2/tailnet/-/devices?fields=all")
                .expect(200)
                .json()
                .at("/devices");
        // its class has no defaults for these
        assertThat(new ArrayList<>(devices.get(0).propertyNames()))
                .contains(
                        "addresses",
                        "authorized",
                        "blocksIncomingConnections",
                        "clientVersion",
                        "connectedToControl",
                        "id",
                        "hostname",
                        "isExternal",
                        "keyExpiryDisabled",
                        "machineKey",
                        "name",
                        "nodeId",
                        "nodeKey",
                        "os",
                        "tailnetLockKey",
                        "updateAvailable",
                        "user");
        python.send("GET /api/v2/device/2?fields=all").expect(200);
        python.send("GET /api/v2/device/2/routes").expect(200);
        python.sendBody("POST /api/v2/device/2/routes", """
                {"routes": ["10.28.0.0/16"]}""", JSON).expect(200);
        python.send("GET /api/v2/tailnet/-/users").expect(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /api/v2/tailnet/-/keys, /api/wayleave/v1/keys",
        "POST /api/v2/oauth/token, /api/wayleave/v1/keys",
        "POST /api/v2/device/1/authorized, agent/register",
        "POST /api/v2/device/1/tags, agent/register",
        "POST /api/v2/tailnet/-/acl/preview, /api/wayleave/v1/can",
        "GET /api/v2/tailnet/-/dns/nameservers, the policy are",
        "PATCH /api/v2/tailnet/-/settings, the policy are",
        "POST /api/v2/tailnet/-/webhooks, the policy are"
    })
    void aCallOutOfScopeIsAnsweredInTheFormOfTheApi(String line, String instead) {
        JsonNode error = go.sendBody(line, "{}", JSON).expect(501).json();

        assertThat(new ArrayList<>(error.propertyNames())).containsExactly("message", "status");
        assertThat(error.at("/message").stringValue()).contains(line).contains(instead);
    }

    @Test
    void devicesAreNotFilteredInPart() {
        assertThat(go.send("GET /api/v2/tailnet/-/devices?os=linux").status()).isEqualTo(400);
    }

    @Test
    void anotherTailnetIsNotHere() {
        assertThat(go.send("GET /api/v2/tailnet/example.com/devices").status()).isEqualTo(404);
        go.send("GET /api/v2/tailnet/sample/devices").expect(200);
    }

    @Test
    void aBrowserThatKnowsTheNameDoesNotLendItToAPage() {
        for (String origin : List.of("Origin: http://evil.example", "Origin: null")) {
            assertThat(go.sendBody("POST /api/v2/device/2/routes", """
                    {"routes": []}""", origin).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aNameAndNoPasswordIsAKeyOnlyInThisApi() {
        assertThat(go.send("GET /api/v1/node").status()).isEqualTo(401);
        assertThat(go.send("GET /api/wayleave/v1/self").status()).isEqualTo(401);
        for (String pair : List.of(server.operator + ":x", server.operator, ":" + server.operator)) {
            String header = "Authorization: Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new ClientRequests(server, header)
                            .send("GET /api/v2/device/1")
                            .status())
                    .isEqualTo(401);
        }
        assertThat(new ClientRequests(server, "Authorization: Basic %%%")
                        .send("GET /api/v2/device/1")
                        .status())
                .isEqualTo(401);
    }
}
