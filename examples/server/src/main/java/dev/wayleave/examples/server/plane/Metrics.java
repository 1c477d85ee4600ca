package dev.wayleave.examples.server.plane;

import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.PublishedEvent;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingObserver;
import dev.wayleave.storage.Snapshot;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the controller tells its observer and its listeners, and nothing else, as Prometheus reads it; does
 * not block.
 */
public final class Metrics implements RoutingObserver {

    private static final double NANOS = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Gauge waiting = gauge("submissions_waiting", "Submissions that wait for their answer.");
    private final Gauge storageUp = gauge("storage_up", "1 while the store works.");
    private final Gauge controllerUp = gauge("controller_up", "1 while the controller takes submissions.");
    private final Gauge revision = gauge("revision", "The revision that is published.");
    private final Gauge nodes = gauge("nodes", "Nodes of the tailnet.");
    private final Gauge prefixes = gauge("prefixes", "Subnet prefixes in effect on some node.");
    private final Gauge unserved = gauge("prefixes_unserved", "Of those, the ones without a primary.");
    private final Gauge pending = gauge("routes_pending", "Prefixes on nodes that wait for approval.");
    private final Counter queueFull =
            counter("queue_full_total", "Submissions that were not taken because too many waited.");
    private final Counter steps = counter("steps_total", "Steps of the state machine.");
    private final Counter stepSeconds = counter("step_seconds_total", "Time that steps took.");
    private final Counter submissions = counter("submissions_total", "Submissions that steps took in.");
    private final Counter commits = counter("commits_total", "Commits that were written.");
    private final Counter commitSeconds = counter("commit_seconds_total", "Time that the store took for them.");
    private final Counter conflicts =
            counter("conflicts_total", "Commits that were refused because another process wrote first.");
    private final Counter unknownCommits =
            counter("unknown_commits_total", "Commits of which it was not known at first whether they were written.");
    private final Counter refused = counter("refused_total", "Submissions that were refused.");
    private final Counter outages = counter("storage_outages_total", "Times that the store stopped working.");
    private final Counter internalErrors =
            counter("internal_errors_total", "Errors of the controller that are not the store's.");
    private final Counter clockSteps = counter("clock_steps_total", "Times that the clock of the host was stepped.");
    private final Counter primaryMoves = counter("primary_moves_total", "Prefixes that got another primary.");
    private final Counter events = Counter.builder()
            .name("wayleave_events_total")
            .help("Events by their kind.")
            .labelNames("kind")
            .withoutExemplars()
            .register(registry);

    public Metrics() {
        storageUp.set(1);
        controllerUp.set(1);
    }

    private Gauge gauge(String name, String help) {
        return Gauge.builder()
                .name("wayleave_" + name)
                .help(help)
                .withoutExemplars()
                .register(registry);
    }

    private Counter counter(String name, String help) {
        return Counter.builder()
                .name("wayleave_" + name)
                .help(help)
                .withoutExemplars()
                .register(registry);
    }

    @Override
    public void queued(TailnetId tailnet, int waiting) {
        this.waiting.set(waiting);
    }

    @Override
    public void queueFull(TailnetId tailnet, int limit) {
        queueFull.inc();
    }

    @Override
    public void stepped(TailnetId tailnet, int submissions, Duration took) {
        steps.inc();
        this.submissions.inc(submissions);
        stepSeconds.inc(took.toNanos() / NANOS);
    }

    @Override
    public void committed(TailnetId tailnet, Revision revision, Duration took) {
        commits.inc();
        commitSeconds.inc(took.toNanos() / NANOS);
    }

    @Override
    public void conflicted(TailnetId tailnet, int inARow) {
        conflicts.inc();
    }

    @Override
    public void unknown(TailnetId tailnet, Exception cause) {
        unknownCommits.inc();
    }

    @Override
    public void refused(TailnetId tailnet, List<Problem> problems) {
        refused.inc();
    }

    @Override
    public void outageBegan(TailnetId tailnet, Exception cause) {
        storageUp.set(0);
        outages.inc();
    }

    @Override
    public void outageEnded(TailnetId tailnet, Duration lasted) {
        storageUp.set(1);
    }

    @Override
    public void internalError(
            TailnetId tailnet, List<Submission> submissions, @Nullable Submission toBlame, Throwable cause) {
        internalErrors.inc();
    }

    @Override
    public void failed(TailnetId tailnet, WayleaveException cause) {
        controllerUp.set(0);
    }

    /** A controller was opened in the place of one that failed. */
    public void opened() {
        storageUp.set(1);
        controllerUp.set(1);
    }

    @Override
    public void clockStepped(TailnetId tailnet, Duration by) {
        clockSteps.inc();
    }

    @Override
    public void moved(TailnetId tailnet, RouteEvent.PrimaryMoved move) {
        primaryMoves.inc();
    }

    @Override
    public void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
        revision.set((double) snapshot.revision().value());
        nodes.set(snapshot.state().nodes().size());
        prefixes.set(snapshot.state().routes().size());
        this.unserved.set(unserved);
        this.pending.set(pending);
    }

    /** Counts the events of a publication by their kind. */
    public void add(Publication publication) {
        for (PublishedEvent event : publication.events()) {
            events.labelValues(event.event().kind()).inc();
        }
    }

    /** Returns whether the store and the controller work. */
    public boolean isUp() {
        return storageUp.get() > 0 && controllerUp.get() > 0;
    }

    /** Everything, in the text format of Prometheus. */
    public String text() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
