package dev.wayleave.storage.micrometer;

import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingObserver;
import dev.wayleave.storage.Snapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records the work of {@link dev.wayleave.storage.Tailnets} in a {@link MeterRegistry}, as sums over all loaded
 * tailnets: how many meters there are does not grow with the tailnets. Logs and {@link RoutingObserver} say which
 * tailnet it was.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>kind, unit</th><th>meaning</th></tr>
 *   <tr><td>{@code wayleave.tailnets.loaded}</td><td>gauge, tailnets</td><td>loaded tailnets</td></tr>
 *   <tr><td>{@code wayleave.tailnets.load}</td><td>timer</td><td>loads</td></tr>
 *   <tr><td>{@code wayleave.tailnets.load.failures}</td><td>counter, failures</td><td>loads that failed</td></tr>
 *   <tr><td>{@code wayleave.tailnets.unloads}</td><td>counter, unloads</td><td>tailnets that were unloaded</td></tr>
 *   <tr><td>{@code wayleave.tailnets.failed.controllers}</td><td>counter, controllers</td>
 *       <td>controllers that closed by themselves</td></tr>
 *   <tr><td>{@code wayleave.tailnets.outages}</td><td>gauge, tailnets</td>
 *       <td>loaded tailnets whose store does not work</td></tr>
 *   <tr><td>{@code wayleave.tailnets.queued.submissions}</td><td>gauge, submissions</td>
 *       <td>wait for their answer in loaded tailnets</td></tr>
 *   <tr><td>{@code wayleave.tailnets.rejected.submissions}</td><td>counter, submissions</td>
 *       <td>not taken, because the queue of a loaded tailnet was full</td></tr>
 *   <tr><td>{@code wayleave.tailnets.refused.submissions}</td><td>counter, submissions</td>
 *       <td>refused, because they have problems</td></tr>
 *   <tr><td>{@code wayleave.tailnets.step}</td><td>timer</td><td>steps of the state machine</td></tr>
 *   <tr><td>{@code wayleave.tailnets.commit}</td><td>timer</td><td>commits that were written</td></tr>
 *   <tr><td>{@code wayleave.tailnets.commit.conflicts}</td><td>counter, conflicts</td>
 *       <td>commits that were refused because another process wrote first</td></tr>
 *   <tr><td>{@code wayleave.tailnets.unknown.commits}</td><td>counter, commits</td>
 *       <td>commits of which it was not known at first whether they were written</td></tr>
 *   <tr><td>{@code wayleave.tailnets.internal.errors}</td><td>counter, errors</td><td>internal errors</td></tr>
 *   <tr><td>{@code wayleave.tailnets.primary.moves}</td><td>counter, moves</td>
 *       <td>prefixes whose primary moved to another node</td></tr>
 *   <tr><td>{@code wayleave.tailnets.nodes}</td><td>gauge, nodes</td><td>nodes of loaded tailnets</td></tr>
 *   <tr><td>{@code wayleave.tailnets.unserved.prefixes}</td><td>gauge, prefixes</td>
 *       <td>prefixes of loaded tailnets that are effective on some node and have no primary</td></tr>
 *   <tr><td>{@code wayleave.tailnets.pending.routes}</td><td>gauge, routes</td>
 *       <td>routes of loaded tailnets that are advertised, and neither approved nor denied</td></tr>
 * </table>
 *
 * <p>Each call costs a few additions; a gauge adds up all loaded tailnets when it is read.
 */
public final class MicrometerTailnetsObserver implements RoutingObserver {

    private static final String PREFIX = "wayleave.tailnets.";

    private final MeterRegistry registry;
    private final Map<TailnetId, Figures> figures = new ConcurrentHashMap<>();
    private final Timer load;
    private final Timer step;
    private final Timer commit;
    private final Counter loadFailures;
    private final Counter unloads;
    private final Counter failed;
    private final Counter rejected;
    private final Counter refused;
    private final Counter conflicts;
    private final Counter unknown;
    private final Counter errors;
    private final Counter moves;

    /** The last figures of one loaded tailnet. */
    private static final class Figures {
        private volatile int queued;
        private volatile boolean isDown;
        private volatile int nodes;
        private volatile int unserved;
        private volatile int pending;
    }

    /**
     * Makes an observer, and registers its meters.
     *
     * @param registry where the meters are registered
     */
    @SuppressWarnings("exports") // Micrometer is optional: a host that has a registry reads its module already
    public MicrometerTailnetsObserver(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
        load = timer("load", "Loads of tailnets");
        step = timer("step", "Steps of the state machine");
        commit = timer("commit", "Commits that were written: the time of the store");
        loadFailures = counter("load.failures", "Loads that failed");
        unloads = counter("unloads", "Tailnets that were unloaded");
        failed = counter("failed.controllers", "Controllers that closed by themselves");
        rejected = counter("rejected.submissions", "Submissions that were not taken, because the queue was full");
        refused = counter("refused.submissions", "Submissions that were refused, because they have problems");
        conflicts = counter("commit.conflicts", "Commits that were refused because another process wrote first");
        unknown = counter("unknown.commits", "Commits of which it was not known at first whether they were written");
        errors = counter("internal.errors", "Internal errors of controllers");
        moves = counter("primary.moves", "Prefixes whose primary moved to another node");
        gauge("loaded", "tailnets", "Loaded tailnets", each -> 1);
        gauge("outages", "tailnets", "Loaded tailnets whose store does not work", each -> each.isDown ? 1 : 0);
        gauge("queued.submissions", "submissions", "Submissions that wait for their answer", each -> each.queued);
        gauge("nodes", "nodes", "Nodes of loaded tailnets", each -> each.nodes);
        gauge("unserved.prefixes", "prefixes", "Prefixes without a primary", each -> each.unserved);
        gauge("pending.routes", "routes", "Routes that wait for approval", each -> each.pending);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .baseUnit(name.substring(name.lastIndexOf('.') + 1))
                .register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(PREFIX + name).description(description).register(registry);
    }

    private void gauge(String name, String unit, String description, ToLongFunction<Figures> of) {
        var unused = Gauge.builder(
                        PREFIX + name,
                        this,
                        each -> each.figures.values().stream().mapToLong(of).sum())
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }

    private Figures of(TailnetId tailnet) {
        return figures.computeIfAbsent(Objects.requireNonNull(tailnet, "tailnet"), each -> new Figures());
    }

    @Override
    public void loaded(TailnetId tailnet, Duration took) {
        Objects.requireNonNull(took, "took");
        var unused = of(tailnet);
        load.record(took);
    }

    @Override
    public void loadFailed(TailnetId tailnet, WayleaveException cause) {
        Objects.requireNonNull(cause, "cause");
        figures.remove(Objects.requireNonNull(tailnet, "tailnet"));
        loadFailures.increment();
    }

    @Override
    public void unloaded(TailnetId tailnet) {
        figures.remove(Objects.requireNonNull(tailnet, "tailnet"));
        unloads.increment();
    }

    @Override
    public void queued(TailnetId tailnet, int waiting) {
        of(tailnet).queued = waiting;
    }

    @Override
    public void queueFull(TailnetId tailnet, int limit) {
        Objects.requireNonNull(tailnet, "tailnet");
        rejected.increment();
    }

    @Override
    public void stepped(TailnetId tailnet, int submissions, Duration took) {
        Objects.requireNonNull(tailnet, "tailnet");
        step.record(Objects.requireNonNull(took, "took"));
    }

    @Override
    public void committed(TailnetId tailnet, Revision revision, Duration took) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(revision, "revision");
        commit.record(Objects.requireNonNull(took, "took"));
    }

    @Override
    public void conflicted(TailnetId tailnet, int inARow) {
        Objects.requireNonNull(tailnet, "tailnet");
        conflicts.increment();
    }

    @Override
    public void unknown(TailnetId tailnet, Exception cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(cause, "cause");
        unknown.increment();
    }

    @Override
    public void outageBegan(TailnetId tailnet, Exception cause) {
        Objects.requireNonNull(cause, "cause");
        of(tailnet).isDown = true;
    }

    @Override
    public void outageEnded(TailnetId tailnet, Duration lasted) {
        Objects.requireNonNull(lasted, "lasted");
        of(tailnet).isDown = false;
    }

    @Override
    public void internalError(
            TailnetId tailnet, List<Submission> submissions, @Nullable Submission toBlame, Throwable cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Copies.refuseNull(submissions, "submissions");
        Objects.requireNonNull(cause, "cause");
        errors.increment();
    }

    @Override
    public void failed(TailnetId tailnet, WayleaveException cause) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(cause, "cause");
        failed.increment();
    }

    @Override
    public void refused(TailnetId tailnet, List<Problem> problems) {
        Objects.requireNonNull(tailnet, "tailnet");
        Copies.refuseNull(problems, "problems");
        refused.increment();
    }

    @Override
    public void moved(TailnetId tailnet, RouteEvent.PrimaryMoved move) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(move, "move");
        moves.increment();
    }

    @Override
    public void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
        Figures current = of(tailnet);
        current.nodes =
                Objects.requireNonNull(snapshot, "snapshot").state().nodes().size();
        current.unserved = unserved;
        current.pending = pending;
    }
}
