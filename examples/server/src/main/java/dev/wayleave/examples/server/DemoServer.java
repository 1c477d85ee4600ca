package dev.wayleave.examples.server;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.wayleave.examples.server.api.AgentApi;
import dev.wayleave.examples.server.api.FindingsApi;
import dev.wayleave.examples.server.api.HeadscaleApi;
import dev.wayleave.examples.server.api.KeysApi;
import dev.wayleave.examples.server.api.MachineApi;
import dev.wayleave.examples.server.api.OperatorApi;
import dev.wayleave.examples.server.api.OutOfScope;
import dev.wayleave.examples.server.api.PlanApi;
import dev.wayleave.examples.server.api.PolicyApi;
import dev.wayleave.examples.server.api.TailnetApi;
import dev.wayleave.examples.server.api.TailscaleApi;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.HostTables;
import dev.wayleave.examples.server.plane.Keys;
import dev.wayleave.examples.server.plane.Metrics;
import dev.wayleave.examples.server.plane.Registration;
import dev.wayleave.examples.server.plane.WrittenPolicy;
import dev.wayleave.examples.server.sample.Sample;
import dev.wayleave.examples.server.sample.SampleAgents;
import dev.wayleave.examples.server.view.EventLog;
import dev.wayleave.examples.server.view.FreshnessDocument;
import dev.wayleave.examples.server.view.History;
import dev.wayleave.examples.server.view.PageFiles;
import dev.wayleave.examples.server.view.TailnetDocuments;
import dev.wayleave.examples.server.view.TailnetFeed;
import dev.wayleave.examples.server.view.ViewStreams;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.EventStream;
import dev.wayleave.examples.server.web.Limits;
import dev.wayleave.examples.server.web.WebAddress;
import dev.wayleave.examples.server.web.WebServer;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.PublishedViews;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.ViewPublisher;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * The demo server: it wires the library into a small control plane. Beside this file {@link Main#store} makes the
 * tables and opens the store, {@link ControlPlane} submits commands, and {@link ViewStreams} computes the views of
 * nodes; the rest of the server is HTTP and words.
 *
 * <pre>
 *   agents, operators ──► submit ──► RouteController ──► RoutingStore (rows in a database)
 *                                        │ publishes, one at a time
 *                                        ▼
 *                                   published ──► RoutingViews ──► ViewChanges ──► the streams of the nodes
 *                                        ├──────► events ────────► the log and its followers
 *                                        └──────► metrics
 * </pre>
 */
public final class DemoServer implements AutoCloseable {

    /** The number of earlier events that are read at the start. */
    private static final int HISTORY = 1_000;

    private final Parts parts;
    private final ScheduledExecutorService webTimer = timer("wayleave-web-timer");
    private final InstantSource clock;
    private final Metrics metrics = new Metrics();
    private final EventLog log = new EventLog();
    private final ViewStreams views = new ViewStreams();
    private final TailnetFeed feed;
    private final HostTables tables;
    private final Keys keys;
    private final History history;
    private final ControlPlane plane;
    private final Optional<SharedTailnet> shared;

    /** Whether this process made the sample, or is the only one. */
    private boolean hasFilled;

    private final WrittenPolicy policy;
    private final SampleAgents sample;
    private final WebServer web;
    private Set<NodeId> unheard = Set.of();
    private ControlPlane.Status shown = ControlPlane.Status.LIVE;

    /**
     * The components that the server is made of.
     *
     * @param store where the library keeps its rows
     * @param database where the server keeps its own, usually the same
     * @param scheduler runs the loop of the controller and wakes it; the caller's, to be shut down after the server
     * @param clock the time of the server
     * @param steadyNanos a count of nanoseconds that no clock correction changes, to notice that the clock was
     * @param address where to listen, and by which names clients reach it
     * @param settings the rules of a tailnet that is not stored yet
     * @param limits how much to take from outside
     * @param membership how the server takes part in the tailnet; the caller's, to be closed after the server
     */
    record Parts(
            RoutingStore store,
            DataSource database,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            LongSupplier steadyNanos,
            WebAddress address,
            RoutingSettings settings,
            Limits limits,
            Membership membership) {}

    /** Loads the tailnet and begins to serve. */
    DemoServer(Parts parts) throws IOException {
        this.parts = parts;
        clock = ControlPlane.inMillis(parts.membership().clock(parts.clock()));
        tables = new HostTables(parts.database());
        keys = new Keys(tables, clock);
        history = new History(parts.store(), ControlPlane.TAILNET);
        List<EventLog.Entry> earlier = history.newest(HISTORY);
        log.restore(earlier, earlier.size() < HISTORY);
        feed = new TailnetFeed(this::tailnetMessage, parts.limits().newestOnly(), webTimer);
        plane = new ControlPlane(clock, this::closed);
        shared = parts.membership().isShared() ? Optional.of(shared()) : Optional.empty();
        plane.open(this::controller);
        policy = new WrittenPolicy(plane, tables, clock);
        sample = new SampleAgents(plane);
        try {
            web = new WebServer(parts.address(), parts.limits(), endpoints(), keys, webTimer);
            var unused = webTimer.scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
        } catch (IOException | RuntimeException e) {
            shared.ifPresent(SharedTailnet::close);
            plane.close();
            webTimer.shutdownNow();
            throw e;
        }
        shared.ifPresent(SharedTailnet::follow);
    }

    /** Tasks that come after it is shut down are dropped. */
    private static ScheduledExecutorService timer(String name) {
        return new ScheduledThreadPoolExecutor(
                1,
                new ThreadFactoryBuilder().setNameFormat(name).setDaemon(true).build(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    private RouteController controller() {
        RouteControllerBuilder builder = parts.membership()
                .join(RouteController.builder(parts.store(), ControlPlane.TAILNET, parts.scheduler(), parts.clock()));
        shared.ifPresent(tailnet -> builder.listener(tailnet.events()));
        return builder.steadyNanos(parts.steadyNanos())
                .newTailnet(parts.settings())
                .listener(new ViewPublisher(views))
                .listener(this::published)
                .observer(metrics)
                .observer(plane)
                .open();
    }

    /** The controller closed by itself. */
    private void closed(WayleaveException cause) {
        views.endSessions();
        feed.changed();
        shared.ifPresent(tailnet -> tailnet.closed(cause));
    }

    private SharedTailnet shared() {
        ScheduledExecutorService background = timer("wayleave-background");
        return new SharedTailnet(new SharedTailnet.Parts(
                parts.membership(),
                plane,
                this::controller,
                this::opened,
                log,
                history,
                keys,
                this::cutStreams,
                background));
    }

    /** A controller took the place of one that closed by itself. */
    private void opened() {
        metrics.opened();
        feed.changed();
        sample.connectAgain();
    }

    private Endpoints endpoints() {
        Endpoints endpoints = new Endpoints();
        Registration registration = new Registration(plane, tables, keys, this::cutStreams, clock);
        OperatorApi operators = new OperatorApi(plane, keys, feed, this::cutStreams);
        new PageFiles().addTo(endpoints);
        new MachineApi(metrics, plane).addTo(endpoints);
        new TailnetApi(plane, views, feed, log, history, clock).addTo(endpoints);
        operators.addTo(endpoints);
        new PolicyApi(plane, policy).addTo(endpoints);
        new FindingsApi(plane, clock).addTo(endpoints);
        new PlanApi(views, policy).addTo(endpoints);
        new AgentApi(plane, registration, views, feed).addTo(endpoints);
        new KeysApi(plane, keys, this::cutStreams).addTo(endpoints);
        new HeadscaleApi(plane, operators, policy, keys).addTo(endpoints);
        new TailscaleApi(plane, operators, policy).addTo(endpoints);
        sample.addTo(endpoints);
        OutOfScope.addTo(endpoints);
        return endpoints;
    }

    /** Ends the streams of these keys. The web server is there once a request asks for it. */
    private void cutStreams(Set<Long> ids) {
        web.cutStreams(ids);
    }

    /** Called by the controller after each publication, one at a time, in their order. */
    private void published(Publication publication) {
        metrics.add(publication);
        if (shared.isEmpty()) {
            log.add(publication);
        }
        if (publication.touched().map(touched -> !touched.isEmpty()).orElse(true)
                || !publication.events().isEmpty()) {
            feed.changed();
        }
    }

    /** Shows the nodes that fell silent, or came back, and a new status: no publication reports these. */
    private void watch() {
        Set<NodeId> now = new TailnetDocuments(plane.state(), clock.instant()).unheard();
        ControlPlane.Status status = plane.freshness().status();
        if (!now.equals(unheard) || status != shown) {
            unheard = now;
            shown = status;
            feed.changed();
        }
    }

    private String tailnetMessage() {
        PublishedViews published = views.published();
        Instant now = clock.instant();
        ObjectNode document = new TailnetDocuments(published.views().state(), now)
                .tailnet(published.revision().value(), published.views(), log.lost(now));
        return EventStream.message("tailnet", document.set("replica", FreshnessDocument.of(plane)));
    }

    /** Fills a tailnet that has no nodes with the sample; of several replicas that start at once, one does. */
    public void fillSample() {
        hasFilled = shared.isEmpty() || tables.next("sample") == 1;
        if (hasFilled) {
            Sample.fill(plane, policy, tables, clock);
        }
    }

    /** Starts the agents of the sample's nodes, unless another replica may run them. */
    public void startSample() {
        if (hasFilled || parts.store().leases().size() <= 1) {
            sample.startAll();
        }
        long pause = ControlPlane.KEEP_ALIVE.toMillis();
        var unused = webTimer.scheduleAtFixedRate(sample::keepAlive, pause, pause, TimeUnit.MILLISECONDS);
    }

    public ControlPlane plane() {
        return plane;
    }

    public Metrics metrics() {
        return metrics;
    }

    public Keys keys() {
        return keys;
    }

    public WebServer web() {
        return web;
    }

    /**
     * Stops: no request is answered any more, and what was submitted is stored. The streams that end with it are no
     * nodes that left.
     */
    @Override
    public void close() {
        plane.handOver();
        web.close();
        shared.ifPresent(SharedTailnet::close);
        plane.close();
        webTimer.shutdownNow();
    }
}
