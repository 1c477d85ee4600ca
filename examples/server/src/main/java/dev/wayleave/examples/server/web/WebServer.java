package dev.wayleave.examples.server.web;

import com.google.common.base.Ticker;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.JettyConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.json.JavalinJackson3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Javalin on Jetty within limits.
 *
 * <pre>
 *   connection ──► Jetty: header short enough? ──► ArrivalHandler: all of the request there in time?
 *        ┌──────────────────────────────────────────────────────────────────────┘
 *        └──► Javalin: too many requests? path and method known? ──► key of the right scope? ──► handler
 *                                                                     a document, or a stream ◄──┘
 * </pre>
 *
 * <p>A request has a thread while its handler works, and none while it arrives or its answer is sent.
 */
public final class WebServer implements AutoCloseable {

    /** Connections that are open at once: one for the stream of each agent, and as many again. */
    public static final int CONNECTIONS = 8_192;

    /** The longest time that a request may take to arrive. */
    public static final int REQUEST_SECONDS = 10;

    /**
     * The time for which a connection without requests is kept: longer than proxies do, so that they never send into
     * its end.
     */
    public static final int IDLE_SECONDS = 75;

    /** Connections that wait to be accepted: many agents begin at once. */
    private static final int BACKLOG = 1_024;

    /** Unambiguous paths, and those that only look like others: here they are not found. */
    private static final UriCompliance PATHS =
            UriCompliance.from("RFC3986,AMBIGUOUS_PATH_SEGMENT,AMBIGUOUS_PATH_SEPARATOR,AMBIGUOUS_EMPTY_SEGMENT");

    private static final int THREAD_IDLE_MILLIS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    private final RateLimits rates;
    private final Connections connections;
    private final EventStreams streams;
    private final Javalin javalin;
    private final InetSocketAddress address;

    /** Starts a server. */
    public WebServer(WebAddress address, Limits limits, Endpoints endpoints, Gate gate, ScheduledExecutorService timer)
            throws IOException {
        this.rates = new RateLimits(limits.requestsPerSecond(), limits.requestBurst(), Ticker.systemTicker());
        this.connections = new Connections(CONNECTIONS, Duration.ofSeconds(REQUEST_SECONDS));
        this.streams = new EventStreams(limits);
        ServerSocketChannel socket = ServerSocketChannel.open().bind(address.socket(), BACKLOG);
        this.address = (InetSocketAddress) socket.getLocalAddress();
        this.javalin = Javalin.create(config -> {
            configure(config);
            configure(config.jetty, socket, new ArrivalHandler(limits, address, gate, connections));
            route(config.routes, endpoints);
        });
        Javalin ignored = javalin.start();
        var unused = timer.scheduleWithFixedDelay(connections::cutLate, 1, 1, TimeUnit.SECONDS);
        long pause = limits.heartbeat().toMillis();
        unused = timer.scheduleWithFixedDelay(streams::sendComments, pause, pause, TimeUnit.MILLISECONDS);
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.router.ignoreTrailingSlashes = false;
        config.router.javaLangErrorHandler((response, error) -> {
            LOG.error("a request could not be answered", error);
            response.setStatus(500);
        });
        // without one Javalin looks for Jackson 2
        config.jsonMapper(new JavalinJackson3(Json.MAPPER, false));
    }

    private void configure(JettyConfig jetty, ServerSocketChannel socket, ArrivalHandler arrivals) {
        QueuedThreadPool threads = new QueuedThreadPool(CONNECTIONS, 4);
        threads.setName("wayleave-request");
        threads.setDaemon(true);
        threads.setIdleTimeout(THREAD_IDLE_MILLIS);
        // all that were idle for so long, not one of them
        threads.setMaxEvictCount(CONNECTIONS);
        jetty.threadPool = threads;
        JettyErrors errors = new JettyErrors();
        jetty.modifyHttpConfiguration(http -> {
            http.setUriCompliance(PATHS);
            http.setRequestHeaderSize(Limits.HEADER_BYTES);
            // 100 KB for each connection with a second request, kept for as long as its stream is open
            http.setHeaderCacheSize(0);
            // a document is sent as one buffer, which is too large for the pool
            http.setUseOutputDirectByteBuffers(false);
        });
        jetty.addConnector((server, http) -> connector(server, http, socket));
        jetty.modifyServer(server -> {
            server.insertHandler(arrivals);
            server.setErrorHandler(errors);
            server.setStopTimeout(0);
        });
        jetty.modifyServletContextHandler(context -> context.setErrorHandler(errors));
    }

    private ServerConnector connector(Server server, HttpConfiguration http, ServerSocketChannel socket) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        try {
            connector.open(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connector.setIdleTimeout(TimeUnit.SECONDS.toMillis(IDLE_SECONDS));
        connector.addEventListener(connections);
        return connector;
    }

    private void route(RoutesConfig routes, Endpoints endpoints) {
        routes.before(this::admit);
        for (Endpoints.Endpoint endpoint : endpoints.all()) {
            routes.addHttpHandler(
                    HandlerType.findOrCreate(endpoint.method()), endpoint.path(), context -> answer(context, endpoint));
            if (endpoint.method().equals("GET")) {
                routes.addHttpHandler(HandlerType.HEAD, endpoint.path(), context -> answer(context, endpoint));
            }
        }
        routes.exception(ApiException.class, (error, context) -> send(context, error));
        routes.exception(MethodNotAllowedResponse.class, (error, context) -> send(context, notAllowed(error)));
        routes.exception(
                HttpResponseException.class,
                (error, context) -> send(context, ApiException.notFound("there is nothing at this path")));
        routes.exception(UnavailableException.class, (error, context) -> {
            LOG.warn("a request could not be answered now", error);
            send(context, ApiException.unavailable("the storage cannot be used now"));
        });
        routes.exception(Exception.class, WebServer::unexpected);
    }

    private static void unexpected(Exception error, Context context) {
        if (error instanceof HttpException) {
            send(context, ApiException.badRequest("the target cannot be read"));
        } else {
            LOG.error("a request could not be answered", error);
            send(context, new ApiException(500, "something went wrong here; the log says what"));
        }
    }

    private static ApiException notAllowed(MethodNotAllowedResponse error) {
        String allowed = Stream.of(error.getDetails().values().iterator().next().split(", "))
                .filter(method -> !method.equals("HEAD"))
                .collect(Collectors.joining(", "));
        return new ApiException(405, "this path knows " + allowed).with("Allow", allowed);
    }

    private void admit(Context context) {
        ArrivalHandler.Arrival arrival = ArrivalHandler.of(context.req());
        Optional<Gate.Caller> caller = arrival.caller();
        String query = context.queryString();
        if (context.path().length() + (query == null ? 0 : query.length()) > Limits.TARGET_LENGTH) {
            throw new ApiException(431, "path and query are too long: at most " + Limits.TARGET_LENGTH + " characters");
        }
        rates.take(caller.<Object>map(Gate.Caller::key).orElseGet(context::ip));
        if (arrival.refusal().isPresent()) {
            throw arrival.refusal().get();
        }
    }

    private void answer(Context context, Endpoints.Endpoint endpoint) throws IOException {
        if (!endpoint.scopes().isEmpty()) {
            check(ArrivalHandler.of(context.req()).caller().orElse(null), endpoint.scopes());
        }
        Answer answer = endpoint.handler().answer(new Request(context));
        if (answer instanceof Answer.Document document) {
            send(context, document);
        } else if (context.method().equals(HandlerType.HEAD)) {
            throw new ApiException(405, "a stream knows GET").with("Allow", "GET");
        } else {
            streams.open(context, ((Answer.Stream) answer).source());
        }
    }

    private static void check(Gate.@Nullable Caller caller, Set<Gate.Scope> scopes) {
        if (caller == null) {
            throw new ApiException(401, "this needs `Authorization: Bearer KEY` with a key that the server knows")
                    .with("WWW-Authenticate", "Bearer");
        }
        if (scopes.stream().noneMatch(scope -> caller.scope().covers(scope))) {
            throw new ApiException(403, "the key is of another scope than this needs");
        }
    }

    private static void send(Context context, ApiException error) {
        error.headers().forEach(context::header);
        send(context, ErrorDocuments.of(context.path(), error));
    }

    private static void send(Context context, Answer.Document document) {
        document.headers().forEach(context::header);
        byte[] bytes = document.text().getBytes(StandardCharsets.UTF_8);
        // a buffer for all of it is sent when the handler is done, and no thread waits for the reader
        context.res().setBufferSize(bytes.length + 1);
        context.res().setContentType(bytes.length == 0 ? null : document.contentType());
        context.status(document.status()).result(bytes);
    }

    /** {@return the address that it listens on} */
    public InetSocketAddress address() {
        return address;
    }

    /** {@return how many streams are open} */
    public int streams() {
        return streams.count();
    }

    /** Ends the streams of keys that hold no longer. */
    public void cutStreams(Set<Long> keys) {
        streams.cut(keys);
    }

    /** Stops at once: cuts all streams and all answers that are being sent. */
    @Override
    public void close() {
        streams.close();
        javalin.stop();
    }
}
