package dev.wayleave.examples.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Headscale's API v1 as its source has it, and Tailscale's API v2 for the routes of a device. */
class HeadscaleApiTest {

    private final TestServer server = TestServer.withSample();

    @BeforeEach
    void start() {
        server.demo.startSample();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestServer.Reply get(String path) {
        return server.get("/api/v1" + path, server.reader);
    }

    private TestServer.Reply approve(String id, String body) {
        return server.send("POST", "/api/v1/node/" + id + "/approve_routes", server.operator, body);
    }

    @Test
    void aNodeHasTheFieldsOfHeadscale() {
        JsonNode node = get("/node/8").expect(200).json().at("/node");

        assertThat(new ArrayList<>(node.propertyNames()))
                .containsExactly(
                        "id",
                        "machineKey",
                        "nodeKey",
                        "discoKey",
                        "ipAddresses",
                        "name",
                        "user",
                        "lastSeen",
                        "expiry",
                        "preAuthKey",
                        "createdAt",
                        "registerMethod",
                        "givenName",
                        "online",
                        "approvedRoutes",
                        "availableRoutes",
                        "subnetRoutes",
                        "tags");
        assertThat(node.at("/id").stringValue()).isEqualTo("8");
        assertThat(node.at("/user/id").stringValue()).isEqualTo("1");
        assertThat(node.at("/user/name").stringValue()).isEqualTo("ada");
        assertThat(node.at("/online").booleanValue()).isTrue();
        assertThat(node.at("/approvedRoutes").toString()).isEqualTo("[]");
        assertThat(node.at("/tags").toString()).isEqualTo("[]");
        assertThat(node.at("/expiry").isNull()).isTrue();
    }

    @Test
    void theSubnetRoutesOfANodeDependOnTheRequest() {
        JsonNode list = get("/node").expect(200).json().at("/nodes");
        assertThat(list.size()).isEqualTo(11);
        assertThat(list.at("/0/subnetRoutes").toString()).isEqualTo("""
                ["10.20.0.0/16"]""");
        assertThat(list.at("/1/subnetRoutes").toString()).isEqualTo("[]");
        assertThat(list.at("/6/subnetRoutes").toString()).isEqualTo("""
                ["0.0.0.0/0","::/0"]""");
        assertThat(list.at("/6/user/name").stringValue()).isEqualTo("tagged-devices");
        assertThat(list.at("/6/user/id").stringValue()).isEqualTo("2147455555");

        JsonNode one = get("/node/1").json().at("/node");
        assertThat(one.at("/subnetRoutes").toString()).isEqualTo("[]");
        assertThat(one.at("/user").isNull()).isTrue();
        JsonNode approved = approve("1", """
                {"routes": ["10.20.0.0/16"]}""").expect(200).json().at("/node");
        assertThat(approved.at("/subnetRoutes").toString()).isEqualTo("""
                ["10.20.0.0/16"]""");
    }

    @Test
    void approvingReplacesPairsSortsAndCompacts() {
        JsonNode node = approve("1", """
                {"routes": ["::/0", "10.99.0.0/16", "10.99.0.0/16"]}""").expect(200).json().at("/node");

        assertThat(node.at("/approvedRoutes").toString()).isEqualTo("""
                ["0.0.0.0/0","10.99.0.0/16","::/0"]""");
        assertThat(node.at("/availableRoutes").toString()).isEqualTo("""
                ["10.20.0.0/16"]""");
        for (String none : List.of("{}", "{\"routes\": null}", """
                {"routes": []}""")) {
            assertThat(approve("1", none)
                            .expect(200)
                            .json()
                            .at("/node/approvedRoutes")
                            .toString())
                    .isEqualTo("[]");
        }
    }

    @Test
    void errorsAreItsProblemDocuments() {
        TestServer.Reply bad = approve("1", """
                {"routes": ["10.20.0.0", "10.21.0.0/16"]}""").expect(400);
        assertThat(bad.contentType()).isEqualTo("application/problem+json");
        assertThat(new ArrayList<>(bad.json().propertyNames())).containsExactly("title", "status", "detail", "errors");
        assertThat(bad.json().at("/title").stringValue()).isEqualTo("Bad Request");
        assertThat(bad.json().at("/detail").stringValue()).isEqualTo("parsing route");
        assertThat(bad.json().at("/errors/0/message").stringValue()).contains("10.20.0.0");

        assertThat(get("/node/abc").expect(400).json().at("/detail").stringValue())
                .isEqualTo("""
                        type mismatch, parameter: node_id, \
                        error: strconv.ParseUint: parsing "abc": invalid syntax""");
        assertThat(get("/node/99999999999999999999")
                        .expect(400)
                        .json()
                        .at("/detail")
                        .stringValue())
                .endsWith("value out of range");
        assertThat(get("/node/18446744073709551615")
                        .expect(404)
                        .json()
                        .at("/detail")
                        .stringValue())
                .isEqualTo("node not found");
        assertThat(get("/node/0").status()).isEqualTo(404);
        assertThat(approve("99", "{}").expect(404).json().at("/detail").stringValue())
                .isEqualTo("setting approved routes");
        assertThat(approve("1", """
                {"routes": "10.0.0.0/8"}""").status()).isEqualTo(422);
        assertThat(approve("1", """
                {"paths": []}\
                """).expect(422).json().at("/detail").stringValue())
                .isEqualTo("validation failed");
        assertThat(server.get("/api/v1/node", "").expect(401).text()).isEqualTo("""
                {"title":"Unauthorized","status":401,"detail":"Unauthorized"}""");
        assertThat(server.send("POST", "/api/v1/node/1/approve_routes", server.reader, "{}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void approvingSaysWhatItChangedAndWhatStays() {
        JsonNode changes = approve("1", """
                {"routes": ["10.77.0.0/16"]}""").expect(200).json().at("/changes");

        assertThat(changes.at("/approved").toString()).isEqualTo("""
                ["10.77.0.0/16"]""");
        assertThat(changes.at("/revoked").size()).isPositive();
        assertThat(changes.at("/denied")).isEqualTo(changes.at("/revoked"));
        assertThat(changes.at("/text").stringValue()).startsWith("berlin-a (1)\n  approved   10.77.0.0/16\n");
        JsonNode again = approve("1", """
                {"routes": ["10.77.0.0/16"]}""").expect(200).json().at("/changes");
        assertThat(again.at("/text").stringValue()).startsWith("berlin-a (1): ").contains("no approval");
    }

    @Test
    void nodesAreFilteredByTheNameOfTheirUser() {
        assertThat(get("/node?user=lea").expect(200).json().at("/nodes/0/id").stringValue())
                .isEqualTo("10");
        assertThat(get("/node?user=").expect(200).json().at("/nodes").size()).isEqualTo(11);
        assertThat(get("/node?user=nobody").expect(404).json().at("/detail").stringValue())
                .isEqualTo("listing nodes");
    }

    @Test
    void usersAreFilteredByNameThenEmailThenId() {
        assertThat(get("/user").expect(200).json().at("/users").size()).isEqualTo(3);
        assertThat(get("/user?name=ben").json().at("/users/0/id").stringValue()).isEqualTo("2");
        assertThat(get("/user?email=lea@example.com").json().at("/users/0/name").stringValue())
                .isEqualTo("lea");
        assertThat(get("/user?id=1&name=ben").json().at("/users/0/name").stringValue())
                .isEqualTo("ben");
        assertThat(get("/user?id=0").json().at("/users").size()).isEqualTo(3);
        assertThat(get("/user?id=9").json().at("/users").toString()).isEqualTo("[]");
        assertThat(get("/user?id=x").status()).isEqualTo(400);
        assertThat(new ArrayList<>(get("/user?id=1").json().at("/users/0").propertyNames()))
                .containsExactly(
                        "id", "name", "createdAt", "displayName", "email", "providerId", "provider", "profilePicUrl");
    }

    @Test
    void thePolicyIsReadAndReplaced() {
        JsonNode before = get("/policy").expect(200).json();
        assertThat(before.at("/policy").stringValue()).startsWith("// The policy of the sample tailnet");
        assertThat(before.at("/updatedAt").stringValue()).isEqualTo("2026-11-25T19:00:00Z");

        JsonNode after = server.send("PUT", "/api/v1/policy", server.operator, """
                {"policy": "{ }"}""")
                .expect(200)
                .json();
        assertThat(after.at("/policy").stringValue()).isEqualTo("{ }");
        JsonNode error = server.send("PUT", "/api/v1/policy", server.operator, """
                {"policy": "{"}""")
                .expect(400)
                .json();
        assertThat(error.at("/detail").stringValue()).isEqualTo("setting policy");
        assertThat(error.at("/errors").size()).isPositive();
        assertThat(server.send("PUT", "/api/v1/policy", server.operator, "{}").status())
                .isEqualTo(400);
    }

    @Test
    void tailscalesRoutesOfADeviceAreReadAndReplaced() {
        assertThat(server.get("/api/v2/device/2/routes", server.reader)
                        .expect(200)
                        .text())
                .isEqualTo("""
                        {"advertisedRoutes":["10.20.0.0/16","10.28.0.0/16"],\
                        "enabledRoutes":["10.20.0.0/16"]}""");

        TestServer.Reply replaced = server.send("POST", "/api/v2/device/2/routes", server.operator, """
                {"routes": ["10.28.0.0/16", "0.0.0.0/0"]}""");

        assertThat(replaced.expect(200).text()).isEqualTo("""
                {"advertisedRoutes":["10.20.0.0/16","10.28.0.0/16"],"enabledRoutes":["0.0.0.0/0",\
                "10.28.0.0/16","::/0"]}""");
        assertThat(server.get("/api/v2/device/99/routes", server.reader)
                        .expect(404)
                        .text())
                .isEqualTo("""
                        {"message":"no such device","status":404}""");
        assertThat(server.get("/api/v2/device/x/routes", server.reader).status())
                .isEqualTo(404);
        TestServer.Reply bad = server.send("POST", "/api/v2/device/2/routes", server.operator, """
                {"routes": ["10.28.0.1/16"]}""");
        assertThat(bad.expect(400).json().at("/data/0/errors/0").stringValue()).contains("write `10.28.0.0/16`");
        assertThat(server.get("/api/v2/device/2/routes", "")
                        .expect(401)
                        .json()
                        .at("/status")
                        .intValue())
                .isEqualTo(401);
        assertThat(server.send("POST", "/api/v2/device/2/routes", server.reader, "{}")
                        .status())
                .isEqualTo(403);
    }
}
