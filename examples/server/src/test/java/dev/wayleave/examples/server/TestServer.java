package dev.wayleave.examples.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Limits;
import dev.wayleave.examples.server.web.WebAddress;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on a free port of this machine whose time passes only when a test moves it, and a client for it. */
public final class TestServer implements AutoCloseable {

    public static final String API = "/api/wayleave/v1";
    public static final JsonMapper JSON = JsonMapper.shared();
    private final ScheduledExecutorService scheduler;

    private static final Duration LONGEST = Duration.ofMinutes(2);

    public final ManualTime time = new ManualTime();
    public final HikariDataSource database;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    public final DemoServer demo;
    public final ControlPlane plane;
    public final String operator;
    public final String reader;

    TestServer(Limits limits) {
        this.database = Main.pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        this.scheduler = time;
        this.demo = demo(new InMemoryRoutingStore(), time, time::steadyNanos, limits);
        plane = demo.plane();
        operator = demo.keys().create(Scope.OPERATE, "operator").key();
        reader = demo.keys().create(Scope.READ, "reader").key();
    }

    public TestServer() {
        this(Limits.DEFAULT);
    }

    private TestServer(Limits limits, Path folder) {
        this.database = Main.pool("jdbc:sqlite:" + folder.resolve("wayleave.db"));
        this.scheduler = Executors.newSingleThreadScheduledExecutor();
        this.demo = demo(Main.store(database), InstantSource.system(), System::nanoTime, limits);
        plane = demo.plane();
        operator = demo.keys().create(Scope.OPERATE, "operator").key();
        reader = demo.keys().create(Scope.READ, "reader").key();
    }

    /** With a database in a file, and the time of the machine. */
    static TestServer onSqlite(Limits limits, Path folder) {
        return new TestServer(limits, folder);
    }

    private DemoServer demo(RoutingStore store, InstantSource clock, LongSupplier steadyNanos, Limits limits) {
        WebAddress address =
                new WebAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Set.of("tailnet.example"));
        try {
            return new DemoServer(new DemoServer.Parts(
                    store,
                    database,
                    scheduler,
                    clock,
                    steadyNanos,
                    address,
                    ControlPlane.SETTINGS,
                    limits,
                    Membership.ALONE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With the sample's nodes, which no agent keeps alive. */
    public static TestServer withSample() {
        TestServer server = new TestServer();
        server.demo.fillSample();
        return server;
    }

    /** An answer that was read. */
    public record Reply(int status, String contentType, String text, HttpResponse<String> response) {

        public JsonNode json() {
            return JSON.readTree(text);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public Reply expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError("expected " + wanted + ", but was " + status + ": " + text);
            }
            return this;
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + demo.web().address().getPort() + path);
    }

    HttpRequest.Builder request(String path, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(LONGEST);
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    Reply send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            String type = response.headers().firstValue("Content-Type").orElse("");
            return new Reply(response.statusCode(), type, response.body(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads when everything that was handed in is done: a receipt comes before listeners are called. */
    public Reply get(String path, String key) {
        time.settle();
        return send(request(path, key).build());
    }

    /** As one who may read. */
    public JsonNode read(String path) {
        return get(API + path, reader).expect(200).json();
    }

    public Reply send(String method, String path, String key, String body) {
        return send(request(path, key)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build());
    }

    /** Asks, as one who may read, when everything that was handed in is done. */
    public Reply ask(String path, String body) {
        time.settle();
        return send("POST", API + path, reader, body);
    }

    /** As an operator. */
    public Reply post(String path, String body) {
        return send("POST", API + path, operator, body);
    }

    /** A node and the key of its agent. */
    public final class Agent {

        public final long id;
        public final String key;
        public String session = "";

        Agent(String name, String owner, String... routes) {
            JsonNode answer = TestServer.this
                    .post("/agent/register", """
                            {"name": "%s", "hostKey": "%s", %s}""".formatted(name, name, owner))
                    .expect(201)
                    .json();
            id = answer.at("/node/id").longValue();
            key = answer.at("/key").stringValue();
            connect();
            advertise(routes);
        }

        public Reply post(String what, String body) {
            return send("POST", API + "/agent/" + what, key, body);
        }

        void connect() {
            session = post("connect", "{}").expect(200).json().at("/session").stringValue();
        }

        void advertise(String... routes) {
            String list = routes.length == 0 ? "" : "\"" + String.join("\", \"", routes) + "\"";
            post("advertise", """
                    {"routes": [%s]}""".formatted(list)).expect(200);
        }

        Reply keepAlive() {
            return post("keep-alive", """
                    {"session": "%s"}""".formatted(session));
        }
    }

    public Agent router(String name, String... routes) {
        return new Agent(name, """
                "tags": ["tag:router"]""", routes);
    }

    /** The body of a request about a policy. */
    public static String policy(String text) {
        return JSON.writeValueAsString(Map.of("policy", text));
    }

    /** A policy that approves routes without an administrator, and lets all nodes reach everything. */
    public void open() {
        send("PUT", API + "/policy", operator, policy("""
                {
                  "tagOwners": {"tag:router": []},
                  "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}
                }
                """)).expect(200);
    }

    /** Who carries a prefix for the tailnet. */
    public Optional<Long> primary(String prefix) {
        for (JsonNode route : read("/tailnet").at("/routes")) {
            if (route.at("/prefix").stringValue().equals(prefix)) {
                JsonNode primary = route.at("/primary");
                return primary.isNull() ? Optional.empty() : Optional.of(primary.longValue());
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        demo.close();
        time.shutdownNow();
        scheduler.shutdownNow();
        database.close();
    }
}
