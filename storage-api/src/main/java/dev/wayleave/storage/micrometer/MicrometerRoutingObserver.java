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
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Records the work of controllers in a {@link MeterRegistry}. One observer serves any number of controllers:
 *
 * <pre>{@code
 * RouteController.builder(store, tailnet, scheduler, clock)
 *         .observer(new MicrometerRoutingObserver(registry))
 * }</pre>
 *
 * <p>Every meter has the tag {@code tailnet}. The meters of a tailnet are registered when its controller opens.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>kind, unit</th><th>meaning</th></tr>
 *   <tr><td>{@code wayleave.queued.submissions}</td><td>gauge, submissions</td><td>wait for their answer</td></tr>
 *   <tr><td>{@code wayleave.rejected.submissions}</td><td>counter, submissions</td>
 *       <td>not taken, because the queue was full</td></tr>
 *   <tr><td>{@code wayleave.refused.submissions}</td><td>counter, submissions</td>
 *       <td>refused, because they have problems</td></tr>
 *   <tr><td>{@code wayleave.step}</td><td>timer</td><td>steps of the state machine</td></tr>
 *   <tr><td>{@code wayleave.step.submissions}</td><td>summary, submissions</td>
 *       <td>submissions that one step took in</td></tr>
 *   <tr><td>{@code wayleave.commit}</td><td>timer</td><td>commits that were written: the time of the store</td></tr>
 *   <tr><td>{@code wayleave.commit.conflicts}</td><td>counter, conflicts</td>
 *       <td>commits that were refused because another process wrote first</td></tr>
 *   <tr><td>{@code wayleave.unknown.commits}</td><td>counter, commits</td>
 *       <td>commits of which it was not known at first whether they were written</td></tr>
 *   <tr><td>{@code wayleave.retry.pause}</td><td>timer</td><td>pauses before another attempt</td></tr>
 *   <tr><td>{@code wayleave.store.up}</td><td>gauge</td><td>1 while the store works, 0 in an outage</td></tr>
 *   <tr><td>{@code wayleave.store.outages}</td><td>counter, outages</td><td>outages of the store that began</td></tr>
 *   <tr><td>{@code wayleave.store.outage}</td><td>timer</td><td>outages of the store that ended</td></tr>
 *   <tr><td>{@code wayleave.controller.up}</td><td>gauge</td>
 *       <td>1 while the controller works, 0 after it closed by itself</td></tr>
 *   <tr><td>{@code wayleave.internal.errors}</td><td>counter, errors</td>
 *       <td>internal errors; none is an error of the store</td></tr>
 *   <tr><td>{@code wayleave.clock.steps}</td><td>counter, steps</td><td>steps of the host's wall clock</td></tr>
 *   <tr><td>{@code wayleave.primary.moves}</td><td>counter, moves</td>
 *       <td>prefixes whose primary moved to another node</td></tr>
 *   <tr><td>{@code wayleave.revision}</td><td>gauge</td><td>the published revision</td></tr>
 *   <tr><td>{@code wayleave.nodes}</td><td>gauge, nodes</td><td>nodes of the tailnet</td></tr>
 *   <tr><td>{@code wayleave.prefixes}</td><td>gauge, prefixes</td>
 *       <td>subnet prefixes that are effective on some node</td></tr>
 *   <tr><td>{@code wayleave.unserved.prefixes}</td><td>gauge, prefixes</td><td>those without a primary</td></tr>
 *   <tr><td>{@code wayleave.pending.routes}</td><td>gauge, routes</td>
 *       <td>routes that are advertised, and neither approved nor denied</td></tr>
 * </table>
 *
 * <p>Each call costs a few additions.
 */
public final class MicrometerRoutingObserver implements RoutingObserver {

    private final MeterRegistry registry;
    private final Map<TailnetId, TailnetMeters> meters = new ConcurrentHashMap<>();

    /**
     * Makes an observer. It registers no meter yet.
     *
     * @param registry where the meters are registered
     */
    @SuppressWarnings("exports") // Micrometer is optional: a host that has a registry reads its module already
    public MicrometerRoutingObserver(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    /**
     * Removes the meters of a tailnet from the registry. For hosts that close a controller and keep running; call it
     * after {@link dev.wayleave.storage.RouteController#close}, because a later call of the observer registers the
     * meters again. Does nothing if there are none.
     *
     * @param tailnet the tailnet of the closed controller
     */
    public void remove(TailnetId tailnet) {
        TailnetMeters removed = meters.remove(Objects.requireNonNull(tailnet, "tailnet"));
        if (removed != null) {
            removed.remove();
        }
    }

    private TailnetMeters of(TailnetId tailnet) {
        return meters.computeIfAbsent(
                Objects.requireNonNull(tailnet, "tailnet"), each -> new TailnetMeters(registry, each));
    }

    @Override
    public void queued(TailnetId tailnet, int waiting) {
        of(tailnet).queued(waiting);
    }

    @Override
    public void queueFull(TailnetId tailnet, int limit) {
        of(tailnet).rejected.increment();
    }

    @Override
    public void stepped(TailnetId tailnet, int submissions, Duration took) {
        Objects.requireNonNull(took, "took");
        TailnetMeters of = of(tailnet);
        of.step.record(took);
        of.stepSubmissions.record(submissions);
    }

    @Override
    public void committed(TailnetId tailnet, Revision revision, Duration took) {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(took, "took");
        of(tailnet).commit.record(took);
    }

    @Override
    public void conflicted(TailnetId tailnet, int inARow) {
        of(tailnet).conflicts.increment();
    }

    @Override
    public void unknown(TailnetId tailnet, Exception cause) {
        Objects.requireNonNull(cause, "cause");
        of(tailnet).unknown.increment();
    }

    @Override
    public void retrying(TailnetId tailnet, Duration pause) {
        Objects.requireNonNull(pause, "pause");
        of(tailnet).pause.record(pause);
    }

    @Override
    public void outageBegan(TailnetId tailnet, Exception cause) {
        Objects.requireNonNull(cause, "cause");
        of(tailnet).outageBegan();
    }

    @Override
    public void outageEnded(TailnetId tailnet, Duration lasted) {
        Objects.requireNonNull(lasted, "lasted");
        of(tailnet).outageEnded(lasted);
    }

    @Override
    public void internalError(
            TailnetId tailnet, List<Submission> submissions, @Nullable Submission toBlame, Throwable cause) {
        Copies.refuseNull(submissions, "submissions");
        Objects.requireNonNull(cause, "cause");
        of(tailnet).errors.increment();
    }

    @Override
    public void failed(TailnetId tailnet, WayleaveException cause) {
        Objects.requireNonNull(cause, "cause");
        of(tailnet).failed();
    }

    @Override
    public void clockStepped(TailnetId tailnet, Duration by) {
        Objects.requireNonNull(by, "by");
        of(tailnet).clockSteps.increment();
    }

    @Override
    public void refused(TailnetId tailnet, List<Problem> problems) {
        Copies.refuseNull(problems, "problems");
        of(tailnet).refused.increment();
    }

    @Override
    public void moved(TailnetId tailnet, RouteEvent.PrimaryMoved move) {
        Objects.requireNonNull(move, "move");
        of(tailnet).moves.increment();
    }

    @Override
    public void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
        Objects.requireNonNull(snapshot, "snapshot");
        of(tailnet).published(snapshot, unserved, pending);
    }
}
