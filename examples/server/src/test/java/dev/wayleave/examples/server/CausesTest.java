package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each change of a primary has its cause. */
class CausesTest {

    private static final String LAN = "10.20.0.0/16";

    private final TestServer server = new TestServer();
    private TestServer.Agent berlin;
    private TestServer.Agent backup;

    @BeforeEach
    void twoRouters() {
        server.open();
        berlin = server.router("berlin", LAN);
        backup = server.router("backup", LAN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            server.time.advance(Duration.ofSeconds(1));
            if (i % 10 == 9) {
                backup.keepAlive().expect(204);
            }
        }
    }

    private JsonNode last(String kind) {
        JsonNode found = null;
        for (JsonNode event :
                server.read("/events?limit=1000&holders=true&prefix=" + LAN).at("/events")) {
            found = event.at("/kind").stringValue().equals(kind) ? event : found;
        }
        return Objects.requireNonNull(found, kind);
    }

    private String cause(String kind) {
        return last(kind).at("/cause").stringValue();
    }

    @Test
    void aSilentRouterIsNamedWithWhenItWasHeardAndHowLongItWasWaited() {
        String heard = server.read("/nodes/" + berlin.id).at("/lastHeard").stringValue();

        pass(40);

        assertThat(cause("primary-moved"))
                .startsWith("berlin ")
                .containsSubsequence(
                        "heard at " + heard,
                        "silent for 25 s",
                        "grace of 15 s",
                        last("primary-moved").at("/time").stringValue());
        assertThat(last("primary-moved").at("/reason").stringValue()).contains("backup");
    }

    @Test
    void aRouterWhoseSessionEndedIsNamedWithItsGrace() {
        berlin.post("disconnect", """
                {"session": "%s"}""".formatted(berlin.session)).expect(204);
        String ended = last("node-in-grace").at("/time").stringValue();

        pass(15);

        assertThat(cause("primary-moved"))
                .containsSubsequence("session of berlin", "ended at " + ended, "grace of 15 s")
                .doesNotContain("heard");
    }

    @Test
    void aDrainIsNamedWithWhoAskedForIt() {
        server.post("/nodes/" + berlin.id + "/drain", "{}").expect(200);

        assertThat(cause("primary-moved")).containsSubsequence("berlin", "drain", "by `key 1 (operator)`");
    }

    @Test
    void aReportOfBadHealthIsNamedWithWhoReportedIt() {
        server.post("/nodes/" + berlin.id + "/health", """
                {"health": "unhealthy"}""").expect(200);

        assertThat(cause("primary-moved")).startsWith("berlin ").endsWith("by `key 1 (operator)`");
    }

    /** The actor is compared as data: the name of a node may look like one. */
    @Test
    void anActorIsNamedOnceAndNeverForgotten() {
        server.post("/nodes/" + berlin.id + "/revoke", """
                {"routes": ["%s"]}""".formatted(LAN)).expect(200);

        assertThat(cause("primary-moved")).containsOnlyOnce("key 1 (operator)");
        assertThat(last("route-denied").at("/actorNamed").booleanValue()).isTrue();
        assertThat(last("route-revoked").at("/actorNamed").booleanValue()).isTrue();
        assertThat(last("primary-moved").at("/actorNamed").booleanValue()).isFalse();
    }

    @Test
    void aRevokedApprovalIsNamedWithWhoTookItAway() {
        server.post("/nodes/" + berlin.id + "/revoke", """
                {"routes": ["%s"]}""".formatted(LAN)).expect(200);

        assertThat(cause("primary-moved")).contains(LAN, "berlin", "`key 1 (operator)`");
    }

    @Test
    void aRemovedNodeIsNamed() {
        server.send("DELETE", TestServer.API + "/nodes/" + berlin.id, server.operator, "")
                .expect(204);

        assertThat(cause("primary-moved")).contains("berlin", "`key 1 (operator)`");
    }

    @Test
    void theLastRouterThatFailsIsTheCauseOfAnUnservedPrefix() {
        pass(40);
        server.time.advance(Duration.ofSeconds(60));

        assertThat(cause("prefix-unserved")).startsWith("backup ").contains("heard at ");
    }

    @Test
    void anEventThatIsNoElectionHasNoCause() {
        assertThat(last("route-approved").at("/cause").isNull()).isTrue();
    }

    @Test
    void eventsOfItsNodesBelongToTheHistoryOfAPrefix() {
        TestServer.Agent other = server.router("other", "10.30.0.0/16");
        pass(40);

        String history =
                server.read("/events?holders=true&prefix=" + LAN).at("/events").toString();

        assertThat(history)
                .contains("""
                        "node-in-grace","actor":null,"actorNamed":false,"node":%s""".formatted(berlin.id))
                .contains("""
                        "node-offline","actor":null,"actorNamed":false,"node":%s""".formatted(berlin.id))
                .doesNotContain("""
                        "node":%s,""".formatted(other.id));
    }

    @Test
    void theLastElectionIsFoundHoweverOftenANodeFlaps() {
        server.post("/nodes/" + berlin.id + "/drain", "{}").expect(200);
        for (int i = 0; i < 10; i++) {
            berlin.post("disconnect", """
                    {"session": "%s"}""".formatted(berlin.session)).expect(204);
            berlin.connect();
        }

        String about = "/events?limit=8&holders=true&prefix=" + LAN;
        assertThat(server.read(about).at("/events").toString()).doesNotContain("primary-moved");
        JsonNode elections =
                server.read(about + "&kinds=primary-moved,prefix-unserved").at("/events");
        assertThat(elections.size()).isEqualTo(1);
        assertThat(elections.at("/0/cause").stringValue()).containsSubsequence("berlin", "drain");
    }
}
