package dev.wayleave.examples.server;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The server from the command line: it starts, stops, and has everything when it is started again. */
class MainTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    /** A server that runs, and what it printed. */
    private final class Running implements AutoCloseable {

        private final CountDownLatch stop = new CountDownLatch(1);
        private final StringWriter printed = new StringWriter();
        private final CompletableFuture<Integer> code;
        private String page = "";

        Running(String... more) throws Exception {
            LinkedBlockingQueue<String> ready = new LinkedBlockingQueue<>();
            PrintWriter out = new PrintWriter(printed) {
                @Override
                public void flush() {
                    super.flush();
                    ready.add(printed.toString());
                }
            };
            List<String> args = new ArrayList<>(List.of(more));
            if (!args.contains("--listen")) {
                args.addAll(List.of("--listen", "127.0.0.1:0"));
            }
            if (!args.contains("--database")) {
                args.addAll(List.of("--database", "jdbc:sqlite:" + folder.resolve("demo.db")));
            }
            code = CompletableFuture.supplyAsync(
                    () -> Main.run(stop, out, new PrintWriter(printed), args.toArray(String[]::new)));
            String text = ready.poll(2, TimeUnit.MINUTES);
            Matcher address = Pattern.compile("page  (http://127.0.0.1:\\d+/)").matcher(text == null ? "" : text);
            assertThat(address.find()).as(printed.toString()).isTrue();
            page = address.group(1);
        }

        String key() {
            Matcher key = Pattern.compile("key   (wlk_\\S+)").matcher(printed.toString());
            assertThat(key.find()).as(printed.toString()).isTrue();
            return key.group(1);
        }

        JsonNode ask(String method, String path, String key, String body) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(page.substring(0, page.length() - 1) + API + path))
                    .header("Authorization", "Bearer " + key)
                    .header("Content-Type", "application/json")
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                    .build();
            return TestServer.JSON.readTree(
                    client.send(request, BodyHandlers.ofString()).body());
        }

        @Override
        public void close() {
            stop.countDown();
            assertThat(code).succeedsWithin(2, TimeUnit.MINUTES).isEqualTo(0);
        }
    }

    @Test
    void startedAgainItHasEverything() throws Exception {
        String key;
        JsonNode policy;
        JsonNode node;
        try (Running first = new Running()) {
            key = first.key();
            assertThat(first.printed.toString()).contains("#key=" + key).contains("Ctrl-C stops it");
            first.ask("POST", "/nodes/2/approve", key, """
                    {"routes": ["10.28.0.0/16"]}""");
            policy = first.ask("GET", "/policy", key, "");
            node = first.ask("GET", "/nodes/2", key, "");
        }
        try (Running second = new Running()) {
            assertThat(second.printed.toString()).contains("first start").doesNotContain("wlk_");
            assertThat(second.ask("GET", "/policy", key, "")).isEqualTo(policy);
            JsonNode again = second.ask("GET", "/nodes/2", key, "");
            assertThat(again.at("/routes/1/approved").booleanValue()).isTrue();
            assertThat(again.at("/addresses")).isEqualTo(node.at("/addresses"));
            assertThat(second.ask("GET", "/nodes", key, "").at("/nodes").size()).isEqualTo(11);
            JsonNode history = second.ask("GET", "/events?node=2&prefix=10.28.0.0/16", key, "")
                    .at("/events");
            assertThat(history.toString()).contains("""
                    "kind":"route-approved"
                    "actor":"key 1 (operator)"
                    "nodeName":"berlin-b"
                    """.lines().toList());
        }
        try (Running third = new Running("--new-key")) {
            assertThat(third.key()).startsWith("wlk_2_");
            assertThat(third.ask("GET", "/self", key, "").at("/name").stringValue())
                    .isEqualTo("operator");
        }
    }

    @Test
    void aNewTailnetHasTheOverlayThatTheCommandLineNamesAndKeepsIt() throws Exception {
        String key;
        try (Running first = new Running("--overlay", "10.77.0.0/16,fd00:77::/64")) {
            key = first.key();
            JsonNode registered = first.ask("POST", "/agent/register", key, """
                    {"name": "rome", "hostKey": "rome", "tags": ["tag:router"]}""");
            JsonNode node = first.ask("GET", "/nodes/" + registered.at("/node/id"), key, "");
            assertThat(node.at("/addresses").toString()).isEqualTo("""
                    ["10.77.0.12","fd00:77::c"]""");
        }
        try (Running second = new Running("--overlay", "10.78.0.0/16")) {
            JsonNode tailnet = second.ask("GET", "/tailnet", key, "");
            assertThat(tailnet.at("/settings/overlay").toString()).isEqualTo("""
                    ["10.77.0.0/16","fd00:77::/64"]""");
            assertThat(tailnet.at("/nodes/0/addresses").toString()).isEqualTo("""
                    ["10.77.0.1","fd00:77::1"]""");
        }
        assertThat(start("--overlay", "10.77.0.1/16")).contains("10.77.0.1/16");
    }

    @Test
    void primariesStayOverARestart() throws Exception {
        String key;
        try (Running first = new Running()) {
            key = first.key();
            first.ask("POST", "/nodes/1/drain", key, "{}");
            first.ask("POST", "/nodes/1/undrain", key, "{}");
            assertThat(first.ask("GET", "/tailnet", key, "")
                            .at("/routes/0/primary")
                            .longValue())
                    .isEqualTo(2);
        }
        try (Running second = new Running()) {
            assertThat(second.ask("GET", "/tailnet", key, "")
                            .at("/routes/0/primary")
                            .longValue())
                    .isEqualTo(2);
        }
    }

    @Test
    void aServerTakesTheTailnetOverFromAnotherIfTheOptionSaysSo() throws Exception {
        try (Running first = new Running()) {
            String key = first.key();
            try (Running second = new Running("--listen", "localhost:0", "--take-over")) {
                second.ask("POST", "/nodes/2/approve", key, """
                        {"routes": ["10.28.0.0/16"]}""");
                first.ask("POST", "/nodes/2/approve", key, """
                        {"routes": []}""");

                assertThat(second.ask("GET", "/nodes/2", key, "").at("/routes").toString())
                        .contains("10.28.0.0/16");
            }
        }
    }

    @Test
    void serversThatAreReplicasShareTheTailnetAndItsSample() throws Exception {
        try (Running first = new Running("--replica", "one");
                Running second = new Running("--replica", "two", "--clock-offset", "PT1H")) {
            String key = first.key();

            second.ask("POST", "/nodes/2/approve", key, """
                    {"routes": ["10.28.0.0/16"]}""");

            JsonNode tailnet = second.ask("GET", "/tailnet", key, "");
            assertThat(tailnet.at("/nodes").size()).isEqualTo(11);
            assertThat(tailnet.at("/nodes/0/liveness").stringValue()).isEqualTo("online");
            assertThat(first.ask("POST", "/nodes/2/revoke", key, """
                    {"routes": ["10.28.0.0/16"]}""")
                            .at("/routes")
                            .toString())
                    .contains("denied");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "wayleave.slow", matches = "true", disabledReason = "it waits for a lease")
    void aSecondServerIsRefusedWithTheOwnerAndSinceWhen() throws Exception {
        try (Running first = new Running()) {
            assertThat(first.key()).isNotEmpty();
            String database = "jdbc:sqlite:" + folder.resolve("demo.db");
            assertThat(start("--database", database, "--listen", "localhost:0"))
                    .contains("127.0.0.1:0`")
                    .contains("since");
        }
    }

    @Test
    void anEventReadsTheSameAfterARestart() throws Exception {
        String key;
        Map<String, String> wordsByEvent = new HashMap<>();
        try (Running first = new Running()) {
            key = first.key();
            first.ask("POST", "/nodes/2/approve", key, """
                    {"routes": ["10.28.0.0/16"]}""");
            first.ask("POST", "/nodes/2/revoke", key, """
                    {"routes": ["10.28.0.0/16"]}""");
            first.ask("POST", "/nodes/5/drain", key, "{}");
            // a command is answered before the log has its events
            while (wordsByEvent.keySet().stream().noneMatch(event -> event.contains("primary-moved"))) {
                for (JsonNode event :
                        first.ask("GET", "/events?limit=1000", key, "").at("/events")) {
                    wordsByEvent.put(which(event), words(event));
                }
            }
        }
        Set<String> kinds = new TreeSet<>();
        try (Running second = new Running()) {
            for (JsonNode event :
                    second.ask("GET", "/events?limit=1000", key, "").at("/events")) {
                assertThat(words(event)).doesNotContain("[").doesNotContain("Optional");
                if (wordsByEvent.containsKey(which(event))) {
                    assertThat(words(event)).isEqualTo(wordsByEvent.get(which(event)));
                    kinds.add(event.at("/kind").stringValue());
                }
            }
        }
        assertThat(kinds)
                .contains(
                        "route-approved",
                        "approval-pending",
                        "route-denied",
                        "route-revoked",
                        "primary-elected",
                        "primary-moved",
                        "prefix-unserved");
    }

    private static String which(JsonNode event) {
        return event.at("/revision") + " " + event.at("/kind") + " " + event.at("/node") + " " + event.at("/prefix");
    }

    private static String words(JsonNode event) {
        return event.at("/text").stringValue() + ": " + event.at("/reason").stringValue();
    }

    @Test
    void aNewTailnetHasTheRulesOfItsPreset() throws Exception {
        try (Running server = new Running("--preset", "tailscale")) {
            JsonNode settings = server.ask("GET", "/tailnet", server.key(), "").at("/settings");
            assertThat(settings.at("/offlineRule").stringValue()).isEqualTo("KEEP_LAST");
            assertThat(settings.at("/silenceLimitSeconds").intValue()).isEqualTo(25);
        }
        assertThat(start("--preset", "mine")).contains("`mine`", "preset");
    }

    @Test
    void anotherDatabaseTakesOneFlag() throws Exception {
        String[] h2 = {"--database", "jdbc:h2:file:" + folder.resolve("demo")};
        String key;
        try (Running first = new Running(h2)) {
            key = first.key();
            first.ask("POST", "/nodes/2/approve", key, """
                    {"routes": ["10.28.0.0/16"]}""");
        }
        try (Running second = new Running(h2)) {
            JsonNode node = second.ask("GET", "/nodes/2", key, "");
            assertThat(node.at("/routes/1/approved").booleanValue()).isTrue();
            JsonNode events =
                    second.ask("GET", "/events?prefix=10.28.0.0/16", key, "").at("/events");
            assertThat(events.size()).isPositive();
            assertThat(Instant.parse(events.at("/0/time").stringValue())).isBefore(Instant.now());
        }
    }

    @Test
    void anOperatorWhoListensBeyondThisMachineIsWarned() throws Exception {
        assertThat(Main.warning(InetAddress.getByName("127.0.0.1"))).isEmpty();
        assertThat(Main.warning(InetAddress.getByName("::1"))).isEmpty();
        assertThat(Main.warning(InetAddress.getByName("0.0.0.0")))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("WARNING: ")
                        .contains("0.0.0.0")
                        .contains("unencrypted"));
    }

    @Test
    void theCauseOfAFailedStartIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(start("--listen", "127.0.0.1:" + taken.getLocalPort())).contains("cannot listen on");
        }
        assertThat(start("--listen", "nowhere")).contains("`nowhere`", "address");
        assertThat(start("--listen", "127.0.0.1:99999")).contains("99999", "address");
        assertThat(start("--database", "jdbc:none:x")).contains("database", "`jdbc:none:x`");
    }

    private String start(String... more) {
        StringWriter printed = new StringWriter();
        List<String> args = new ArrayList<>(List.of(more));
        if (!args.contains("--database")) {
            args.addAll(List.of("--database", "jdbc:sqlite:" + folder.resolve("other.db")));
        }
        int code = Main.run(
                new CountDownLatch(0), new PrintWriter(printed), new PrintWriter(printed), args.toArray(String[]::new));
        assertThat(code).as(printed.toString()).isPositive();
        return printed.toString();
    }

    @Test
    void theWiringIsOneReadableFile() throws Exception {
        Path wiring = Path.of("src/main/java/dev/wayleave/examples/server/DemoServer.java");
        assertThat(Files.readAllLines(wiring)).hasSizeLessThanOrEqualTo(300);
    }
}
