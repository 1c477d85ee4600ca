package dev.wayleave.examples.server;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.web.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** HTTP as it is on the wire: requests that are none, that arrive in pieces, and that never end. */
class HttpTest {

    private static final int STREAMS = Boolean.getBoolean("wayleave.slow") ? 2_000 : 400;

    /** Jetty's, those that write streams, and the timer: far fewer than streams. */
    private static final int MOST_THREADS = 100;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(TestLimits.builder()
                .requests(1_000_000, 1_000_000)
                .streams(STREAMS, STREAMS)
                .build());
        server.demo.fillSample();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(server.demo.web().address());
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String answer(String request) throws IOException {
        try (Socket socket = connect()) {
            write(socket, request);
            return readAll(socket);
        }
    }

    private static JsonNode body(String answer) {
        return TestServer.JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    private static String key() {
        return "Host: localhost\r\nAuthorization: Bearer " + server.operator + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({
        "400, NO HTTP AT ALL",
        "505, GET /api/wayleave/v1/tailnet",
        "505, GET / HTTP/7.1",
        "431, GET / HTTP/1.1<nl>Host: localhost<nl>X-Long: <long>",
        "414, GET /<long> HTTP/1.1<nl>Host: localhost",
        "400, GET / HTTP/1.1<nl>Host: localhost<nl>Content-Length: many",
        "400, GET /api/wayleave/v1/nodes/%zz HTTP/1.1<nl>Host: localhost"
    })
    void aRequestThatTheLibraryRefusesIsRefusedAsEverythingElse(int status, String request) throws IOException {
        String answer = answer(request.replace("<nl>", "\r\n").replace("<long>", "x".repeat(20_000)) + "\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("Content-Type: application/problem+json", "X-Content-Type-Options: nosniff")
                .doesNotContainIgnoringCase("<html", "jetty", "javalin", "exception");
        assertThat(body(answer).at("/status").intValue()).isEqualTo(status);
        assertThat(body(answer).at("/problems").isArray()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v2/device/1/routes, 'message,status'",
        "/api/v1/node/1, 'title,status,detail'",
        "/api/wayleave/v1/nodes/1, 'title,status,detail,problems'"
    })
    void aRefusalOfTheLibraryHasTheShapeOfEachApi(String path, String fields) throws IOException {
        String chunked = " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n";
        String tooLong = " HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n";

        JsonNode noBody = body(answer("POST " + path + chunked));
        JsonNode noHeader = body(answer("GET " + path + tooLong));

        assertThat(noBody.at("/status").intValue()).isEqualTo(400);
        assertThat(noBody.propertyNames()).containsExactlyInAnyOrder(fields.split(","));
        assertThat(noHeader.at("/status").intValue()).isEqualTo(431);
        assertThat(noHeader.propertyNames()).containsExactlyInAnyOrder(fields.split(","));
    }

    @Test
    void anUnknownMethodIsOneThatThePathDoesNotKnow() throws IOException {
        assertThat(answer("BREW " + API + "/policy HTTP/1.1\r\nConnection: close\r\n" + key() + "\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("Allow: GET, PUT\r\n");
        assertThat(answer("BREW " + API + "/coffee HTTP/1.1\r\nConnection: close\r\n" + key() + "\r\n"))
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void anAnswerWithoutADocumentHasNoType() throws IOException {
        String answer = answer("DELETE " + API + "/nodes/11 HTTP/1.1\r\nConnection: close\r\n" + key() + "\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 204")
                .doesNotContain("\r\nContent-Type")
                .endsWith("\r\n\r\n");
    }

    @Test
    void aRequestForAnotherProtocolIsNotFound() throws IOException {
        String answer = answer("GET / HTTP/1.1\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + key() + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 404").contains("Content-Type: application/problem+json");
    }

    @Test
    void aRequestMayArriveByteByByte() throws IOException {
        String body = """
                {"routes": ["10.28.0.0/16"]}""";
        String request = "POST " + API + "/nodes/2/approve HTTP/1.1\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nContent-Length: " + body.length() + "\r\n" + key() + "\r\n" + body;
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            for (char c : request.toCharArray()) {
                write(socket, String.valueOf(c));
            }
            assertThat(readAll(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aBodyThatDoesNotSayHowLongItIsMayBeTooLong() throws IOException {
        String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        int chunks = Limits.BODY_BYTES / 0x10000 + 1;

        String answer = answer("POST " + API + "/policy/check HTTP/1.1\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nTransfer-Encoding: chunked\r\n" + key() + "\r\n"
                + chunk.repeat(chunks) + "0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413");
        assertThat(body(answer).at("/status").intValue()).isEqualTo(413);
    }

    @Test
    void aBodyThatIsAnnouncedFarTooLongIsRefusedAtOnce() throws IOException {
        String answer = answer("POST " + API + "/policy/check HTTP/1.1\r\nContent-Type: application/json\r\n"
                + "Content-Length: 50000000\r\n" + key() + "\r\n{");

        assertThat(answer).startsWith("HTTP/1.1 413").contains("Connection: close");
    }

    /** Sends a line whenever the server has sent nothing for a moment, until the connection is closed. */
    private static void dripUntilCut(Socket socket, String line) throws IOException {
        socket.setSoTimeout(200);
        while (true) {
            try {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException nothingYet) {
                write(socket, line);
            }
        }
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aHeaderThatNeverEndsIsCutOff() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n");
            try {
                dripUntilCut(socket, "X: y\r\n");
            } catch (IOException reset) {
                assertThat(reset).isNotInstanceOf(SocketTimeoutException.class);
            }
        }
        server.get("/healthz", "").expect(200);
    }

    @Test
    void manyStreamsShareAFewThreads() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < STREAMS; i++) {
                Socket socket = connect();
                sockets.add(socket);
                write(socket, "GET " + API + "/events/stream HTTP/1.1\r\n" + key() + "\r\n");
                assertThat(readUntil(socket.getInputStream(), "\r\n\r\n")).startsWith("HTTP/1.1 200");
            }
            assertThat(server.demo.web().streams()).isEqualTo(STREAMS);

            server.post("/nodes/1/drain", """
                    {"forced": true}""").expect(200);

            for (Socket socket : sockets) {
                assertThat(readUntil(socket.getInputStream(), "drain-started")).isNotEmpty();
            }
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("wayleave-"))
                            .count())
                    .isLessThan(MOST_THREADS);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static String readUntil(InputStream in, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }
}
