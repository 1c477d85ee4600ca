package dev.wayleave.examples.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wayleave.RoutingState;
import dev.wayleave.json.RoutingJson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that gives the answers that a test sets, and records its requests. */
public final class FakeControlPlane implements AutoCloseable {

    private record Said(int status, String body, boolean stays, int retryAfter) {

        Said(int status, String body, boolean stays) {
            this(status, body, stays, 0);
        }
    }

    /** What it was asked: method, path with query, key, body. */
    public record Asked(String what, String key, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Deque<Said>> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    public FakeControlPlane() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Adds an answer to a request; the last of several answers is repeated. */
    public FakeControlPlane on(String what, int status, String body) {
        answers.computeIfAbsent(what, w -> new ArrayDeque<>()).add(new Said(status, body, false));
        return this;
    }

    /** It has this tailnet. */
    public FakeControlPlane state(RoutingState state) {
        List<String> presence = state.nodes().values().stream()
                .map(node -> """
                        {"node": %s, "liveness": "%s", "healthy": true, "unhealthyPrefixes": []}\
                        """.formatted(node.id(), node.liveness().name().toLowerCase(Locale.ROOT)))
                .toList();
        return on("GET /api/wayleave/v1/state", 200, """
                {"revision": 1, "time": "%s", "rows": %s, "presence": %s}""".formatted(
                        state.now(), RoutingJson.write(state.rows()), presence));
    }

    /** Adds an answer that it has too much to do, with the time to come again. */
    public FakeControlPlane busy(String what, int seconds) {
        answers.computeIfAbsent(what, w -> new ArrayDeque<>()).add(new Said(429, "{}", false, seconds));
        return this;
    }

    /** An event stream that begins like this, and ends or stays open. */
    public FakeControlPlane stream(String what, String events, boolean stays) {
        answers.computeIfAbsent(what, w -> new ArrayDeque<>()).add(new Said(200, events, stays));
        return this;
    }

    public Run run(String... args) {
        return Run.of(args(args));
    }

    /** A command line, and where the server is. */
    public String[] args(String... args) {
        String[] all = List.of(args).toArray(new String[args.length + 4]);
        all[args.length] = "--server";
        all[args.length + 1] = url();
        all[args.length + 2] = "--key";
        all[args.length + 3] = "wlk_test";
        return all;
    }

    /** The next request that has not been looked at. */
    public Asked next() {
        try {
            Asked next = asked.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing more was asked");
            }
            return next;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** The requests that no test has looked at, by method and path. */
    public List<String> asked() {
        return asked.stream().map(Asked::what).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Deque<Said> queue = answers.getOrDefault(what, new ArrayDeque<>(List.of(new Said(404, "{}", false))));
        Said said;
        synchronized (queue) {
            said = queue.size() > 1 ? queue.poll() : queue.peek();
        }
        asked.add(new Asked(
                what,
                exchange.getRequestHeaders().getFirst("Authorization"),
                body.replaceAll("\\s*\n\\s*", " ").strip()));
        byte[] text = said.body().getBytes(StandardCharsets.UTF_8);
        if (said.retryAfter() > 0) {
            exchange.getResponseHeaders().set("Retry-After", Integer.toString(said.retryAfter()));
        }
        exchange.sendResponseHeaders(said.status(), said.status() == 204 ? -1 : 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(text);
            out.flush();
            if (said.stays()) {
                closed.await();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("a request is never answered");
            }
        } catch (InterruptedException interrupted) {
            throw new UncheckedIOException(new IOException(interrupted));
        }
    }
}
