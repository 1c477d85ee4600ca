package dev.wayleave.examples.server;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.examples.server.sample.Sample;
import dev.wayleave.examples.server.web.Limits;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests in a second, streams, and readers who do not read. */
class LimitsTest {

    private static final int AGENTS = Boolean.getBoolean("wayleave.slow") ? 300 : 60;

    @Test
    void aKeyThatAsksTooOftenHasToWait() {
        try (TestServer server =
                new TestServer(TestLimits.builder().requests(1, 5).build())) {
            int refused = 0;
            for (int i = 0; i < 60; i++) {
                TestServer.Reply reply = server.get(API + "/self", server.reader);
                if (reply.status() == 429) {
                    refused++;
                    assertThat(reply.header("Retry-After")).isEqualTo("1");
                }
            }
            assertThat(refused).isGreaterThan(20);
            server.get(API + "/self", server.operator).expect(200);
        }
    }

    @Test
    void aCallerWithoutAKeyIsCountedByAddress() {
        try (TestServer server =
                new TestServer(TestLimits.builder().requests(1, 5).build())) {
            int refused = 0;
            for (int i = 0; i < 60; i++) {
                if (server.get(API + "/self", "wlk_1_" + i).status() == 429) {
                    refused++;
                }
            }
            assertThat(refused).isGreaterThan(20);
            server.get(API + "/self", server.operator).expect(200);
        }
    }

    @Test
    void streamsAreCountedForEachKeyAndInAll() throws Exception {
        try (TestServer server =
                        new TestServer(TestLimits.builder().streams(2, 3).build());
                StreamReader first = new StreamReader(server, API + "/events/stream", server.reader);
                StreamReader second = new StreamReader(server, API + "/events/stream", server.reader)) {
            TestServer.Reply third =
                    server.get(API + "/events/stream", server.reader).expect(429);
            assertThat(third.header("Retry-After")).isEqualTo("10");
            assertThat(third.json().at("/detail").stringValue()).containsSubsequence("2 for a key", "3 in all");
            try (StreamReader other = new StreamReader(server, API + "/events/stream", server.operator)) {
                assertThat(server.get(API + "/events/stream", server.operator).status())
                        .isEqualTo(429);
                assertThat(other.response.statusCode()).isEqualTo(200);
            }
            assertThat(List.of(first.response.statusCode(), second.response.statusCode()))
                    .containsOnly(200);
        }
    }

    @Test
    void manyAgentsLeaveRoomForThePage() throws Exception {
        List<StreamReader> streams = new ArrayList<>();
        try (TestServer server = new TestServer()) {
            server.open();
            for (int i = 0; i < AGENTS; i++) {
                TestServer.Agent agent = server.router("node-" + i);
                streams.add(new StreamReader(server, API + "/agent/stream?session=" + agent.session, agent.key));
            }
            for (StreamReader stream : streams) {
                assertThat(stream.response.statusCode()).isEqualTo(200);
            }
            try (StreamReader page = new StreamReader(server, API + "/tailnet/stream", server.operator)) {
                assertThat(page.next("tailnet").json().at("/nodes").size()).isEqualTo(AGENTS);
            }
            assertThat(server.demo.web().streams()).isBetween(AGENTS, AGENTS + 1);
        }
    }

    @Test
    void theStreamsOfAgentsAreCountedApart() throws Exception {
        try (TestServer server = new TestServer(
                TestLimits.builder().streams(8, 1).agentStreams(1).build())) {
            server.open();
            TestServer.Agent porto = server.router("porto");
            TestServer.Agent faro = server.router("faro");
            try (StreamReader agent = new StreamReader(server, API + "/agent/stream", porto.key);
                    StreamReader page = new StreamReader(server, API + "/tailnet/stream", server.operator)) {
                assertThat(List.of(agent.response.statusCode(), page.response.statusCode()))
                        .containsOnly(200);
                assertThat(server.get(API + "/agent/stream", faro.key)
                                .expect(429)
                                .json()
                                .at("/detail")
                                .stringValue())
                        .contains("1 for all agents");
                server.get(API + "/events/stream", server.reader).expect(429);
            }
        }
    }

    @Test
    void aStreamWithoutMessagesShowsThatItLives() throws Exception {
        try (TestServer server = new TestServer(
                        TestLimits.builder().heartbeat(Duration.ofMillis(20)).build());
                StreamReader stream = new StreamReader(server, API + "/events/stream", server.reader)) {
            stream.next("comment");
            stream.next("comment");
            assertThat(stream.response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        }
    }

    /** Opens a stream with a small window, and reads nothing of it. */
    private static Socket deaf(TestServer server, String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout(120_000);
        socket.connect(server.demo.web().address());
        socket.getOutputStream()
                .write(("GET " + API + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + server.reader
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }

    private static void untilNoStreamIsOpen(TestServer server) throws InterruptedException {
        CountDownLatch none = new CountDownLatch(1);
        Thread watcher = new Thread(() -> {
            while (server.demo.web().streams() > 0) {
                Thread.onSpinWait();
            }
            none.countDown();
        });
        watcher.setDaemon(true);
        watcher.start();
        assertThat(none.await(2, TimeUnit.MINUTES)).isTrue();
    }

    /** Makes the tailnet's document long, so that few of them fill what the kernel takes. */
    private static void fill(TestServer server) {
        List<Command> commands = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            NodeId node = new NodeId(i);
            commands.add(new Command.RegisterNode(Node.builder(node, "x".repeat(150), Owner.tags("tag:router"))
                    .hostKey("node-" + i)
                    .build()));
            List<Prefix> prefixes = new ArrayList<>();
            for (int j = 0; j < 100; j++) {
                prefixes.add(Prefix.parse("10." + i + "." + j + ".0/24"));
            }
            commands.add(new Command.AdvertiseRoutes(node, prefixes));
        }
        var unused = server.plane.submit(Sample.ACTOR, commands.toArray(Command[]::new));
    }

    @Test
    void aReaderWhoLetsMessagesPileUpIsCutOff() throws Exception {
        Limits limits = TestLimits.builder()
                .streamQueue(3)
                .newestOnly(Duration.ofMillis(1))
                .build();
        try (TestServer server = new TestServer(limits)) {
            fill(server);
            try (Socket deaf = deaf(server, "/tailnet/stream")) {
                for (int i = 0; i < 2_000 && server.demo.web().streams() > 0; i++) {
                    server.post("/nodes/1/health", """
                            {"health": "%s"}""".formatted(i % 2 == 0 ? "unhealthy" : "healthy"));
                }
                assertThat(deaf.isConnected()).isTrue();
                untilNoStreamIsOpen(server);
            }
        }
    }

    @Test
    void aReaderWhoTakesNothingForTooLongIsCutOff() throws Exception {
        Limits limits = TestLimits.builder()
                .streamWrite(Duration.ofSeconds(1))
                .newestOnly(Duration.ofMillis(1))
                .heartbeat(Duration.ofMillis(50))
                .build();
        try (TestServer server = new TestServer(limits)) {
            fill(server);
            try (Socket deaf = deaf(server, "/tailnet/stream")) {
                // enough to fill what the kernel takes, and far too little for the queue
                for (int i = 0; i < 200 && server.demo.web().streams() > 0; i++) {
                    server.post("/nodes/1/health", """
                            {"health": "%s"}""".formatted(i % 2 == 0 ? "unhealthy" : "healthy"));
                }
                assertThat(deaf.isConnected()).isTrue();
                untilNoStreamIsOpen(server);
            }
        }
    }

    @Test
    @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aCallerWhoAsksForDocumentsAndReadsNoneIsCutOff() throws Exception {
        Limits limits = TestLimits.builder()
                .streamWrite(Duration.ofSeconds(1))
                .requests(100_000, 100_000)
                .build();
        try (TestServer server = new TestServer(limits);
                Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(4_096);
            deaf.setSoTimeout(120_000);
            deaf.connect(server.demo.web().address());
            byte[] request =
                    "GET /page/page.css HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

            // each is answered in turn, until nothing more goes into the socket and the server gives up
            assertThatThrownBy(() -> {
                        while (true) {
                            deaf.getOutputStream().write(request);
                        }
                    })
                    .isInstanceOf(IOException.class);
            server.get("/healthz", "").expect(200);
        }
    }

    @Test
    void theServerListensOnTheGivenAddress() {
        try (TestServer server = new TestServer()) {
            InetAddress address = server.demo.web().address().getAddress();
            assertThat(address.isLoopbackAddress()).isTrue();
        }
    }
}
