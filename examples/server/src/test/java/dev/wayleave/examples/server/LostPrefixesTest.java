package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A prefix that had a primary stays in the document of the tailnet when no node offers it any more. */
class LostPrefixesTest {

    private static final String LAN = "10.20.0.0/16";
    private static final String ROUTES = """
            {"routes": ["%s"]}""".formatted(LAN);

    private final TestServer server = new TestServer();
    private TestServer.Agent berlin;

    @BeforeEach
    void oneRouter() {
        server.open();
        berlin = server.router("berlin", LAN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode lost() {
        return server.read("/tailnet").at("/lost");
    }

    private void revoke() {
        server.post("/nodes/" + berlin.id + "/revoke", ROUTES).expect(200);
    }

    @Test
    void aPrefixWhoseLastApprovalIsRevokedIsLost() {
        assertThat(lost().size()).isZero();

        revoke();

        assertThat(lost().at("/0/prefix").stringValue()).isEqualTo(LAN);
        assertThat(lost().at("/0/last").longValue()).isEqualTo(berlin.id);
        assertThat(lost().at("/0/reason").stringValue()).contains("berlin", "`key 1 (operator)`");
    }

    @Test
    void aPrefixWhoseOnlyNodeIsRemovedIsLost() {
        server.send("DELETE", TestServer.API + "/nodes/" + berlin.id, server.operator, "")
                .expect(204);

        assertThat(lost().at("/0/prefix").stringValue()).isEqualTo(LAN);
    }

    @Test
    void aPrefixThatServesAgainIsNotLost() {
        revoke();

        server.post("/nodes/" + berlin.id + "/approve", ROUTES).expect(200);

        assertThat(lost().size()).isZero();
    }

    @Test
    void anUnservedPrefixThatANodeStillOffersIsAmongTheRoutes() {
        server.time.advance(Duration.ofMinutes(2));

        assertThat(server.read("/tailnet").at("/routes/0/state").stringValue()).isEqualTo("unserved");
        assertThat(lost().size()).isZero();
        revoke();
        assertThat(lost().at("/0/prefix").stringValue()).isEqualTo(LAN);
    }

    @Test
    void aPrefixThatNeverServedIsNotLost() {
        TestServer.Agent other = server.router("other", "192.168.9.0/24");

        server.post("/nodes/" + other.id + "/revoke", """
                {"routes": ["192.168.9.0/24"]}""").expect(200);

        assertThat(lost().size()).isZero();
    }

    @Test
    void aPrefixIsLostForADay() {
        revoke();

        server.time.advance(Duration.ofHours(23));
        assertThat(lost().size()).isOne();
        server.time.advance(Duration.ofHours(2));
        assertThat(lost().size()).isZero();
    }
}
