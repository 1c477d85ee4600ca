package dev.wayleave.examples.server.plane;

import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingObserver;
import dev.wayleave.storage.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the controller tells its observer and its listeners, and nothing else, as Prometheus reads it. Safe for
 * use by several threads; does not block.
 */
public final class Metrics implements RoutingObserver {

    private static final String PREFIX = "wayleave_";

    private final Map<String, String> help = new TreeMap<>();
    private final Map<String, Double> values = new TreeMap<>();
    private boolean isDown;
    private boolean hasFailed;

    public Metrics() {
        declare("submissions_waiting", "gauge", "Submissions that wait for their answer.");
        declare("queue_full_total", "counter", "Submissions that were not taken because too many waited.");
        declare("steps_total", "counter", "Steps of the state machine.");
        declare("step_seconds_total", "counter", "Time that steps took.");
        declare("submissions_total", "counter", "Submissions that steps took in.");
        declare("commits_total", "counter", "Commits that were written.");
        declare("commit_seconds_total", "counter", "Time that the store took for them.");
        declare("conflicts_total", "counter", "Commits that met another one.");
        declare(
                "unknown_commits_total",
                "counter",
                "Commits of which it was not known at first whether they were written.");
        declare("refused_total", "counter", "Submissions that were refused.");
        declare("storage_up", "gauge", "1 while the store works.");
        declare("storage_outages_total", "counter", "Times that the store stopped working.");
        declare("internal_errors_total", "counter", "Errors of the controller that are not the store's.");
        declare("controller_up", "gauge", "1 while the controller takes submissions.");
        declare("clock_steps_total", "counter", "Times that the clock of the host was stepped.");
        declare("primary_moves_total", "counter", "Prefixes that got another primary.");
        declare("revision", "gauge", "The revision that is published.");
        declare("nodes", "gauge", "Nodes of the tailnet.");
        declare("prefixes", "gauge", "Subnet prefixes in effect on some node.");
        declare("prefixes_unserved", "gauge", "Of those, the ones that nobody carries.");
        declare("routes_pending", "gauge", "Prefixes on nodes that wait for approval.");
        set("storage_up", 1);
        set("controller_up", 1);
    }

    private void declare(String name, String type, String text) {
        help.put(name, "# HELP " + PREFIX + name + " " + text + "\n# TYPE " + PREFIX + name + " " + type + "\n");
        set(name, 0);
    }

    private synchronized void set(String name, double value) {
        values.put(name, value);
    }

    private synchronized void add(String name, double value) {
        values.merge(name, value, Double::sum);
    }

    @Override
    public void queued(TailnetId tailnet, int waiting) {
        set("submissions_waiting", waiting);
    }

    @Override
    public void queueFull(TailnetId tailnet, int limit) {
        add("queue_full_total", 1);
    }

    @Override
    public void stepped(TailnetId tailnet, int submissions, Duration took) {
        add("steps_total", 1);
        add("submissions_total", submissions);
        add("step_seconds_total", took.toNanos() / 1e9);
    }

    @Override
    public void committed(TailnetId tailnet, Revision revision, Duration took) {
        add("commits_total", 1);
        add("commit_seconds_total", took.toNanos() / 1e9);
    }

    @Override
    public void conflicted(TailnetId tailnet, int inARow) {
        add("conflicts_total", 1);
    }

    @Override
    public void unknown(TailnetId tailnet, Exception cause) {
        add("unknown_commits_total", 1);
    }

    @Override
    public void refused(TailnetId tailnet, List<Problem> problems) {
        add("refused_total", 1);
    }

    @Override
    public synchronized void outageBegan(TailnetId tailnet, Exception cause) {
        isDown = true;
        set("storage_up", 0);
        add("storage_outages_total", 1);
    }

    @Override
    public synchronized void outageEnded(TailnetId tailnet, Duration lasted) {
        isDown = false;
        set("storage_up", 1);
    }

    @Override
    public void internalError(
            TailnetId tailnet, List<Submission> submissions, @Nullable Submission toBlame, Throwable cause) {
        add("internal_errors_total", 1);
    }

    @Override
    public synchronized void failed(TailnetId tailnet, WayleaveException cause) {
        hasFailed = true;
        set("controller_up", 0);
    }

    @Override
    public void clockStepped(TailnetId tailnet, Duration by) {
        add("clock_steps_total", 1);
    }

    @Override
    public void moved(TailnetId tailnet, RouteEvent.PrimaryMoved move) {
        add("primary_moves_total", 1);
    }

    @Override
    public void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
        set("revision", (double) snapshot.revision().value());
        set("nodes", snapshot.state().nodes().size());
        set("prefixes", snapshot.state().routes().size());
        set("prefixes_unserved", unserved);
        set("routes_pending", pending);
    }

    /** Counts the events of a publication by their kind. */
    public synchronized void add(Publication publication) {
        for (RouteEvent event : publication.events()) {
            add("events_total{kind=\"" + event.kind() + "\"}", 1);
        }
    }

    /** Tells whether the store and the controller work. */
    public synchronized boolean isUp() {
        return !isDown && !hasFailed;
    }

    /** Everything, in the text format of Prometheus. */
    public synchronized String text() {
        StringBuilder text = new StringBuilder();
        help.forEach((name, about) -> text.append(about).append(line(name)));
        text.append("# HELP wayleave_events_total Events by their kind.\n# TYPE wayleave_events_total counter\n");
        values.keySet().stream()
                .filter(name -> name.startsWith("events_total{"))
                .forEach(name -> text.append(line(name)));
        return text.toString();
    }

    private String line(String name) {
        double value = values.getOrDefault(name, 0.0);
        String number =
                value == Math.rint(value) && value < 1e15 ? Long.toString((long) value) : Double.toString(value);
        return PREFIX + name + " " + number + "\n";
    }
}
