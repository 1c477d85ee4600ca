package dev.wayleave.examples.server;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.EventStream;
import dev.wayleave.examples.server.web.Limits;
import dev.wayleave.examples.server.web.WebServer;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.QueueFullException;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Snapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * How a control plane wires the library in. Beside this file {@link Main#store} makes the tables and opens the store, and
 * {@link ViewStreams} computes what nodes are told; the rest of the server is HTTP and words.
 *
 * <pre>
 *   agents, operators ──► submit ──► RouteController ──► RoutingStore (rows in a database)
 *                                        │ publishes, one at a time
 *                                        ▼
 *                                   published ──► RoutingViews ──► ViewChanges ──► the streams of the nodes
 *                                        ├──────► events ────────► the log and its followers
 *                                        └──────► metrics
 * </pre>
 *
 * <p>Safe for use by several threads. {@link #submit} blocks until the answer is stored.
 */
final class ControlPlane implements AutoCloseable {

    /** How often agents have to say that they are there. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /** The rules of a new tailnet: a demonstration has no patience. A stored tailnet keeps its own. */
    static final RoutingSettings SETTINGS = impatient(RoutingSettings.DEFAULT);

    static RoutingSettings impatient(RoutingSettings settings) {
        return settings.toBuilder()
                .silenceLimit(Optional.of(Duration.ofSeconds(25)))
                .build();
    }

    static final TailnetId TAILNET = new TailnetId("sample");

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final ScheduledExecutorService webTimer;
    private final Metrics metrics = new Metrics();
    private final EventLog log = new EventLog();
    private final ViewStreams views;
    private final TailnetFeed feed;
    private final HostTables tables;
    private final Keys keys;
    private final RouteController controller;
    private final WebServer web;
    private final SampleAgents sample = new SampleAgents(this);

    /**
     * What the server is made of.
     *
     * @param store where the library keeps its rows
     * @param database where the server keeps its own, usually the same
     * @param scheduler runs the loop of the controller and wakes it; the caller's, to be shut down after the server
     * @param clock says what time it is
     * @param steadyNanos a count of nanoseconds that nobody sets, to notice that the clock was
     * @param address where to listen
     * @param settings the rules of a tailnet that is not stored yet
     * @param limits how much to take from outside
     * @param history what happened before, for the log
     */
    record Parts(
            RoutingStore store,
            DataSource database,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            LongSupplier steadyNanos,
            InetSocketAddress address,
            RoutingSettings settings,
            Limits limits,
            List<EventLog.Entry> history) {}

    /** Loads the tailnet and begins to serve. */
    ControlPlane(Parts parts) throws IOException {
        webTimer = Executors.newSingleThreadScheduledExecutor(new ThreadFactoryBuilder()
                .setNameFormat("wayleave-web-timer")
                .setDaemon(true)
                .build());
        tables = new HostTables(parts.database());
        keys = new Keys(tables, parts.clock());
        log.restore(parts.history());
        views = new ViewStreams();
        feed = new TailnetFeed(this::tailnetMessage, parts.limits().newestOnly(), webTimer);
        // Nothing is told before there is somebody to tell: the listener waits for this lock.
        synchronized (views) {
            controller = RouteController.builder(parts.store(), TAILNET, parts.scheduler(), parts.clock())
                    .steadyNanos(parts.steadyNanos())
                    .newTailnet(parts.settings())
                    .listener(this::published)
                    .observer(metrics)
                    .open();
            views.start(controller.current());
        }
        try {
            web = new WebServer(parts.address(), parts.limits(), endpoints(parts.clock()), keys, webTimer);
        } catch (IOException | RuntimeException e) {
            controller.close();
            webTimer.shutdownNow();
            throw e;
        }
    }

    private Endpoints endpoints(InstantSource clock) {
        Endpoints endpoints = new Endpoints();
        new PageFiles().addTo(endpoints);
        new MachineApi(this).addTo(endpoints);
        new TailnetApi(this).addTo(endpoints);
        OperatorApi operators = new OperatorApi(this);
        operators.addTo(endpoints);
        new PolicyApi(this, clock).addTo(endpoints);
        new AgentApi(this, clock).addTo(endpoints);
        new KeysApi(this).addTo(endpoints);
        new HeadscaleApi(this, operators, clock).addTo(endpoints);
        new TailscaleApi(this, operators).addTo(endpoints);
        sample.addTo(endpoints);
        return endpoints;
    }

    /** Called by the controller after each publication, one at a time, in their order. */
    private void published(Publication publication) {
        metrics.add(publication);
        views.tell(publication);
        log.add(publication);
        if (publication.touched().map(touched -> !touched.isEmpty()).orElse(true)
                || !publication.events().isEmpty()) {
            feed.changed();
        }
    }

    private String tailnetMessage() {
        ViewStreams.Told told = views.told();
        return EventStream.message(
                "tailnet",
                new TailnetDocuments(told.snapshot().state())
                        .tailnet(
                                told.snapshot().revision().value(), told.views().visibility()));
    }

    /**
     * Hands commands in, all or none, and waits until the answer is stored.
     *
     * @throws ApiException if they are refused, with all problems, or cannot be stored now
     */
    Receipt submit(Actor actor, Command... commands) {
        try {
            Receipt receipt = controller
                    .submit(Submission.of(actor, commands))
                    .toCompletableFuture()
                    .get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (receipt.result() instanceof SubmissionResult.Refused refused) {
                throw Refusals.of(refused);
            }
            return receipt;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QueueFullException) {
                throw ApiException.unavailable("too much waits to be stored: try again later");
            }
            throw ApiException.unavailable("the storage does not take this now");
        } catch (TimeoutException e) {
            throw ApiException.unavailable("the storage does not answer: whether this will be done is not known yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("the server is stopping");
        }
    }

    /** The connection of a session ended. Does not wait: nobody is there to be told. */
    void ended(Actor actor, NodeId node, SessionId session) {
        var unused = controller.submit(Submission.of(actor, new Command.DisconnectSession(node, session)));
    }

    /** Something was heard on a session. Does not wait. */
    void heard(NodeId node, SessionId session) {
        var unused = controller.submit(Submission.of(Sample.ACTOR, new Command.KeepAlive(node, session)));
    }

    /** Starts the agents of the sample's nodes. */
    void startSample() {
        sample.startAll();
        var unused = webTimer.scheduleAtFixedRate(
                sample::keepAlive, KEEP_ALIVE.toMillis(), KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The newest snapshot whose durable part is stored. */
    Snapshot current() {
        return controller.current();
    }

    /** The same, for those who need no revision. */
    RoutingState state() {
        return controller.current().state();
    }

    /** What everybody is told, and the snapshot in which that is so. */
    ViewStreams.Told told() {
        return views.told();
    }

    ViewStreams views() {
        return views;
    }

    TailnetFeed feed() {
        return feed;
    }

    EventLog log() {
        return log;
    }

    Metrics metrics() {
        return metrics;
    }

    HostTables tables() {
        return tables;
    }

    Keys keys() {
        return keys;
    }

    /** The server, which is there once somebody asks it. */
    WebServer web() {
        return web;
    }

    /** Stops: nobody is answered any more, and what was submitted is stored. */
    @Override
    public void close() {
        web.close();
        controller.close();
        webTimer.shutdownNow();
    }
}
