package dev.wayleave.examples.server;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused for a header, whatever they ask for. */
class RefusedRequestsTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.withSample();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String answer(String line, byte[] body, String... headers) throws Exception {
        String head = line + " HTTP/1.1\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n"
                + String.join("\r\n", headers) + "\r\n\r\n";
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), server.demo.web().address().getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String undrain(byte[] body, String... more) throws Exception {
        String headers = String.join("\r\n", more);
        return answer(
                "POST " + API + "/nodes/1/undrain",
                body,
                "Host: localhost",
                "Authorization: Bearer " + server.operator,
                "Content-Type: application/json" + (headers.isEmpty() ? "" : "\r\n" + headers));
    }

    @ParameterizedTest
    @ValueSource(strings = {API + "/self", "/api/v1/node", "/api/v2/device/1", "/healthz", "/none"})
    void twoKeysAreRefused(String path) throws Exception {
        String key = "Authorization: Bearer " + server.operator;

        assertThat(answer("GET " + path, new byte[0], "Host: localhost", key, key))
                .startsWith("HTTP/1.1 400")
                .contains("several `Authorization` headers");
    }

    /** The value, the cause, and what to do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /explain?node=1&prefix=10.20.0.1/16 | `prefix`: `10.20.0.1/16` is not a prefix: bits are set after the \
            prefix length; write `10.20.0.0/16`
            /events?prefix=10.20.0.0            | `prefix`: `10.20.0.0` is not a prefix: the length is missing\
            ; write `10.20.0.0/32`
            /nodes/x                            | `node` is `x`: give a whole number from 1
            /nodes/0/view                       | `node` is `0`: give a whole number from 1
            /explain?viewer=-1&prefix=::/0      | `viewer` is `-1`: give a whole number from 1
            /events?node=99999999999999999999   | `node` is `99999999999999999999`: give a whole number from 1
            /events?limit=5000                  | `limit` is `5000`: give a whole number from 1 to 1000
            /events?before=yesterday            | `before` is `yesterday`: give the `id` of an event, such as `42.0`
            """)
    void aMistakeInATargetIsNamedWithItsCause(String path, String detail) {
        String answered = server.get(API + path, server.operator)
                .expect(400)
                .json()
                .at("/detail")
                .stringValue();

        assertThat(answered).isEqualTo(detail);
    }

    @Test
    void aTimeThatCannotBeReadIsNamed() {
        assertThat(server.post("/nodes/1/drain", "{\"until\": \"noon\"}")
                        .expect(400)
                        .json()
                        .at("/detail")
                        .stringValue())
                .contains("`until`", "`noon`", "`2026-11-25T19:00:00Z`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "identity, gzip"})
    void aCompressedBodyIsRefused(String coding) throws Exception {
        assertThat(undrain("{}".getBytes(StandardCharsets.UTF_8), "Content-Encoding: " + coding))
                .startsWith("HTTP/1.1 415")
                .contains("Accept-Encoding: identity");
    }

    @Test
    void aBodyThatSaysThatItIsNotCompressedIsTaken() throws Exception {
        assertThat(undrain("{}".getBytes(StandardCharsets.UTF_8), "Content-Encoding: identity"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
    void aBodyInAnotherEncodingIsRefusedThoughItSaysNothing(String encoding) throws Exception {
        assertThat(undrain("{}".getBytes(Charset.forName(encoding)))).startsWith("HTTP/1.1 400");
    }

    @Test
    void aBodyThatIsNoTextIsRefused() throws Exception {
        assertThat(undrain("""
                {"é": 1}""".getBytes(StandardCharsets.ISO_8859_1)))
                .startsWith("HTTP/1.1 400")
                .contains("not in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/healthz", API + "/tailnet", "/api/v1/node", "/page/page.js"})
    void aNameThatOnlyResolvesToThisMachineIsNotAnswered(String path) throws Exception {
        assertThat(answer(
                        "GET " + path,
                        new byte[0],
                        "Host: evil.example:8080",
                        "Authorization: Bearer " + server.reader))
                .startsWith("HTTP/1.1 421");
    }
}
