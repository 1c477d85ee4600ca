package dev.wayleave.examples.server.api;

import static dev.wayleave.examples.server.TestServer.API;
import static dev.wayleave.examples.server.TestServer.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.examples.server.StreamReader;
import dev.wayleave.examples.server.TestServer;
import dev.wayleave.mesh.Actor;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.settings.RoutingSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What operators do: to nodes, users, the policy, keys, and the sample's agents. */
class OperatorApiTest {

    private final TestServer server = TestServer.withSample();

    @BeforeEach
    void start() {
        server.demo.startSample();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void approvingAddsAndRevokingDenies() {
        JsonNode node = server.post("/nodes/2/approve", """
                {"routes": ["10.28.0.0/16"]}""").expect(200).json();
        assertThat(node.at("/routes/0/approved").booleanValue()).isTrue();
        assertThat(node.at("/routes/1/state").stringValue()).isEqualTo("primary");
        assertThat(node.at("/routes/1/reason").stringValue()).contains("only");

        node = server.post("/nodes/2/revoke", """
                {"routes": ["10.28.0.0/16"]}""").expect(200).json();
        assertThat(node.at("/routes/0/approved").booleanValue()).isTrue();
        assertThat(node.at("/routes/1/state").stringValue()).isEqualTo("denied");
        assertThat(node.at("/happened").values())
                .extracting(JsonNode::stringValue)
                .anySatisfy(text -> assertThat(text).contains("10.28.0.0/16", "denied"));
        assertThat(node.at("/routes/1/reason").stringValue()).startsWith("denied by `key 1 (operator)`");
    }

    @Test
    void whereDenialsAreNotRememberedRevokingDeniesNothing() {
        RoutingSettings settings = server.plane.state().settings();
        var ignored = server.plane.submit(
                new Actor("test"),
                new Command.SetSettings(
                        settings.toBuilder().rememberDenied(false).build()));
        server.post("/nodes/2/approve", """
                {"routes": ["10.28.0.0/16"]}""").expect(200);

        JsonNode node = server.post("/nodes/2/revoke", """
                {"routes": ["10.28.0.0/16"]}""").expect(200).json();

        assertThat(node.at("/happened").values())
                .extracting(JsonNode::stringValue)
                .anySatisfy(text -> assertThat(text).contains("10.28.0.0/16", "berlin-b", "approved"))
                .noneSatisfy(text -> assertThat(text).containsIgnoringCase("deni"));
        assertThat(node.at("/routes/1/approved").booleanValue()).isFalse();
        assertThat(node.at("/routes/1/state").stringValue()).isNotEqualTo("denied");
    }

    @Test
    void aCommandThatChangesNothingIsAnsweredWithItsRemark() {
        server.post("/nodes/2/approve", """
                {"routes": ["10.28.0.0/16"]}""").expect(200);
        JsonNode again = server.post("/nodes/2/approve", """
                {"routes": ["10.28.0.0/16"]}""").expect(200).json();

        assertThat(again.at("/happened").isEmpty()).isTrue();
        assertThat(again.at("/remarks/0/message").stringValue()).contains("10.28.0.0/16");
    }

    @Test
    void aWordThatIsUnknownIsOneProblem() {
        JsonNode refused = server.post("/nodes/3/health", """
                {"health": "sick"}""").expect(400).json();

        assertThat(refused.at("/problems").values())
                .extracting(problem -> problem.at("/code").stringValue())
                .containsExactly("unknown-word");
    }

    @Test
    void oneExitRouteStandsForBoth() {
        JsonNode node = server.post("/nodes/8/approve", """
                {"routes": ["::/0"]}""").expect(200).json();

        assertThat(node.at("/routes/0/prefix").stringValue()).isEqualTo("0.0.0.0/0");
        assertThat(node.at("/routes/1/prefix").stringValue()).isEqualTo("::/0");
    }

    @Test
    void everyPrefixThatIsWrongIsNamed() {
        JsonNode error = server.post("/nodes/2/approve", """
                {"routes": ["10.28.0.1/16", "10.0.0.0/8", "x"], "by": 1}""").expect(400).json();

        assertThat(error.at("/problems").size()).isEqualTo(3);
        assertThat(error.at("/problems/0/path").stringValue()).isEqualTo("routes[0]");
        assertThat(error.at("/problems/0/message").stringValue()).contains("write `10.28.0.0/16`");
        assertThat(error.at("/problems/2/code").stringValue()).isEqualTo("unknown-field");
        assertThat(server.post("/nodes/99/approve", """
                {"routes": []}""").status()).isEqualTo(404);
        assertThat(server.post("/nodes/99/revoke", """
                {"routes": []}""").status()).isEqualTo(404);
        assertThat(server.post("/nodes/2/revoke", "{}").status()).isEqualTo(400);
    }

    @Test
    void aDrainThatWouldLeaveAPrefixIsRefusedUnlessForced() {
        server.post("/nodes/5/drain", "{}").expect(200);
        JsonNode error = server.post("/nodes/6/drain", "{}").expect(409).json();
        assertThat(error.at("/problems/0/code").stringValue()).isEqualTo("drain-leaves-prefixes");
        assertThat(error.at("/problems/0/prefixes/0").stringValue()).isEqualTo("10.40.0.0/16");
        String name = server.read("/nodes/6").at("/name").stringValue();
        assertThat(error.at("/problems/0/message").stringValue()).contains("drain", name, "`10.40.0.0/16`");
        assertThat(error.at("/detail")).isEqualTo(error.at("/problems/0/message"));

        JsonNode node = server.post("/nodes/6/drain", """
                {"forced": true, "until": "2026-11-25T20:00:00Z"}""").expect(200).json();

        assertThat(node.at("/drain/until").stringValue()).isEqualTo("2026-11-25T20:00:00Z");
        assertThat(node.at("/drain/by").stringValue()).isEqualTo("key 1 (operator)");
        assertThat(server.post("/nodes/5/undrain", "{}")
                        .expect(200)
                        .json()
                        .at("/drain")
                        .isNull())
                .isTrue();
        assertThat(server.post("/nodes/6/drain", """
                {"until": "2020-01-01T00:00:00Z", "forced": true}""").status()).isEqualTo(409);
        assertThat(server.post("/nodes/6/drain", """
                {"until": "tomorrow"}""").status()).isEqualTo(400);
        assertThat(server.post("/nodes/99/drain", "{}").status()).isEqualTo(404);
        assertThat(server.post("/nodes/99/undrain", "{}").status()).isEqualTo(404);
    }

    @Test
    void aKeyThatCannotBeStoredNowIsToBeTriedLater() throws Exception {
        drop("demo_key");

        TestServer.Reply reply = server.post("/keys", """
                {"scope": "read", "name": "reader"}""").expect(503);

        assertThat(reply.header("Retry-After")).isEqualTo("5");
        assertThat(reply.json().at("/detail").stringValue()).isNotEmpty();
    }

    @Test
    void aPolicyWhoseTextCannotBeKeptIsSaidToBeInForce() throws Exception {
        drop("demo_policy");

        TestServer.Reply reply = server.send("PUT", API + "/policy", server.operator, policy("{}"))
                .expect(503);

        assertThat(reply.json().at("/detail").stringValue()).containsPattern("policy.* in force");
        assertThat(server.plane.state().policy()).isEqualTo(PolicyReader.read("{}"));
    }

    /** Makes a table of the server's own unusable, as a database that is gone would be. */
    private void drop(String table) throws SQLException {
        try (Connection connection = server.database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table " + table);
        }
    }

    @Test
    void usersAreReplacedAllAtOnce() {
        String ada = """
                {"id": "1", "name": "ada", "email": "ada@example.com", "role": "owner"}""";
        String others = """
                , {"id": "2", "name": "ben"}, {"id": "3", "name": "lea"}""";
        TestServer.Reply replaced = server.send("PUT", API + "/users", server.operator, """
                {"users": [%s%s]}""".formatted(ada, others));
        assertThat(replaced.expect(200).json().at("/users/0/role").stringValue())
                .isEqualTo("owner");
        assertThat(replaced.json().at("/users/1/email").isNull()).isTrue();

        JsonNode owns = server.send("PUT", API + "/users", server.operator, """
                {"users": [%s]}""".formatted(ada))
                .expect(409)
                .json();
        assertThat(owns.at("/problems/0/code").stringValue()).isEqualTo("user-owns-node");
        JsonNode bad = server.send("PUT", API + "/users", server.operator, """
                {"users": [%s,%s, {"id": "", "role": "king"}]}""".formatted(ada, ada))
                .expect(400)
                .json();
        assertThat(bad.at("/problems").toString())
                .contains("comes twice", "users[2].id", "users[2].name", "users[2].role");
    }

    @Test
    void aPolicyIsKeptAsItWasWritten() {
        String text = """
                // mine
                {"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}], "ssh": []}""";

        JsonNode put = server.send("PUT", API + "/policy", server.operator, policy(text))
                .expect(200)
                .json();

        assertThat(put.at("/policy").stringValue()).startsWith("// mine\n{");
        assertThat(put.at("/notRead/0").stringValue()).isEqualTo("ssh");
        assertThat(server.read("/policy")).isEqualTo(put);
        assertThat(server.read("/events?limit=1").at("/events/0/kind").stringValue())
                .isEqualTo("policy-replaced");
    }

    @Test
    void aPlanSaysWhatAPolicyWouldDoAndChangesNothing() {
        JsonNode before = server.read("/policy");

        JsonNode plan = server.ask("/policy/plan", policy("""
                {"acls": []}""")).expect(200).json();

        assertThat(plan.at("/verdict").stringValue()).isEqualTo("loss");
        assertThat(plan.at("/summary").stringValue()).contains("lose");
        assertThat(plan.at("/sections/0/lines/0/kind").stringValue()).isEqualTo("lost");
        assertThat(plan.at("/revision").longValue())
                .isEqualTo(server.plane.current().revision().value());
        assertThat(server.read("/policy")).isEqualTo(before);
        server.ask("/policy/plan", policy("{")).expect(422);
    }

    @Test
    void anActionOnANodeIsPlanned() {
        assertThat(server.ask("/nodes/1/plan", action("drain"))
                        .expect(200)
                        .json()
                        .at("/verdict")
                        .stringValue())
                .isNotEqualTo("nothing-changes");
        assertThat(server.ask("/nodes/1/plan", action("remove"))
                        .expect(200)
                        .json()
                        .at("/verdict")
                        .stringValue())
                .isEqualTo("loss");
        server.ask("/nodes/1/plan", action("revoke")).expect(400);
        server.ask("/nodes/1/plan", action("dance")).expect(400);
        server.ask("/nodes/77/plan", action("drain")).expect(404);
    }

    private static String action(String action) {
        return """
                {"action": "%s"}""".formatted(action);
    }

    private JsonNode planOf(int node, String body) {
        return server.ask("/nodes/" + node + "/plan", body).expect(200).json();
    }

    @Test
    void aPlanOfADrainThatWouldBeRefusedSaysWhyAndShowsTheForcedOne() {
        server.post("/nodes/5/drain", "{}").expect(200);

        JsonNode plan = planOf(6, action("drain"));

        assertThat(plan.at("/problems/0/code").stringValue()).isEqualTo("drain-leaves-prefixes");
        assertThat(plan.at("/staying/0").stringValue()).isEqualTo("10.40.0.0/16");
        assertThat(plan.at("/verdict").stringValue()).isEqualTo("no-loss");
        assertThat(plan.at("/sections/0/title").stringValue()).isEqualTo("Drains");
        assertThat(planOf(6, """
                {"action": "drain", "forced": true}""").at("/problems").isEmpty()).isTrue();
        assertThat(planOf(1, action("drain")).at("/problems").isEmpty()).isTrue();
    }

    @Test
    void aPlanNamesPrefixesThatBecomeUnserved() {
        server.post("/nodes/2/approve", """
                {"routes": ["10.28.0.0/16"]}""").expect(200);

        JsonNode plan = planOf(2, """
                {"action": "revoke", "routes": ["10.28.0.0/16"]}""");

        assertThat(plan.at("/unserved").toString()).isEqualTo("""
                ["10.28.0.0/16"]""");
    }

    @Test
    void aPolicyHasItsNotices() {
        String text = """
                {"hosts": {"lan": "10.4.0.9/16"}}""";
        JsonNode check = server.send("POST", API + "/policy/check", server.operator, policy(text))
                .expect(200)
                .json();
        assertThat(check.at("/ok").booleanValue()).isTrue();
        assertThat(check.at("/notices/0/code").stringValue()).isEqualTo("HOST_BITS");
        assertThat(check.at("/notices/0/path").stringValue()).isEqualTo("hosts.lan");
        assertThat(check.at("/notices/0/column").intValue()).isEqualTo(19);

        JsonNode put = server.send("PUT", API + "/policy", server.operator, policy(text))
                .expect(200)
                .json();
        assertThat(put.at("/notices")).isEqualTo(check.at("/notices"));
        assertThat(server.read("/policy").at("/notices")).isEqualTo(check.at("/notices"));
    }

    @Test
    void aPolicyWithProblemsChangesNothing() {
        JsonNode before = server.read("/policy");
        String broken = policy("""
                {"acls": [
                {"action": "accept", "src": ["group:x"], "dst": ["y:*"]}]}""");

        JsonNode error = server.send("PUT", API + "/policy", server.operator, broken)
                .expect(422)
                .json();
        assertThat(error.at("/detail").stringValue()).contains("2 problems");
        assertThat(error.at("/problems/0/code").stringValue()).isEqualTo("UNKNOWN_GROUP");
        assertThat(error.at("/problems/0/line").intValue()).isEqualTo(2);
        assertThat(error.at("/problems/0/column").intValue()).isGreaterThan(1);
        JsonNode check = server.send("POST", API + "/policy/check", server.reader, broken)
                .expect(200)
                .json();
        assertThat(check.at("/ok").booleanValue()).isFalse();
        assertThat(check.at("/problems")).isEqualTo(error.at("/problems"));
        assertThat(server.read("/policy")).isEqualTo(before);
        assertThat(server.send("POST", API + "/policy/check", server.reader, policy("{}"))
                        .json()
                        .at("/ok")
                        .booleanValue())
                .isTrue();
        assertThat(server.send("PUT", API + "/policy", server.operator, "{}").status())
                .isEqualTo(400);
    }

    @Test
    void keysAreShownOnceAndDeletedForGood() {
        JsonNode created = server.post("/keys", """
                {"scope": "read", "name": "grafana"}""").expect(201).json();
        String key = created.at("/key").stringValue();
        assertThat(server.get(API + "/self", key).expect(200).json().at("/name").stringValue())
                .isEqualTo("grafana");
        String list = server.get(API + "/keys", server.operator).expect(200).text();
        assertThat(list)
                .contains("grafana")
                .doesNotContain(key)
                .doesNotContain("wlk_")
                .doesNotContain("hash");

        long id = created.at("/id").longValue();
        server.send("DELETE", API + "/keys/" + id, server.operator, "").expect(204);

        assertThat(server.get(API + "/self", key).status()).isEqualTo(401);
        assertThat(server.send("DELETE", API + "/keys/" + id, server.operator, "")
                        .status())
                .isEqualTo(404);
        assertThat(server.post("/keys", """
                {"scope": "agent", "name": "x"}""").status()).isEqualTo(400);
        assertThat(server.post("/keys", """
                {"scope": "read"}""").status()).isEqualTo(400);
    }

    @Test
    void deletingAKeyEndsItsStreams() throws Exception {
        JsonNode created = server.post("/keys", """
                {"scope": "read", "name": "page"}""").expect(201).json();
        try (StreamReader stream = new StreamReader(
                server, API + "/tailnet/stream", created.at("/key").stringValue())) {
            stream.next("tailnet").json();

            server.send("DELETE", API + "/keys/" + created.at("/id").longValue(), server.operator, "")
                    .expect(204);

            stream.next("end");
        }
    }

    @Test
    void theSamplesAgentsAreSilencedStoppedAndStarted() {
        assertThat(server.read("/sample").at("/agents").size()).isEqualTo(11);

        assertThat(server.post("/sample/1/stop", "{}")
                        .expect(200)
                        .json()
                        .at("/state")
                        .stringValue())
                .isEqualTo("stopped");
        server.time.advance(Duration.ofSeconds(15));
        assertThat(server.primary("10.20.0.0/16")).hasValue(2L);

        server.post("/sample/1/start", "{}").expect(200);
        assertThat(server.read("/nodes/1").at("/liveness").stringValue()).isEqualTo("online");
        assertThat(server.post("/sample/2/silence", "{}")
                        .expect(200)
                        .json()
                        .at("/state")
                        .stringValue())
                .isEqualTo("silent");
        assertThat(server.post("/sample/99/stop", "{}").status()).isEqualTo(404);
        assertThat(server.post("/sample/1/explode", "{}").status()).isEqualTo(404);
    }
}
