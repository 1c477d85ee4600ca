package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Background;
import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.FakeControlPlane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class AgentCommandTest {

    private static final String ROOT = "/api/wayleave/v1/agent/";
    private static final String VIEW = """
            event: view
            data: {"node": 7, "self": {"primary": ["10.20.0.0/16"]}, "peers": [{"node": 3, "name": "cloud"}], \
            "given": [{"prefix": "172.31.0.0/16", "peer": 3}]}

            """;

    private FakeControlPlane server;

    @BeforeEach
    void startServer() throws IOException {
        server = new FakeControlPlane();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private FakeControlPlane known() {
        return server.on("POST " + ROOT + "register", 201, """
                {"node": {"id": 7, "name": "x"}, "key": "wlk_own"}""")
                .on("POST " + ROOT + "advertise", 200, """
                        {"routes": []}""")
                .on("POST " + ROOT + "disconnect", 204, "");
    }

    private static String connected(String session, int keepAliveSeconds) {
        return """
                {"session": "%s", "keepAliveSeconds": %s}""".formatted(session, keepAliveSeconds);
    }

    @Test
    void anAgentRegistersConnectsAdvertisesAndListensWithItsOwnKey() {
        known().on("POST " + ROOT + "connect", 200, connected("s1", 10)).stream(
                "GET " + ROOT + "stream?session=s1", VIEW, true);
        try (Background agent = new Background(server.args(
                "agent", "--name", "berlin-a", "--tag", "tag:router", "--advertise", "10.20.0.0/16,::/0"))) {
            assertThat(server.next())
                    .isEqualTo(new FakeControlPlane.Asked("POST " + ROOT + "register", "Bearer wlk_test", """
                            {"name":"berlin-a","hostKey":"berlin-a","tags":["tag:router"]}"""));
            assertThat(server.next())
                    .isEqualTo(new FakeControlPlane.Asked("POST " + ROOT + "connect", "Bearer wlk_own", "{}"));
            assertThat(server.next().body()).isEqualTo("""
                    {"routes":["10.20.0.0/16","::/0"]}""");
            assertThat(server.next().what()).isEqualTo("GET " + ROOT + "stream?session=s1");
            agent.await(printed -> printed.out().contains("gets 172"));
            Facts.assertLines(agent.out(), """
                    … berlin-a … online … 7
                    … berlin-a carries 10.20.0.0/16
                    … berlin-a gets 172.31.0.0/16 … cloud
                    """);
        }
        assertThat(server.next())
                .as("takes leave when it is ended")
                .isEqualTo(new FakeControlPlane.Asked("POST " + ROOT + "disconnect", "Bearer wlk_own", """
                        {"session":"s1"}"""));
    }

    @Test
    void anAgentKeepsItsSessionAndConnectsAnewWhenTheServerForgetsIt() {
        known()
                .on("POST " + ROOT + "connect", 200, connected("s1", 1))
                .on("POST " + ROOT + "connect", 200, connected("s2", 1))
                .on("POST " + ROOT + "keep-alive", 204, "")
                .on("POST " + ROOT + "keep-alive", 409, "{}")
                .stream("GET " + ROOT + "stream?session=s1", VIEW, true)
                .stream("GET " + ROOT + "stream?session=s2", VIEW, true);
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a"))) {
            agent.await(printed -> printed.out().split("is online", -1).length == 3);
            assertThat(agent.err()).isEmpty();
        }
    }

    @Test
    void anAgentConnectsAnewWhenItsStreamBreaks() {
        known()
                .on("POST " + ROOT + "connect", 200, connected("s1", 10))
                .on("POST " + ROOT + "connect", 200, connected("s2", 10))
                .stream("GET " + ROOT + "stream?session=s1", VIEW, false)
                .stream("GET " + ROOT + "stream?session=s2", VIEW, true);
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a"))) {
            agent.await(printed -> printed.out().split("is online", -1).length == 3);
        }
    }

    private String[] both(FakeControlPlane next) {
        return new String[] {
            "agent", "--tag", "tag:a", "--key", "wlk_test", "--server", server.url(), "--server", next.url()
        };
    }

    @Test
    void anAgentWhoseConnectionBreaksGoesOnAtTheNextServerWithItsKey() throws IOException {
        try (FakeControlPlane next = new FakeControlPlane()) {
            known().on("POST " + ROOT + "connect", 200, connected("s1", 10)).stream(
                    "GET " + ROOT + "stream?session=s1", VIEW, false);
            next
                    .on("POST " + ROOT + "connect", 200, connected("s2", 10))
                    .on("POST " + ROOT + "advertise", 200, """
                            {"routes": []}""")
                    .on("POST " + ROOT + "disconnect", 204, "")
                    .stream("GET " + ROOT + "stream?session=s2", VIEW, true);
            try (Background agent = new Background(both(next))) {
                agent.await(printed -> printed.out().split("is online", -1).length == 3);
            }
            assertThat(next.next())
                    .isEqualTo(new FakeControlPlane.Asked("POST " + ROOT + "connect", "Bearer wlk_own", "{}"));
        }
    }

    /** A server that has no database answers 503; one that does not know a new key yet answers 401. */
    @Test
    @EnabledIfSystemProperty(named = "wayleave.slow", matches = "true", disabledReason = "it waits for retries")
    void anAgentTriesItsServersInTurnUntilOneTakesIt() throws IOException {
        try (FakeControlPlane next = new FakeControlPlane()) {
            known()
                    .on("POST " + ROOT + "connect", 200, connected("s1", 1))
                    .on("POST " + ROOT + "connect", 503, "{}")
                    .on("POST " + ROOT + "keep-alive", 503, "{}")
                    .stream("GET " + ROOT + "stream?session=s1", VIEW, true);
            next
                    .on("POST " + ROOT + "connect", 401, "{}")
                    .on("POST " + ROOT + "connect", 200, connected("s2", 10))
                    .on("POST " + ROOT + "advertise", 200, """
                            {"routes": []}""")
                    .on("POST " + ROOT + "disconnect", 204, "")
                    .stream("GET " + ROOT + "stream?session=s2", VIEW, true);
            try (Background agent = new Background(both(next))) {
                agent.await(printed -> printed.out().split("is online", -1).length == 3);
            }
        }
    }

    @Test
    void anAgentKeepsItsSessionWhileTheServerHasNoRoomForItsStream() {
        String stream = "GET " + ROOT + "stream?session=s1";
        known()
                .on("POST " + ROOT + "connect", 200, connected("s1", 1))
                .on("POST " + ROOT + "keep-alive", 204, "")
                .busy(stream, 2)
                .stream(stream, VIEW, true);
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a"))) {
            agent.await(printed -> printed.out().contains("is online"));
            assertThat(agent.err()).isEmpty();
        }
        assertThat(server.asked())
                .containsOnlyOnce("POST " + ROOT + "connect")
                .containsSubsequence(stream, "POST " + ROOT + "keep-alive", stream);
    }

    @Test
    void anAgentKeepsItsSessionWhenTheServerHasNoTimeForAKeepAlive() {
        String heard = "POST " + ROOT + "keep-alive";
        known()
                .on("POST " + ROOT + "connect", 200, connected("s1", 1))
                .busy(heard, 1)
                .on(heard, 500, "{}")
                .on(heard, 204, "")
                .stream("GET " + ROOT + "stream?session=s1", VIEW, true);
        List<String> asked = new ArrayList<>();
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a"))) {
            while (Collections.frequency(asked, heard) < 4) {
                asked.add(server.next().what());
            }
            Facts.assertLines(agent.err(), "… agent: … 500 …");
        }
        assertThat(asked).containsOnlyOnce("POST " + ROOT + "connect");
    }

    @Test
    void aRefusedNodeDoesNotKeepOtherNodesFromRegistering() {
        for (int i = 0; i < 40; i++) {
            server.on("POST " + ROOT + "register", 422, """
                    {"status": 422, "detail": "not this one"}""");
        }
        known().on("POST " + ROOT + "connect", 200, connected("s1", 10)).stream(
                "GET " + ROOT + "stream?session=s1", VIEW, true);
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a", "--nodes", "41"))) {
            agent.await(printed -> printed.out().contains("is online"));
            assertThat(agent.err().lines()).hasSize(40).allMatch(line -> line.endsWith(": not this one"));
        }
    }

    @Test
    void anAgentRegistersAgainWhereTheServerFailed() {
        server.on("POST " + ROOT + "register", 500, "{}");
        known().on("POST " + ROOT + "connect", 200, connected("s1", 10)).stream(
                "GET " + ROOT + "stream?session=s1", VIEW, true);
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a"))) {
            agent.await(printed -> printed.out().contains("is online"));
            Facts.assertLines(agent.err(), "… agent: … 500 …");
        }
    }

    @Test
    void anAgentEndsWhenItsKeyIsNotTakenForItsStream() {
        known().on("POST " + ROOT + "connect", 200, connected("s1", 10))
                .on("GET " + ROOT + "stream?session=s1", 401, "{}");
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a"))) {
            assertThat(agent.code()).isEqualTo(2);
            assertThat(agent.err().lines()).anyMatch(line -> Facts.match(line, "… agent: … key …"));
        }
    }

    @Test
    void anAgentWaitsAsLongAsTheServerAsks() {
        server.on("POST " + ROOT + "register", 429, "{}");
        known().on("POST " + ROOT + "connect", 200, connected("s1", 10)).stream(
                "GET " + ROOT + "stream?session=s1", VIEW, true);
        try (Background agent = new Background(server.args("agent", "--user", "ada@", "--nodes", "3"))) {
            agent.await(printed -> printed.out().split("is online", -1).length == 4);
            assertThat(agent.out()).contains("agent-1 ", "agent-2 ", "agent-3 ");
        }
    }

    @Test
    void anAgentPutsEveryKindOfChangeIntoWords() {
        String change = """
                event: change
                data: {"self": {"primaryGained": ["10.0.0.0/8"], "primaryLost": ["10.1.0.0/16"]}, \
                "peers": [{"change": "gained", "peer": 9, "name": "porto"}], \
                "routes": [{"change": "moved", "prefix": "10.2.0.0/16", "from": 3, "to": 9, \
                "reason": "it died"}, \
                {"change": "gained", "prefix": "10.3.0.0/16", "to": 9, "reason": ""}, \
                {"change": "lost", "prefix": "10.4.0.0/16", "from": 3, "reason": "acls"}]}

                """;
        known().on("POST " + ROOT + "connect", 200, connected("s1", 10)).stream(
                "GET " + ROOT + "stream?session=s1", VIEW + change, true);
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a"))) {
            agent.await(printed -> printed.out().contains("10.4.0.0/16"));
            Facts.assertSomeLines(agent.out(), """
                    … agent now carries 10.0.0.0/8
                    … agent no longer carries 10.1.0.0/16
                    … agent gets 10.2.0.0/16 … porto … no longer … cloud: it died
                    … agent gets 10.3.0.0/16 … porto
                    … agent no longer gets 10.4.0.0/16: acls
                    """);
        }
    }

    private static String remarked(String code, String message) {
        return """
                {"node": {"id": 7}, "key": "wlk_own", "remarks": [{"code": "%s", "message": "%s"}]}\
                """.formatted(code, message);
    }

    @Test
    void eachRemarkOfTheServerIsPrintedOnceAsAWarning() {
        String reserved = "10.64.0.0/16 is ours\\u001b[31m";
        server
                .on("POST " + ROOT + "register", 201, remarked("shared-address", "3 has it, too"))
                .on("POST " + ROOT + "advertise", 200, remarked("reserved-prefix", reserved))
                .on("POST " + ROOT + "connect", 200, connected("s1", 10))
                .on("POST " + ROOT + "connect", 200, connected("s2", 10))
                .on("POST " + ROOT + "disconnect", 204, "")
                .stream("GET " + ROOT + "stream?session=s1", VIEW, false)
                .stream("GET " + ROOT + "stream?session=s2", VIEW, true);
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a", "--quiet", "-o", "json"))) {
            while (!server.next().what().endsWith("session=s2")) {
                // until it advertised twice
            }
            assertThat(agent.err().lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .containsSubsequence(" agent: warning: ", "3 has it, too", "[shared-address]"),
                            line -> assertThat(line)
                                    .containsSubsequence(" agent: warning: ", "10.64.0.0/16", "[reserved-prefix]")
                                    .doesNotContain("\u001b"));
            assertThat(agent.out()).isEmpty();
        }
    }

    @Test
    void anAgentEndsWhenItsNodeIsRemoved() {
        known().on("POST " + ROOT + "connect", 200, connected("s1", 10)).stream(
                "GET " + ROOT + "stream?session=s1", """
                        event: removed
                        data: {"node": 7}

                        """, true);
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a"))) {
            assertThat(agent.code()).isEqualTo(2);
            Facts.assertLines(agent.err(), """
                    … agent: … removed …
                    wayleave: … node … gone
                    """);
        }
    }

    @Test
    void anAgentEndsWhenTheServerWillNotHaveIt() {
        server.on("POST " + ROOT + "register", 422, """
                {"status": 422, "detail": "no user owns `tag:a`"}""");
        try (Background agent = new Background(server.args("agent", "--tag", "tag:a"))) {
            assertThat(agent.code()).isEqualTo(2);
            assertThat(agent.err()).contains("no user owns `tag:a`");
        }
    }

    @Test
    void aPrefixThatIsNoneIsRefusedBeforeANodeIsRegistered() {
        server.run("agent", "--tag", "tag:a", "--advertise", "10.0.0.1/8").assertRefused("`10.0.0.1/8` … `10.0.0.0/8`");
        assertThat(server.asked()).isEmpty();
    }
}
