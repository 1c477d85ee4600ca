package dev.wayleave.examples.server;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.web.Limits;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/** Keys, scopes, limits, and requests that mean no good. */
class SecurityTest {

    private static final int FUZZED = 3_000;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(
                TestLimits.builder().requests(1_000_000, 1_000_000).build());
        server.demo.fillSample();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String raw(String request) throws Exception {
        try (Socket socket = socket()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static Socket socket() throws Exception {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), server.demo.web().address().getPort());
        socket.setSoTimeout(120_000);
        return socket;
    }

    @Test
    void onlyHashesOfKeysAreStored() throws Exception {
        try (Connection connection = server.database.getConnection();
                ResultSet rows = connection.createStatement().executeQuery("select * from demo_key where id = 1")) {
            rows.next();
            StringBuilder row = new StringBuilder();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                row.append(rows.getString(i)).append('|');
            }
            String secret = server.operator.substring("wlk_1_".length());
            assertThat(row.toString())
                    .contains("|operate|")
                    .doesNotContain(secret)
                    .doesNotContain("wlk_");
            assertThat(secret).hasSize(43);
        }
    }

    @Test
    void aKeyThatIsNotQuiteRightIsNoKey() {
        char last = server.operator.charAt(server.operator.length() - 1);
        for (String key : List.of(
                server.operator.substring(0, server.operator.length() - 1) + (last == 'A' ? 'B' : 'A'),
                server.operator.substring(0, server.operator.length() - 1),
                server.operator + "A",
                server.operator.replace("wlk_1_", "wlk_2_"),
                server.operator.replace("wlk_1_", "wlk_99_"),
                server.operator.replace("wlk_1_", "wlk_99999999999999999999_"),
                server.operator.replace("wlk_1_", "wlk_1"),
                "wlk_1_",
                "wlk_",
                "x".repeat(5_000))) {
            TestServer.Reply reply = server.get(API + "/self", key).expect(401);
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
        assertThat(server.send(server.request(API + "/self", "")
                                .header("Authorization", "Basic " + server.operator)
                                .build())
                        .status())
                .isEqualTo(401);
        assertThat(server.get(API + "/self?key=" + server.operator, "").status())
                .isEqualTo(401);
    }

    @Test
    void theLastKeyThatMayDoEverythingIsNotDeleted() {
        JsonNode other = server.post("/keys", """
                {"scope": "operate", "name": "second"}""").expect(201).json();
        server.send("DELETE", API + "/keys/" + other.at("/id"), server.operator, "")
                .expect(204);

        TestServer.Reply last = server.send("DELETE", API + "/keys/1", server.operator, "");

        assertThat(last.expect(409).json().at("/detail").stringValue()).contains("last one");
        server.get(API + "/keys", server.operator).expect(200);
    }

    @Test
    void aKeyThatReadsChangesNothing() {
        for (String path : List.of(
                "/nodes/1/approve",
                "/nodes/1/revoke",
                "/nodes/1/drain",
                "/nodes/1/undrain",
                "/nodes/1/health",
                "/keys",
                "/agent/register",
                "/agent/connect",
                "/sample/1/stop")) {
            assertThat(server.send("POST", API + path, server.reader, "{}").status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(server.send("PUT", API + "/policy", server.reader, "{}").status())
                .isEqualTo(403);
        assertThat(server.send("PUT", API + "/users", server.reader, "{}").status())
                .isEqualTo(403);
        assertThat(server.send("DELETE", API + "/nodes/1", server.reader, "").status())
                .isEqualTo(403);
        assertThat(server.send("DELETE", API + "/keys/1", server.reader, "").status())
                .isEqualTo(403);
        assertThat(server.get(API + "/keys", server.reader).status()).isEqualTo(403);
        assertThat(server.send("PUT", "/api/v1/policy", server.reader, "{}").status())
                .isEqualTo(403);
    }

    @Test
    void onlyThePageAndTheStateOfHealthNeedNoKey() {
        for (String path : List.of(
                API + "/tailnet",
                API + "/nodes",
                API + "/events",
                API + "/policy",
                API + "/explain",
                API + "/keys",
                API + "/self",
                API + "/agent/view",
                API + "/sample",
                "/api/v1/node",
                "/api/v1/user",
                "/api/v1/policy",
                "/api/v2/device/1/routes",
                "/metrics",
                API + "/tailnet/stream",
                API + "/events/stream",
                API + "/nodes/1/stream")) {
            assertThat(server.get(path, "").status()).as(path).isEqualTo(401);
        }
        assertThat(server.get("/healthz", "").expect(200).text()).isEqualTo("""
                {"status":"ok"}""");
        assertThat(server.get("/", "").status()).isEqualTo(200);
    }

    @Test
    void thePageMayLoadNothingFromElsewhere() {
        TestServer.Reply page = server.get("/", "").expect(200);
        assertThat(page.contentType()).isEqualToIgnoringWhitespace("text/html; charset=utf-8");
        assertThat(page.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(server.get("/page/page.js", "").expect(200).contentType()).startsWith("text/javascript");
        for (String path : List.of(
                "/page/",
                "/page/none.js",
                "/page/../Main.class",
                "/page/..%2fMain.class",
                "/page/%2e%2e/x.js",
                "/page/PageFiles.class")) {
            assertThat(server.get(path, "").status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void noPageOfAnotherOriginMayAsk() throws Exception {
        String answer = raw("OPTIONS " + API + "/tailnet HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
                + "Access-Control-Request-Method: GET\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 405").doesNotContainIgnoringCase("Access-Control");
        assertThat(server.send(server.request(API + "/tailnet", server.reader)
                                .header("Origin", "http://evil.example")
                                .build())
                        .response()
                        .headers()
                        .map())
                .doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void onlyTheMethodsThatAPathKnowsAreAnswered() {
        TestServer.Reply wrong =
                server.send("DELETE", API + "/policy", server.operator, "").expect(405);
        assertThat(wrong.header("Allow")).isEqualTo("GET, PUT");
        TestServer.Reply head =
                server.send("HEAD", API + "/tailnet", server.reader, "").expect(200);
        assertThat(head.text()).isEmpty();
        assertThat(server.send("HEAD", API + "/tailnet/stream", server.reader, "")
                        .status())
                .isEqualTo(405);
        assertThat(server.send("PATCH", API + "/nodes/1", server.operator, "{}").status())
                .isEqualTo(405);
        assertThat(server.get("/api/wayleave/v2/tailnet", server.reader).status())
                .isEqualTo(404);
    }

    @Test
    void bodiesAreJsonAndSaySo() {
        for (String type : List.of(
                "text/plain",
                "application/json; charset=latin1",
                "application/x-www-form-urlencoded",
                "application/jsonp")) {
            assertThat(server.send(server.request(API + "/nodes/1/approve", server.operator)
                                    .header("Content-Type", type)
                                    .POST(BodyPublishers.ofString("""
                                            {"routes": []}"""))
                                    .build())
                            .status())
                    .as(type)
                    .isEqualTo(415);
        }
        assertThat(server.send(server.request(API + "/nodes/1/undrain", server.operator)
                                .header("Content-Type", "application/json; charset=\"UTF-8\"")
                                .POST(BodyPublishers.ofString("{}"))
                                .build())
                        .status())
                .isEqualTo(200);
        for (String body : List.of("", "[]", "null", "1", "{", "{}{}", """
                {"routes": [], "routes": []}""", "{'routes': []}", "[".repeat(10_000))) {
            assertThat(server.post("/nodes/1/approve", body).status()).as(body).isEqualTo(400);
        }
    }

    @Test
    void aBodyThatIsTooLongIsRefused() {
        int most = Limits.BODY_BYTES;
        for (int length : List.of(most, 2 * most - 15)) {
            assertThat(server.post("/policy/check", """
                    {"policy": "%s"}""".formatted(" ".repeat(length)))
                            .status())
                    .isEqualTo(413);
        }
        assertThat(server.get(API + "/events?node=" + "1".repeat(3_000), server.reader)
                        .status())
                .isEqualTo(431);
        assertThat(server.send(server.request(API + "/tailnet", server.reader)
                                .header("X-Long", "x".repeat(9_000))
                                .build())
                        .status())
                .isEqualTo(431);
    }

    @Test
    void anErrorThatNeedsNoBodyReachesAClientThatStillWritesIt() throws Exception {
        String key = "Authorization: Bearer " + server.operator + "\r\n";
        String json = "Content-Type: application/json\r\n";
        Map<String, String> errors = Map.of(
                "POST " + API + "/policy/check HTTP/1.1\r\n" + json, "401",
                "POST " + API + "/agent/connect HTTP/1.1\r\n" + key + json, "403",
                "POST " + API + "/none HTTP/1.1\r\n" + key + json, "404",
                "POST " + API + "/policy HTTP/1.1\r\n" + key + json, "405",
                "POST " + API + "/policy/check HTTP/1.1\r\n" + key, "415",
                "POST " + API + "/policy/check HTTP/1.1\r\n" + key + json, "413",
                "POST " + API + "/" + "x".repeat(3_000) + " HTTP/1.1\r\n" + key + json, "431");
        for (Map.Entry<String, String> error : errors.entrySet()) {
            String request =
                    error.getKey() + "Host: localhost\r\nContent-Length: 3000000\r\n\r\n" + " ".repeat(3_000_000);
            String next = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

            String answers = raw(request + next);

            assertThat(answers)
                    .as(error.getKey())
                    .startsWith("HTTP/1.1 " + error.getValue())
                    .contains("HTTP/1.1 200")
                    .endsWith("""
                            {"status":"ok"}""");
        }
    }

    @Test
    void nothingIsMarkupWhateverANodeIsCalled() {
        TestServer.Agent agent = server.router("<img src=x onerror=alert(1)>");

        TestServer.Reply reply =
                server.get(API + "/nodes/" + agent.id, server.reader).expect(200);

        assertThat(reply.contentType()).isEqualTo("application/json");
        assertThat(reply.json().at("/name").stringValue()).isEqualTo("<img src=x onerror=alert(1)>");
        assertThat(server.get(API + "/%3Cscript%3E", server.reader).expect(404).contentType())
                .isEqualTo("application/problem+json");
    }

    @Test
    void fuzzedTargetsAreAnsweredWithAnErrorAndNoStackTrace() throws Exception {
        Random random = new Random(7);
        List<String> seeds = List.of(
                API + "/nodes/1/view",
                API + "/events?limit=10&node=1",
                API + "/explain?node=1&prefix=10.0.0.0/8",
                "/api/v1/node/1",
                "/api/v1/user?id=1",
                "/api/v2/device/1/routes",
                "/page/page.js",
                API + "/keys/1");
        String alphabet = "/?&=%.:;+-_~!*'()[]{}|\\^`\"<>#@$, \0\t01aZ/..%2f%00%ff%c0é";
        for (int i = 0; i < FUZZED; i++) {
            StringBuilder target = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                int at = 1 + random.nextInt(target.length());
                target.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String answer = raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + server.reader + "\r\nConnection: close\r\n\r\n");
            // a seed may stay right by accident; nothing may be the server's fault
            assertThat(answer)
                    .as(target.toString())
                    .matches("(?s)HTTP/1.1 (200|4..|501) .*|")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void fuzzedRequestsLeaveTheServerWell() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            try (Socket socket = socket()) {
                OutputStream out = socket.getOutputStream();
                if (random.nextBoolean()) {
                    out.write(
                            "POST /api/wayleave/v1/nodes/1/approve HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1));
                }
                out.write(noise);
                out.write("\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                assertThat(answer).matches("(?s)HTTP/1.1 4.. .*|").doesNotContain("\tat ");
            } catch (java.net.SocketException e) {
                // cut off: an answer too
            }
        }
        server.get(API + "/tailnet", server.reader).expect(200);
    }

    @Test
    @EnabledIfSystemProperty(named = "wayleave.slow", matches = "true", disabledReason = "it sends slowly")
    void clientsThatSendSlowlyDoNotBlockOtherClients() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = socket();
                slow.add(socket);
                socket.getOutputStream()
                        .write(("POST " + API
                                        + "/nodes/1/approve HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
                                        + (i % 2 == 0
                                                ? "Authorization: Bearer " + server.operator
                                                        + "\r\nContent-Type: application/json\r\n\r\n{"
                                                : "X-Half: "))
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            for (int i = 0; i < 50; i++) {
                server.get(API + "/nodes/1", server.reader).expect(200);
            }
            InputStream given = slow.get(0).getInputStream();
            // and after a while they are given up
            byte[] answer = given.readAllBytes();
            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("200 OK");
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }
}
