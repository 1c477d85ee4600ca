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
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * How a control plane wires the library in. Beside this file {@link Main#store} makes the tables and opens the store,
 * {@link ControlPlane} submits commands, and {@link ViewStreams} computes the views of nodes; the rest of the server
 * is HTTP and words.
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
 * <p>Each handler gets what it needs in its constructor. Safe for use by several threads.
 */
public final class DemoServer implements AutoCloseable {

    private final ScheduledExecutorService webTimer;
    private final InstantSource clock;
    private final Metrics metrics = new Metrics();
    private final EventLog log = new EventLog();
    private final ViewStreams views = new ViewStreams();
    private final TailnetFeed feed;
    private final HostTables tables;
    private final Keys keys;
    private final RouteController controller;
    private final ControlPlane plane;
    private final WrittenPolicy policy;
    private final SampleAgents sample;
    private final WebServer web;
    private Set<NodeId> unheard = Set.of();

    /**
     * What the server is made of.
     *
     * @param store where the library keeps its rows
     * @param database where the server keeps its own, usually the same
     * @param scheduler runs the loop of the controller and wakes it; the caller's, to be shut down after the server
     * @param clock says what time it is
     * @param steadyNanos a count of nanoseconds that no clock correction changes, to notice that the clock was
     * @param address where to listen, and by which names clients reach it
     * @param settings the rules of a tailnet that is not stored yet
     * @param limits how much to take from outside
     * @param history what happened before, for the log
     * @param ownership makes the controller the owner of the tailnet
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
            List<EventLog.Entry> history,
            UnaryOperator<RouteControllerBuilder> ownership) {}

    /** Loads the tailnet and begins to serve. */
    DemoServer(Parts parts) throws IOException {
        webTimer = Executors.newSingleThreadScheduledExecutor(new ThreadFactoryBuilder()
                .setNameFormat("wayleave-web-timer")
                .setDaemon(true)
                .build());
        clock = parts.clock();
        tables = new HostTables(parts.database());
        keys = new Keys(tables, clock);
        log.restore(parts.history());
        feed = new TailnetFeed(this::tailnetMessage, parts.limits().newestOnly(), webTimer);
        controller = parts.ownership()
                .apply(RouteController.builder(parts.store(), ControlPlane.TAILNET, parts.scheduler(), clock))
                .steadyNanos(parts.steadyNanos())
                .newTailnet(parts.settings())
                .listener(new ViewPublisher(views))
                .listener(this::published)
                .observer(metrics)
                .open();
        plane = new ControlPlane(controller);
        policy = new WrittenPolicy(plane, tables, clock);
        sample = new SampleAgents(plane);
        try {
            web = new WebServer(parts.address(), parts.limits(), endpoints(), keys, webTimer);
            var unused = webTimer.scheduleWithFixedDelay(this::watchSilence, 1, 1, TimeUnit.SECONDS);
        } catch (IOException | RuntimeException e) {
            controller.close();
            webTimer.shutdownNow();
            throw e;
        }
    }

    private Endpoints endpoints() {
        Endpoints endpoints = new Endpoints();
        Registration registration = new Registration(plane, tables, keys, this::cutStreams, clock);
        OperatorApi operators = new OperatorApi(plane, keys, feed, this::cutStreams);
        new PageFiles().addTo(endpoints);
        new MachineApi(metrics).addTo(endpoints);
        new TailnetApi(plane, views, feed, log, clock).addTo(endpoints);
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
        log.add(publication);
        if (publication.touched().map(touched -> !touched.isEmpty()).orElse(true)
                || !publication.events().isEmpty()) {
            feed.changed();
        }
    }

    /** Shows who is not heard any more, and who is heard again: no publication says so. */
    private void watchSilence() {
        Set<NodeId> now = new TailnetDocuments(plane.state(), clock.instant()).unheard();
        if (!now.equals(unheard)) {
            unheard = now;
            feed.changed();
        }
    }

    private String tailnetMessage() {
        PublishedViews published = views.published();
        Instant now = clock.instant();
        return EventStream.message(
                "tailnet",
                new TailnetDocuments(published.views().state(), now)
                        .tailnet(published.revision().value(), published.views(), log.lost(now)));
    }

    /** Fills a tailnet that has no nodes with the sample. */
    public void fillSample() {
        Sample.fill(plane, policy, tables, clock);
    }

    /** Starts the agents of the sample's nodes. */
    public void startSample() {
        sample.startAll();
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
        controller.close();
        webTimer.shutdownNow();
    }
}
