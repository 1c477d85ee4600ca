package dev.wayleave.examples.server;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.web.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Several clients ask at once: none is refused for that, and no request is lost. */
class AtOnceTest {

    private static final int ROUNDS = 60;

    /** Until it has failed, on a machine that does much else. */
    private static final int LONGEST_MINUTES = 3;

    private static final Limits NO_HURRY =
            TestLimits.builder().requests(100_000, 100_000).build();

    @TempDir
    private Path folder;

    /** What one of them does in a round. */
    private interface Deed {
        void inRound(int round) throws Exception;
    }

    /** All begin each round together. */
    private static void atOnce(Deed... deeds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(deeds.length);
        try {
            CyclicBarrier begin = new CyclicBarrier(deeds.length);
            List<Future<?>> all = new ArrayList<>();
            for (Deed deed : deeds) {
                all.add(threads.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        begin.await(LONGEST_MINUTES, TimeUnit.MINUTES);
                        deed.inRound(round);
                    }
                    return null;
                }));
            }
            for (Future<?> done : all) {
                assertThat(done).succeedsWithin(LONGEST_MINUTES, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aRegistrationOrANewKeyWaitsForOtherWritersOnSqlite() throws Exception {
        try (TestServer server = TestServer.onSqlite(NO_HURRY, folder)) {
            server.open();
            TestServer.Agent porto = server.router("porto");
            TestServer.Agent faro = server.router("faro");
            atOnce(
                    round -> server.post("/keys", """
                            {"scope": "read", "name": "reader"}""").expect(201),
                    round -> server.router("node-" + round, "10.1." + round + ".0/24"),
                    round -> server.post("/nodes/" + porto.id + "/approve", """
                            {"routes": ["192.168.%s.0/24"]}""".formatted(round))
                            .expect(200),
                    round -> server.post("/nodes/" + faro.id + "/approve", """
                            {"routes": ["192.168.%s.0/24"]}""".formatted(round))
                            .expect(200));
            assertThat(server.read("/nodes").at("/nodes").size()).isEqualTo(ROUNDS + 2);
        }
    }

    @Test
    void aRouteRevokedWhileAnotherIsApprovedStaysRevoked() throws Exception {
        try (TestServer server = new TestServer(NO_HURRY)) {
            server.open();
            TestServer.Agent porto = server.router("porto", "192.168.200.0/24");
            String node = "/nodes/" + porto.id;
            for (int round = 0; round < ROUNDS; round++) {
                server.post(node + "/approve", """
                        {"routes": ["172.16.%s.0/24"]}""".formatted(round)).expect(200);
            }
            atOnce(
                    round ->
                            server.post(node + "/approve", """
                                    {"routes": ["192.168.%s.0/24"]}""".formatted(round)).expect(200),
                    round -> server.post(node + "/revoke", """
                            {"routes": ["172.16.%s.0/24"]}""".formatted(round)).expect(200));
            List<String> approved = new ArrayList<>();
            for (JsonNode route : server.read(node).at("/routes")) {
                if (route.at("/approved").booleanValue()) {
                    approved.add(route.at("/prefix").stringValue());
                }
            }
            assertThat(approved).hasSize(ROUNDS).allMatch(prefix -> prefix.startsWith("192.168."));
        }
    }

    @Test
    void aRouteThatThePolicyApprovesDuringAnApprovalIsNotDenied() throws Exception {
        try (TestServer server = new TestServer(NO_HURRY)) {
            server.open();
            TestServer.Agent porto = server.router("porto");
            String node = "/nodes/" + porto.id;
            List<String> routes = new ArrayList<>();
            atOnce(round -> server.post(node + "/approve", """
                    {"routes": ["192.168.%s.0/24"]}""".formatted(round)).expect(200), round -> {
                routes.add("10.1." + round + ".0/24");
                porto.advertise(routes.toArray(String[]::new));
            });
            List<String> denied = new ArrayList<>();
            for (JsonNode route : server.read(node).at("/routes")) {
                if (!route.at("/approved").booleanValue()) {
                    denied.add(route.at("/prefix").stringValue());
                }
            }
            assertThat(denied).isEmpty();
            assertThat(server.get(API + node, server.reader)
                            .json()
                            .at("/routes")
                            .size())
                    .isEqualTo(2 * ROUNDS);
        }
    }
}
