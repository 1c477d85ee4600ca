package dev.wayleave.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/** A server that writes the bytes of a test, also such as no good server writes. One request a connection. */
public final class RawServer implements AutoCloseable {

    private record Raw(byte[] bytes, boolean stays) {}

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Raw> answers = new ConcurrentHashMap<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    public RawServer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** A path with its query, or with its method before it, and what it gives as JSON. */
    public RawServer on(String path, String body) {
        return on(path, 200, body);
    }

    /** Answers with a policy, as Headscale does. */
    public RawServer policy(String text) {
        return on("/api/v1/policy", JsonMapper.shared().writeValueAsString(Map.of("policy", text)));
    }

    public RawServer on(String path, int status, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return raw(
                path,
                "HTTP/1.1 " + status + " Some\r\nConnection: close\r\n" + lines + "Content-Length: " + bytes.length
                        + "\r\n\r\n" + body,
                false);
    }

    /** The bytes of an answer, after which the connection is closed, or stays open in silence. */
    public RawServer raw(String path, String answer, boolean stays) {
        answers.put(path, new Raw(answer.getBytes(StandardCharsets.UTF_8), stays));
        return this;
    }

    /** All that was sent to it: one text a request. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                threads.execute(() -> answer(socket));
            }
        } catch (IOException closed) {
            // by close()
        }
    }

    private void answer(Socket socket) {
        try {
            String request = request(socket.getInputStream());
            asked.add(request);
            String[] words = request.split(" ", 3);
            Raw raw = answers.getOrDefault(words[0] + " " + words[1], answers.get(words[1]));
            OutputStream out = socket.getOutputStream();
            out.write(
                    raw == null
                            ? "HTTP/1.1 404 None\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
                                    .getBytes(StandardCharsets.UTF_8)
                            : raw.bytes());
            out.flush();
            if (raw == null || !raw.stays()) {
                socket.close();
            }
        } catch (IOException gone) {
            // the client gave up
        }
    }

    /** The request with a body of the length in its headers. */
    private static String request(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            text.append((char) next);
        }
        int length = text.toString()
                .lines()
                .filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : new ArrayDeque<>(open)) {
                socket.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            threads.shutdown();
        }
    }
}
