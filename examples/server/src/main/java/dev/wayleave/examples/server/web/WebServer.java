package dev.wayleave.examples.server.web;

import com.google.common.base.Ticker;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's HTTP server within limits.
 *
 * <pre>
 *   connection ──► target and headers short enough? ──► path and method known? ──► key known, of the right scope,
 *                                                                                  not too many requests?
 *        ┌──────────────────────────────────────────────────────────────────────────────┘
 *        └──► handler ──► document, or a stream with a thread of its own
 * </pre>
 *
 * <p>A request is read by the thread that answers it. So that readers of streams and clients who send slowly do not
 * stop others there are as many threads as connections ({@link #CONNECTIONS}), and a request that is not sent within
 * {@link #REQUEST_SECONDS} is given up.
 */
public final class WebServer implements AutoCloseable {

    /** Connections that are open at once: one for the stream of each agent, and as many again. */
    public static final int CONNECTIONS = 8_192;

    /** Connections that wait to be accepted: many agents begin at once. */
    private static final int BACKLOG = 1_024;

    /** How long a request may take to arrive. */
    public static final int REQUEST_SECONDS = 10;

    /** How long a connection without requests is kept: longer than proxies do, so that they never send into its end. */
    public static final int IDLE_SECONDS = 75;

    /**
     * How much of a body is read and dropped after an answer that did not need it, an error most of all: twice what is
     * taken by default. A client that still writes when the connection is closed may never read the answer.
     */
    public static final int DROPPED_BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    static {
        // The JDK reads these once, when its server is first used; what the command line says stands.
        Map.of(
                        "jdk.httpserver.maxConnections",
                        CONNECTIONS,
                        "sun.net.httpserver.maxIdleConnections",
                        CONNECTIONS,
                        "sun.net.httpserver.maxReqTime",
                        REQUEST_SECONDS,
                        "sun.net.httpserver.idleInterval",
                        IDLE_SECONDS,
                        "sun.net.httpserver.drainAmount",
                        DROPPED_BYTES,
                        "sun.net.httpserver.maxReqHeaders",
                        100,
                        "sun.net.httpserver.maxReqHeaderSize",
                        64 << 10,
                        "sun.net.httpserver.nodelay",
                        true)
                .forEach((name, value) -> {
                    if (System.getProperty(name) == null) {
                        System.setProperty(name, value.toString());
                    }
                });
    }

    private final Limits limits;
    private final Endpoints endpoints;
    private final Gate gate;
    private final RateLimits rates;
    private final HttpServer server;
    private final ExecutorService threads;
    private final ExecutorService streamThreads;
    private final EventStreams streams;
    private final SlowReaders readers;

    /** Starts a server. Port 0 takes any free one. */
    public WebServer(
            InetSocketAddress address, Limits limits, Endpoints endpoints, Gate gate, ScheduledExecutorService timer)
            throws IOException {
        this.limits = limits;
        this.endpoints = endpoints;
        this.gate = gate;
        this.rates = new RateLimits(limits.requestsPerSecond(), limits.requestBurst(), Ticker.systemTicker());
        this.server = HttpServer.create(address, BACKLOG);
        this.threads = new ThreadPoolExecutor(
                0, CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), named("wayleave-request-%d"));
        this.streamThreads = Executors.newCachedThreadPool(named("wayleave-stream-%d"));
        this.streams = new EventStreams(limits, streamThreads);
        this.readers = new SlowReaders(limits.streamWrite());
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    streams.cutStuck();
                    readers.cutStuck();
                },
                1,
                1,
                TimeUnit.SECONDS);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private static java.util.concurrent.ThreadFactory named(String format) {
        return new ThreadFactoryBuilder().setNameFormat(format).setDaemon(true).build();
    }

    /** The address that it listens on. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** How many streams are open. */
    public int streams() {
        return streams.count();
    }

    /** Ends the streams of keys that hold no longer. */
    public void cutStreams(Set<Long> keys) {
        streams.cut(keys);
    }

    private void handle(HttpExchange exchange) {
        String target = exchange.getRequestURI().getRawPath();
        boolean handedOver = false;
        try {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Cache-Control", "no-store");
            headers.set("X-Content-Type-Options", "nosniff");
            handedOver = answer(exchange);
        } catch (ApiException e) {
            error(exchange, target, e);
        } catch (UncheckedIOException e) {
            LOG.debug("a request did not arrive in full", e);
        } catch (UnavailableException e) {
            LOG.warn("a request could not be answered now", e);
            error(exchange, target, ApiException.unavailable("the storage cannot be used now"));
        } catch (RuntimeException e) {
            LOG.error("a request could not be answered", e);
            error(exchange, target, new ApiException(500, "something went wrong here; the log says what"));
        } finally {
            if (!handedOver) {
                exchange.close();
            }
        }
    }

    /** Tells whether a stream has taken the exchange over. */
    private boolean answer(HttpExchange exchange) {
        checkLengths(exchange);
        List<String> path = Texts.path(exchange.getRequestURI().getRawPath());
        Optional<Gate.Caller> caller = caller(exchange);
        rates.take(caller.<Object>map(Gate.Caller::key)
                .orElseGet(() -> exchange.getRemoteAddress().getAddress()));
        boolean head = exchange.getRequestMethod().equals("HEAD");
        Endpoints.Match match = endpoints.find(head ? "GET" : exchange.getRequestMethod(), path);
        Set<Gate.Scope> scopes = match.endpoint().scopes();
        if (!scopes.isEmpty()) {
            check(caller, scopes);
        }
        String query = exchange.getRequestURI().getRawQuery();
        Request request = new Request(
                exchange,
                caller.orElse(null),
                match.path(),
                Texts.query(query == null ? "" : query),
                limits.bodyBytes());
        Answer answer = match.endpoint().handler().answer(request);
        if (answer instanceof Answer.Document document) {
            send(exchange, document, head);
            return false;
        }
        if (head) {
            throw new ApiException(405, "a stream knows GET").with("Allow", "GET");
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        streams.open(caller, exchange, ((Answer.Stream) answer).source());
        return true;
    }

    private void checkLengths(HttpExchange exchange) {
        int target = exchange.getRequestURI().toString().length();
        if (target > limits.targetLength()) {
            throw new ApiException(
                    431, "path and query are too long: at most " + limits.targetLength() + " characters");
        }
        int length = 0;
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            for (String value : header.getValue()) {
                length += header.getKey().length() + value.length();
            }
        }
        if (length > limits.headerLength()) {
            throw new ApiException(431, "the headers are too long: at most " + limits.headerLength() + " characters");
        }
    }

    private Optional<Gate.Caller> caller(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? Optional.empty()
                : gate.caller(header.substring(7).strip());
    }

    private static void check(Optional<Gate.Caller> caller, Set<Gate.Scope> scopes) {
        if (caller.isEmpty()) {
            throw new ApiException(401, "this needs `Authorization: Bearer KEY` with a key that the server knows")
                    .with("WWW-Authenticate", "Bearer");
        }
        if (scopes.stream().noneMatch(scope -> caller.get().scope().covers(scope))) {
            throw new ApiException(403, "the key is of another scope than this needs");
        }
    }

    private void error(HttpExchange exchange, @Nullable String target, ApiException error) {
        try {
            error.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            send(
                    exchange,
                    ErrorDocuments.of(target == null ? "" : target, error),
                    exchange.getRequestMethod().equals("HEAD"));
        } catch (UncheckedIOException | RejectedExecutionException e) {
            LOG.debug("an error could not be sent", e);
        }
    }

    private void send(HttpExchange exchange, Answer.Document document, boolean head) {
        readers.watched(() -> sendWatched(exchange, document, head));
    }

    private static void sendWatched(HttpExchange exchange, Answer.Document document, boolean head) {
        try (exchange) {
            document.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            if (!document.contentType().isEmpty()) {
                exchange.getResponseHeaders().set("Content-Type", document.contentType());
            }
            byte[] bytes = document.text().getBytes(StandardCharsets.UTF_8);
            boolean empty = head || bytes.length == 0;
            exchange.sendResponseHeaders(document.status(), empty ? -1 : bytes.length);
            if (!empty) {
                exchange.getResponseBody().write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops at once: streams are cut, and so is whatever is being answered. */
    @Override
    public void close() {
        streams.cutAll();
        server.stop(0);
        threads.shutdownNow();
        streamThreads.shutdownNow();
    }
}
