package dev.wayleave.examples.server.api;

import dev.wayleave.examples.server.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Writes the requests of a client to the socket as it does: with exactly its headers. */
final class ClientRequests {

    private final InetSocketAddress server;
    private final List<String> headers;

    /** With the headers that the client sends with each request. */
    ClientRequests(TestServer server, String... headers) {
        this.server = server.demo.web().address();
        this.headers = List.of(headers);
    }

    static String bearer(String key) {
        return "Authorization: Bearer " + key;
    }

    /** The key as the name, and no password. */
    static String basic(String key) {
        String pair = Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.ISO_8859_1));
        return "Authorization: Basic " + pair;
    }

    /** An answer, with its headers in lower case. */
    record Reply(int status, Map<String, String> headers, String text) {

        Reply expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError("expected " + wanted + ", but was " + status + ": " + text);
            }
            return this;
        }

        JsonNode json() {
            return TestServer.JSON.readTree(text);
        }
    }

    /** Sends a request without a body; {@code line} is method and target. */
    Reply send(String line, String... more) {
        return exchange(line, "", more);
    }

    /** Sends a request with a body. */
    Reply sendBody(String line, String body, String... more) {
        return exchange(line, body, more);
    }

    private Reply exchange(String line, String body, String... more) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(line + " HTTP/1.1\r\nHost: localhost:" + server.getPort() + "\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        List.of(more).forEach(header -> head.append(header).append("\r\n"));
        if (bytes.length > 0 || !line.startsWith("GET ")) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        // clients keep the connection; a test reads to its end
        head.append("Connection: close\r\n\r\n");
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(bytes);
            return reply(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply reply(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        String[] head = answer.substring(0, end).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (String line : List.of(head).subList(1, head.length)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Reply(Integer.parseInt(head[0].split(" ")[1]), headers, answer.substring(end + 4));
    }
}
