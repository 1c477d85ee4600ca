package dev.wayleave.examples.server;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.sample.Sample;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A router dies in one way or another, and its standby serves: shown in the stream of a viewer and in the log. */
class FailoverTest {

    private static final String LAN = "10.20.0.0/16";

    private final TestServer server =
            new TestServer(TestLimits.builder().heartbeat(Duration.ofHours(1)).build());
    private TestServer.Agent berlin;
    private TestServer.Agent backup;
    private TestServer.Agent viewer;

    @BeforeEach
    void twoRouters() {
        server.open();
        berlin = server.router("berlin", LAN);
        backup = server.router("backup", LAN);
        viewer = server.router("viewer");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Time passes while some say that they are there. */
    private void pass(int seconds, TestServer.Agent... alive) {
        for (int i = 0; i < seconds; i++) {
            server.time.advance(Duration.ofSeconds(1));
            if (i % 10 == 9) {
                for (TestServer.Agent agent : alive) {
                    agent.keepAlive().expect(204);
                }
            }
        }
    }

    private List<String> kinds() {
        List<String> kinds = new ArrayList<>();
        for (JsonNode event : server.read("/events?limit=1000").at("/events")) {
            String node = event.at("/nodeName").isNull()
                    ? ""
                    : " " + event.at("/nodeName").stringValue();
            kinds.add(event.at("/kind").stringValue() + node);
        }
        return kinds;
    }

    @Test
    void agentsThatKeepTheirSessionsStayOnline() {
        pass(120, berlin, backup, viewer);

        assertThat(server.primary(LAN)).isEqualTo(Optional.of(berlin.id));
        assertThat(kinds()).noneMatch(kind -> kind.startsWith("node-in-grace"));
    }

    @Test
    void aRouterThatIsNotHeardAnyMoreCountsDownUntilItIsHeard() throws Exception {
        try (StreamReader page = new StreamReader(server, API + "/tailnet/stream", server.reader)) {
            page.next("tailnet");
            Instant heard = Instant.parse(
                    server.read("/nodes/" + berlin.id).at("/lastHeard").stringValue());
            pass(12, backup, viewer);
            assertThat(server.read("/nodes/" + berlin.id).at("/silentAt").isNull())
                    .isTrue();

            pass(1);

            JsonNode shown = page.next("tailnet").json().at("/nodes/0");
            assertThat(shown.at("/silentAt").stringValue())
                    .isEqualTo(heard.plusSeconds(25).toString());
            assertThat(shown.at("/liveness").stringValue()).isEqualTo("online");
            berlin.keepAlive().expect(204);
            assertThat(page.next("tailnet").json().at("/nodes/0/silentAt").isNull())
                    .isTrue();
        }
    }

    @Test
    void aFrozenRouterIsReplacedWithinSilenceLimitAndGrace() throws Exception {
        try (StreamReader stream = new StreamReader(server, API + "/agent/stream", viewer.key)) {
            assertThat(stream.next("view").json().at("/peers/0/routes/0").stringValue())
                    .isEqualTo(LAN);

            pass(39, backup, viewer);
            assertThat(server.primary(LAN)).isEqualTo(Optional.of(berlin.id));
            pass(1, backup, viewer);
            assertThat(server.primary(LAN)).isEqualTo(Optional.of(backup.id));

            JsonNode change = stream.next("change").json();
            assertThat(change.at("/routes/0/change").stringValue()).isEqualTo("moved");
            assertThat(change.at("/routes/0/from").longValue()).isEqualTo(berlin.id);
            assertThat(change.at("/routes/0/to").longValue()).isEqualTo(backup.id);
            assertThat(change.at("/routes/0/reason").stringValue()).contains("backup");
        }
        assertThat(kinds()).endsWith("node-in-grace berlin", "node-offline berlin", "primary-moved backup");
    }

    @Test
    void aRouterThatEndsItsSessionIsReplacedAfterItsGrace() {
        berlin.post("disconnect", """
                {"session": "%s"}""".formatted(berlin.session)).expect(204);

        pass(14, backup, viewer);
        assertThat(server.primary(LAN)).isEqualTo(Optional.of(berlin.id));
        pass(1, backup, viewer);
        assertThat(server.primary(LAN)).isEqualTo(Optional.of(backup.id));
    }

    @Test
    void aRouterWhoseConnectionEndsIsInItsGraceAtOnce() throws Exception {
        try (StreamReader log = new StreamReader(server, API + "/events/stream", server.reader)) {
            StreamReader connection =
                    new StreamReader(server, API + "/agent/stream?session=" + berlin.session, berlin.key);
            connection.next("view").json();

            // nothing is written to the stream that could fail
            connection.close();

            JsonNode grace = log.next("event").json();
            while (!grace.at("/kind").stringValue().equals("node-in-grace")) {
                grace = log.next("event").json();
            }
            assertThat(grace.at("/node").longValue()).isEqualTo(berlin.id);
            assertThat(grace.at("/reason").stringValue()).contains("session", "ended");
        }
        pass(15, backup, viewer);
        assertThat(server.primary(LAN)).isEqualTo(Optional.of(backup.id));
    }

    @Test
    void theStreamOfASilentSessionIsCutWhenItsNodeIsOffline() throws Exception {
        try (StreamReader connection =
                new StreamReader(server, API + "/agent/stream?session=" + berlin.session, berlin.key)) {
            connection.next("view").json();

            pass(40, backup, viewer);

            connection.next("end");
        }
    }

    @Test
    void theStreamOfASessionIsCutWhenItsNodeHasAnother() throws Exception {
        try (StreamReader connection =
                new StreamReader(server, API + "/agent/stream?session=" + berlin.session, berlin.key)) {
            connection.next("view").json();

            berlin.connect();

            connection.next("end");
        }
        assertThat(server.read("/nodes/" + berlin.id).at("/liveness").stringValue())
                .isEqualTo("online");
    }

    @Test
    void theStreamOfTheOlderKeyOfANodeEnds() throws Exception {
        try (StreamReader connection = new StreamReader(server, API + "/agent/stream", berlin.key)) {
            connection.next("view").json();

            server.post("/agent/register", """
                    {"name": "berlin", "hostKey": "berlin", "tags": ["tag:router"]}""").expect(200);

            connection.next("end");
        }
        assertThat(server.get(API + "/agent/view", berlin.key).status()).isEqualTo(401);
    }

    @Test
    void anOlderSessionNoLongerCounts() {
        String old = berlin.session;
        berlin.connect();

        assertThat(berlin.post("keep-alive", """
                {"session": "%s"}""".formatted(old))
                        .expect(409)
                        .json()
                        .at("/detail")
                        .stringValue())
                .contains("connect again");
        berlin.post("disconnect", """
                {"session": "%s"}""".formatted(old)).expect(204);
        assertThat(server.read("/nodes/" + berlin.id).at("/liveness").stringValue())
                .isEqualTo("online");
        assertThat(server.get(API + "/agent/stream?session=" + old, berlin.key).status())
                .isEqualTo(409);
    }

    @Test
    void underKeepLastTheLastPrimaryIsKeptInName() {
        var unused = server.plane.submit(
                Sample.ACTOR, new Command.SetSettings(ControlPlane.withShortSilenceLimit(RoutingSettings.TAILSCALE)));

        pass(80, viewer);

        JsonNode tailnet = server.read("/tailnet");
        assertThat(tailnet.at("/routes/0/state").stringValue()).isEqualTo("kept");
        long last = tailnet.at("/routes/0/primary").longValue();
        assertThat(server.read("/nodes/" + last).at("/routes/0/state").stringValue())
                .isEqualTo("kept");
        assertThat(kinds()).last().asString().startsWith("primary-kept ");
    }

    @Test
    void aDrainedRouterThatIsGoneIsShownAsGone() {
        server.post("/nodes/" + berlin.id + "/drain", "{}").expect(200);
        assertThat(server.read("/nodes/" + berlin.id).at("/routes/0/state").stringValue())
                .isEqualTo("draining");

        pass(40, backup, viewer);

        assertThat(server.read("/nodes/" + berlin.id).at("/routes/0/state").stringValue())
                .isEqualTo("offline");
    }

    @Test
    void aRouterThatComesBackDoesNotSteal() {
        pass(40, backup, viewer);
        berlin.connect();
        pass(30, berlin, backup, viewer);

        assertThat(server.primary(LAN)).isEqualTo(Optional.of(backup.id));
        JsonNode why = server.read("/explain?node=" + berlin.id + "&prefix=" + LAN);
        assertThat(why.at("/serving").booleanValue()).isFalse();
        assertThat(why.at("/holders/0/text").stringValue()).startsWith("online; standby: backup");
        assertThat(why.at("/text").stringValue()).contains("standby");
    }

    @Test
    void anUnhealthyRouterHandsOverAtOnce() {
        berlin.post("health", """
                {"session": "%s", "health": "unhealthy", "prefix": null}""".formatted(berlin.session)).expect(204);

        assertThat(server.primary(LAN)).isEqualTo(Optional.of(backup.id));
        assertThat(server.read("/nodes/" + berlin.id).at("/health").stringValue())
                .isEqualTo("unhealthy");
        server.post("/nodes/" + berlin.id + "/health", """
                {"health": "healthy"}""").expect(200);
        assertThat(server.read("/nodes/" + berlin.id).at("/health").stringValue())
                .isEqualTo("healthy");
    }

    @Test
    void aStreamReportsThatItsNodeIsRemoved() throws Exception {
        try (StreamReader stream = new StreamReader(server, API + "/nodes/" + viewer.id + "/stream", server.reader)) {
            stream.next("view").json();

            server.send("DELETE", API + "/nodes/" + viewer.id, server.operator, "")
                    .expect(204);

            assertThat(stream.next("removed").json().at("/node").longValue()).isEqualTo(viewer.id);
            stream.next("end");
        }
        assertThat(viewer.keepAlive().status()).isEqualTo(401);
    }
}
