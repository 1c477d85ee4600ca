package dev.wayleave.examples.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Reads a {@code text/event-stream} as it comes, on a thread of its own. */
public final class StreamReader implements AutoCloseable {

    private static final int LONGEST_SECONDS = 120;

    final HttpResponse<InputStream> response;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    /** One message; event {@code comment} for a comment, and {@code end} for the end of the stream. */
    public record Message(String event, String id, String data) {
        public JsonNode json() {
            return TestServer.JSON.readTree(data);
        }
    }

    public StreamReader(TestServer server, String path, String key) throws IOException, InterruptedException {
        this(server, path, key, "");
    }

    public StreamReader(TestServer server, String path, String key, String lastEventId)
            throws IOException, InterruptedException {
        this(server.client.send(request(server, path, key, lastEventId), BodyHandlers.ofInputStream()));
    }

    /** For a server of another kind. */
    StreamReader(String url, String key) throws IOException, InterruptedException {
        this(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("Authorization", "Bearer " + key)
                                .build(),
                        BodyHandlers.ofInputStream()));
    }

    private StreamReader(HttpResponse<InputStream> response) {
        this.response = response;
        Thread thread = new Thread(this::read, "stream-reader");
        thread.setDaemon(true);
        thread.start();
    }

    private static HttpRequest request(TestServer server, String path, String key, String lastEventId) {
        HttpRequest.Builder request = server.request(path, key);
        return lastEventId.isEmpty()
                ? request.build()
                : request.header("Last-Event-ID", lastEventId).build();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String event = "";
            String id = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    event = "comment";
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty()) {
                    messages.add(new Message(event, id, data));
                    event = "";
                    id = "";
                    data = "";
                }
            }
        } catch (IOException e) {
            // ended in the middle
        }
        messages.add(new Message("end", "", ""));
    }

    /** The next message of a kind; those of other kinds are passed over, the end is not. */
    public Message next(String event) throws InterruptedException {
        while (true) {
            Message message = messages.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no `" + event + "` came");
            }
            if (message.event().equals(event)) {
                return message;
            }
            if (message.event().equals("end")) {
                throw new AssertionError("the stream ended before a `" + event + "` came");
            }
        }
    }

    /** The next message of a kind, however long it takes. */
    Message nextOrWait(String event) throws InterruptedException {
        while (true) {
            Message message = messages.take();
            if (message.event().equals(event)) {
                return message;
            }
            if (message.event().equals("end")) {
                throw new InterruptedException("the stream ended");
            }
        }
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
