package dev.wayleave.examples.server.api;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.examples.server.TestServer;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Agents register and speak for their node, and for no other. */
class AgentApiTest {

    private final TestServer server = TestServer.withSample();

    @AfterEach
    void stop() {
        server.close();
    }

    private TestServer.Reply register(String more) {
        return server.post("/agent/register", """
                {"name": "porto", "hostKey": "porto"%s}""".formatted(more));
    }

    @Test
    void aNodeGetsANumberAddressesAndAKey() {
        JsonNode answer = register("""
                , "tags": ["tag:router"]""").expect(201).json();

        assertThat(answer.at("/node").toString()).isEqualTo("""
                {"id":12,"name":"porto"}""");
        assertThat(answer.at("/keepAliveSeconds").intValue()).isEqualTo(10);
        assertThat(answer.at("/silenceLimitSeconds").intValue()).isEqualTo(25);
        JsonNode self =
                server.get(API + "/self", answer.at("/key").stringValue()).json();
        assertThat(self.at("/scope").stringValue()).isEqualTo("agent");
        assertThat(self.at("/node").longValue()).isEqualTo(12);
        assertThat(server.read("/nodes/12").at("/addresses").toString()).isEqualTo("""
                ["100.64.0.12","fd7a:115c:a1e0::c"]""");
    }

    @Test
    void registeringAgainKeepsTheNodeAndReplacesTheKey() {
        String old = register("""
                , "tags": ["tag:router"]\
                """).expect(201).json().at("/key").stringValue();

        JsonNode again = register(", \"user\": \"1\"").expect(200).json();

        assertThat(again.at("/node/id").longValue()).isEqualTo(12);
        assertThat(server.get(API + "/self", old).status()).isEqualTo(401);
        assertThat(server.get(API + "/self", again.at("/key").stringValue()).status())
                .isEqualTo(200);
        assertThat(server.read("/nodes/12").at("/user").stringValue()).isEqualTo("1");
    }

    @Test
    void thePolicySaysWhoMayTag() {
        register("""
                , "user": "ada@example.com", "tags": ["tag:router"]""").expect(201);
        JsonNode error = register("""
                , "user": "ben@", "tags": ["tag:router", "tag:none"]""").expect(422).json();

        assertThat(error.at("/problems/0/message").stringValue()).contains("`ben`", "`tag:router`");
        assertThat(error.at("/problems/1/code").stringValue()).isEqualTo("unknown-tag");
    }

    @Test
    void theCauseOfARefusedRegistrationIsNamed() {
        assertThat(register("").expect(400).text()).contains("a node needs a `user` or `tags`");
        assertThat(register(", \"user\": \"nobody\"").expect(400).text()).contains("names no user");
        assertThat(register("""
                , "tags": ["router"]\
                """).expect(400).text()).contains("is not a tag");
        assertThat(register("""
                , "user": "1", "addresses": ["100.64.0.300"]""").expect(400).text()).contains("addresses");
        assertThat(register("""
                , "user": "1", "addresses": ["100.64.0.1"]\
                """).expect(409).text()).contains("belongs to another node");
        assertThat(server.post("/agent/register", """
                {"name": "a\\u0000b", "hostKey": "\\ud800", "user": "1"}""")
                        .expect(400)
                        .json()
                        .at("/problems")
                        .size())
                .isGreaterThanOrEqualTo(2);
        assertThat(server.post("/agent/register", """
                {"name": "a\\u2028b", "hostKey": "k", "user": "1"}\
                """).expect(400).text()).contains("`name` has to be");
        assertThat(server.read("/nodes").at("/nodes").size()).isEqualTo(11);
    }

    @Test
    void advertisingAnswersWithWhatBecameOfEachRoute() {
        TestServer.Agent agent = server.router("porto");

        JsonNode answer = agent.post("advertise", """
                {"routes": ["10.20.0.0/16", "10.77.0.0/16"]}""").expect(200).json();

        assertThat(answer.at("/routes/0/state").stringValue()).isEqualTo("primary");
        assertThat(answer.at("/routes/1/state").stringValue()).isEqualTo("waiting");
        assertThat(agent.post("advertise", """
                {"routes": ["10.20.0.1/16"]}""").status()).isEqualTo(400);
        assertThat(agent.post("advertise", """
                {"routes": []}""").expect(200).json().at("/routes").size())
                .isEqualTo(1);
    }

    @Test
    void theAnswerToAnAdvertisementRemarksOnPrefixesThatNoPacketReaches() {
        TestServer.Agent agent = server.router("porto");

        JsonNode remarks = agent.post("advertise", """
                {"routes": ["10.77.0.0/16", "100.64.0.0/16"]}""").expect(200).json().at("/remarks");

        assertThat(remarks.size()).isEqualTo(1);
        assertThat(remarks.at("/0/code").stringValue()).isEqualTo("reserved-prefix");
        assertThat(remarks.at("/0/message").stringValue()).contains("`100.64.0.0/16`", "porto", "own addresses");
        assertThat(agent.post("advertise", """
                {"routes": ["10.77.0.0/16"]}""")
                        .expect(200)
                        .json()
                        .at("/remarks")
                        .size())
                .isZero();
    }

    @Test
    void theAnswersToARegistrationAndToAnApprovalHaveTheirRemarks() {
        JsonNode registered = register("""
                , "user": "1", "addresses": ["127.0.0.9"]""").expect(201).json();
        assertThat(registered.at("/remarks/0/code").stringValue()).isEqualTo("reserved-address");

        JsonNode approved = server.post("/nodes/12/approve", """
                {"routes": ["10.77.0.0/16"]}""").expect(200).json();
        assertThat(approved.at("/remarks/0/code").stringValue()).isEqualTo("not-advertised-yet");
        assertThat(server.read("/nodes/12").has("remarks")).isFalse();
    }

    /** A clock that counts nanoseconds, and times of a host that has them. */
    @Test
    void timesHaveMillisecondsInAllDocuments() {
        server.time.advance(Duration.ofNanos(123_456_789));
        long id = register("""
                , "tags": ["tag:router"]""").expect(201).json().at("/node/id").longValue();
        Instant finer = Instant.parse("2026-01-01T00:00:00.123456789Z");
        Node.Builder host =
                Node.builder(new NodeId(99), "host", Owner.tags("tag:router")).registeredAt(finer);
        server.plane.submit(new Actor("test"), new Command.RegisterNode(host.build()));
        String policy = TestServer.policy("{}");
        server.send("PUT", API + "/policy", server.operator, policy).expect(200);

        String documents = server.read("/tailnet").toString()
                + server.read("/nodes/" + id)
                + server.get(API + "/keys", server.operator).text()
                + server.read("/policy")
                + server.get("/api/v1/node", server.operator).text()
                + server.get("/api/v1/policy", server.operator).text()
                + server.get("/api/v1/apikey", server.operator).text()
                + server.get("/api/v2/tailnet/-/devices?fields=all", server.operator)
                        .text();

        assertThat(documents).contains(".123Z").doesNotContainPattern("[0-9]\\.[0-9]{4,}Z");
        assertThat(server.get(API + "/state", server.operator).text()).contains(finer.toString());
    }

    @Test
    void anAgentReadsItsOwnViewAndNothingElse() {
        TestServer.Agent agent = server.router("porto");

        assertThat(server.get(API + "/agent/view", agent.key)
                        .expect(200)
                        .json()
                        .at("/node")
                        .longValue())
                .isEqualTo(agent.id);
        assertThat(server.get(API + "/nodes/1/view", agent.key).status()).isEqualTo(403);
        assertThat(server.get(API + "/tailnet", agent.key).status()).isEqualTo(403);
        assertThat(server.get("/api/v1/node", agent.key).status()).isEqualTo(403);
        assertThat(server.get("/metrics", agent.key).status()).isEqualTo(403);
        assertThat(server.get(API + "/agent/view", server.operator).status()).isEqualTo(403);
        assertThat(agent.post("register", "{}").status()).isEqualTo(403);
        assertThat(agent.post("keep-alive", """
                {"session": ""}""").status()).isEqualTo(400);
        assertThat(agent.post("health", """
                {"session": "x"}""").status()).isEqualTo(400);
        assertThat(server.get(API + "/agent/stream?session=", agent.key).status())
                .isEqualTo(409);
    }
}
