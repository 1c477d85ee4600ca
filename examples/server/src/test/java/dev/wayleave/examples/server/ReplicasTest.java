package dev.wayleave.examples.server;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.storage.RouteController;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/** Two servers on one database: what each shows of the other, and what becomes of one that is gone. */
class ReplicasTest {

    private static final String LAN = "10.20.0.0/16";

    private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private ReplicaServer one;
    private ReplicaServer two;
    private String operator;

    @BeforeEach
    void start() throws Exception {
        one = new ReplicaServer(database, "one");
        operator = one.begun();
        two = new ReplicaServer(database, "two", Duration.ofHours(1));
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    /** A node with a session of one server. */
    private final class Agent {

        private final ReplicaServer server;
        private final long id;
        private final String key;
        private final String session;

        Agent(ReplicaServer server, String name) throws Exception {
            this.server = server;
            JsonNode registered = server.post("/agent/register", operator, """
                    {"name": "%s", "hostKey": "%s", "tags": ["tag:router"]}""".formatted(name, name));
            id = registered.at("/node/id").longValue();
            key = registered.at("/key").stringValue();
            session = server.post("/agent/connect", key, "{}").at("/session").stringValue();
            server.post("/agent/advertise", key, """
                    {"routes": ["%s"]}""".formatted(LAN));
        }

        StreamReader stream() throws Exception {
            return new StreamReader(server.url(API + "/agent/stream?session=" + session), key);
        }
    }

    private static <T> T eventually(Callable<T> look, T wanted) throws Exception {
        Instant end = Instant.now().plusSeconds(60);
        T seen = look.call();
        while (!wanted.equals(seen) && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(20_000_000);
            seen = look.call();
        }
        assertThat(seen).isEqualTo(wanted);
        return seen;
    }

    private String liveness(ReplicaServer server, long node) throws Exception {
        return server.get("/nodes/" + node, operator).at("/liveness").stringValue("");
    }

    private long primary(ReplicaServer server) throws Exception {
        return server.get("/tailnet", operator).at("/routes/0/primary").longValue(0);
    }

    /** The ids and texts of all events, in the order of a stream, until one text has come. */
    /** The numbers, kinds and texts of events up to the first of a kind whose text has these facts. */
    private List<String> eventsUpTo(StreamReader stream, String kind, String... facts) throws Exception {
        List<String> events = new ArrayList<>();
        JsonNode event;
        do {
            event = stream.next("event").json();
            events.add(event.at("/id").stringValue() + " " + event.at("/kind").stringValue() + " "
                    + event.at("/text").stringValue());
        } while (!event.at("/kind").stringValue().equals(kind)
                || !Stream.of(facts).allMatch(event.at("/text").stringValue()::contains));
        return events;
    }

    private StreamReader events(ReplicaServer server, String after) throws Exception {
        return new StreamReader(server.url(API + "/events/stream?after=" + after), operator);
    }

    @Test
    void theNodesOfTheSampleRunInTheServerThatMadeIt() throws Exception {
        for (ReplicaServer server : List.of(one, two)) {
            server.demo.fillSample();
            server.demo.startSample();
        }

        assertThat(one.get("/sample", operator).at("/agents").size()).isPositive();
        assertThat(two.get("/sample", operator).at("/agents").size()).isZero();
    }

    @Test
    void aRouterOfOneServerIsOnlineAtTheOtherAndItsStandbyServesAfterAClose() throws Exception {
        Agent berlin = new Agent(one, "berlin");
        Agent backup = new Agent(two, "backup");
        eventually(() -> liveness(two, berlin.id), "online");
        eventually(() -> liveness(one, backup.id), "online");
        assertThat(primary(two)).isEqualTo(berlin.id);

        two.post("/nodes/" + berlin.id + "/approve", operator, """
                {"routes": ["192.168.9.0/24"]}""");
        eventually(
                () -> one.get("/nodes/" + berlin.id, operator)
                        .at("/routes")
                        .toString()
                        .contains("192.168.9.0/24"),
                true);

        try (StreamReader stream = events(two, "0")) {
            one.close();
            assertThat(String.join("\n", eventsUpTo(stream, "primary-moved", LAN, "from berlin to backup")))
                    .containsPattern("node-in-grace .*berlin");
        }
        eventually(() -> primary(two), backup.id);
    }

    @Test
    void aStreamThatGoesOnAtTheOtherServerMissesNothingAndGetsNothingTwice() throws Exception {
        Agent berlin = new Agent(one, "berlin");
        eventually(() -> liveness(two, berlin.id), "online");
        List<String> before;
        try (StreamReader stream = events(one, "0")) {
            before = eventsUpTo(stream, "primary-elected", LAN, "berlin");
        }
        String last = before.get(before.size() - 1).split(" ")[0];
        one.post("/nodes/" + berlin.id + "/approve", operator, """
                {"routes": ["192.168.9.0/24"]}""");

        try (StreamReader elsewhere = events(two, last);
                StreamReader whole = events(one, "0")) {
            two.post("/nodes/" + berlin.id + "/approve", operator, """
                    {"routes": ["192.168.10.0/24"]}""");

            List<String> after = eventsUpTo(elsewhere, "route-approved", "192.168.10.0/24", "berlin");
            assertThat(after.get(0)).contains("192.168.9.0/24");
            before.addAll(after);
            assertThat(eventsUpTo(whole, "route-approved", "192.168.10.0/24", "berlin"))
                    .isEqualTo(before);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "wayleave.slow", matches = "true", disabledReason = "it waits for a lease")
    void aServerThatStoodStillIsFencedEndsItsStreamsAndComesBack() throws Exception {
        Agent berlin = new Agent(one, "berlin");
        Agent backup = new Agent(two, "backup");
        eventually(() -> liveness(two, berlin.id), "online");
        try (StreamReader agent = berlin.stream();
                StreamReader events = events(one, "0")) {
            agent.next("view");

            CountDownLatch thaw = one.freeze();
            eventually(one::health, 503);
            assertThat(one.get("/tailnet", operator).at("/replica/status").stringValue())
                    .isEqualTo("stale");
            eventually(() -> primary(two), backup.id);
            thaw.countDown();

            agent.next("end");
            eventually(one::health, 200);
            assertThat(one.get("/tailnet", operator).at("/replica/status").stringValue())
                    .isEqualTo("live");
            List<String> seen = eventsUpTo(events, "primary-moved", LAN, "from berlin to backup");
            assertThat(seen).doesNotHaveDuplicates();
        }
        eventually(() -> primary(one), backup.id);
    }

    @Test
    @EnabledIfSystemProperty(named = "wayleave.slow", matches = "true", disabledReason = "it waits for a lease")
    void aServerWithoutItsDatabaseIsStaleUntilItIsBack() throws Exception {
        assertThat(one.health()).isEqualTo(200);
        one.cut(true);
        two.cut(true);

        eventually(() -> one.get("/tailnet", operator).at("/replica/status").stringValue(), "stale");
        assertThat(one.health()).isEqualTo(503);
        one.cut(false);
        two.cut(false);

        eventually(one::health, 200);
    }

    /** As after a failover of the database that lost the newest revision. */
    private void changeHistory() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("update wayleave_commit_log set commit_token = 'another'");
            statement.execute("update wayleave_tailnet set commit_token = 'another'");
            connection.commit();
        }
    }

    @Test
    void aServerWhoseHistoryChangedComesBackAndItsSessionsEnd() throws Exception {
        Agent berlin = new Agent(one, "berlin");
        eventually(() -> liveness(two, berlin.id), "online");

        changeHistory();
        for (ReplicaServer server : List.of(one, two)) {
            RouteController controller = server.demo.plane().controllers().get(0);
            var unused = controller.refresh();
        }

        eventually(() -> liveness(two, berlin.id), "offline");
        eventually(() -> liveness(one, berlin.id), "offline");
        eventually(one::health, 200);
        Agent backup = new Agent(one, "backup");
        eventually(() -> primary(two), backup.id);
    }

    @Test
    void theEventsOfATailnetThatWasMadeAgainAreShownInPlaceOfTheFormerOnes() throws Exception {
        Agent berlin = new Agent(one, "berlin");
        eventually(() -> liveness(two, berlin.id), "online");
        try (StreamReader stream = events(two, "0")) {
            eventsUpTo(stream, "primary-elected", LAN, "berlin");
            RouteController ofOne = one.demo.plane().controllers().get(0);
            RouteController ofTwo = two.demo.plane().controllers().get(0);
            try (HikariDataSource pool = Main.pool(database)) {
                Main.store(pool).delete(ControlPlane.TAILNET);
            }
            for (RouteController former : List.of(ofOne, ofTwo)) {
                var unused = former.refresh();
            }
            eventually(() -> one.demo.plane().controllers().contains(ofOne), false);
            eventually(() -> two.demo.plane().controllers().contains(ofTwo), false);
            eventually(one::health, 200);

            one.begun();
            new Agent(one, "backup");

            assertThat(stream.next("history").json().at("/after").stringValue()).isEqualTo("0.0");
            List<String> seen = eventsUpTo(stream, "primary-elected", LAN, "backup");
            assertThat(seen).noneMatch(event -> event.contains("berlin"));
            assertThat(two.get("/events", operator).toString()).doesNotContain("berlin");
        }
    }

    @Test
    void aClockThatIsAnHourWrongIsNotShown() throws Exception {
        Agent berlin = new Agent(two, "berlin");

        Instant shown = Instant.parse(two.get("/tailnet", operator).at("/time").stringValue());
        JsonNode node = two.get("/nodes/" + berlin.id, operator);

        assertThat(Duration.between(Instant.now(), shown).abs()).isLessThan(Duration.ofMinutes(5));
        assertThat(node.at("/silentAt").isNull()).isTrue();
        assertThat(Instant.parse(node.at("/registeredAt").stringValue()))
                .isBefore(Instant.now().plusSeconds(300));
    }

    @Test
    void aKeyOfOneServerIsKnownToTheOtherUntilItIsDeleted() throws Exception {
        JsonNode made = one.post("/keys", operator, """
                {"scope": "read", "name": "spare"}""");
        String key = made.at("/key").stringValue();

        eventually(() -> two.get("/self", key).at("/name").stringValue(""), "spare");
        assertThat(two.demo.keys().delete(made.at("/id").longValue())).isTrue();
        eventually(() -> one.get("/self", key).at("/status").intValue(0), 401);
    }
}
