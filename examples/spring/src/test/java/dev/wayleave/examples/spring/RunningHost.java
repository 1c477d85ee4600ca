package dev.wayleave.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The host on a free port, with its database in a directory. */
final class RunningHost implements AutoCloseable {

    final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();

    RunningHost(Path directory) {
        context = SpringApplication.run(
                SpringHost.class,
                "--server.port=0",
                "--logging.level.root=error",
                "--spring.datasource.url=jdbc:h2:file:" + directory.resolve("host") + ";write_delay=0");
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .build(),
                BodyHandlers.ofString());
    }

    /** The body of an answer that must be 200. */
    String ask(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send(method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    void register(int id, String tag) throws IOException, InterruptedException {
        ask("PUT", "/nodes/" + id, """
                {"name": "node-%1$d", "tags": ["%2$s"], "address": "100.64.0.%1$d", "serialNumber": "S%1$d"}\
                """.formatted(id, tag));
    }

    /** Registers a router, lets it advertise a prefix, and approves it. */
    void router(int id, String prefix) throws IOException, InterruptedException {
        register(id, "tag:router");
        ask("PUT", "/nodes/" + id + "/advertised", """
                ["%s"]""".formatted(prefix));
        ask("PUT", "/nodes/" + id + "/approved", """
                ["%s"]""".formatted(prefix));
    }

    String view(int id) throws IOException, InterruptedException {
        return ask("GET", "/nodes/" + id + "/view", "");
    }

    @Override
    public void close() {
        context.close();
    }
}
