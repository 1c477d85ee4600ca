package dev.wayleave.storage.micrometer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Snapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one tailnet. A name ends with its unit: registries that append the unit, as Prometheus does, would
 * repeat it elsewhere.
 */
final class TailnetMeters {

    /** The figures of the last publication. */
    private record Figures(double revision, double nodes, double prefixes, double unserved, double pending) {}

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> registered = new CopyOnWriteArrayList<>();

    final Counter rejected;
    final Counter refused;
    final Counter conflicts;
    final Counter unknown;
    final Counter errors;
    final Counter clockSteps;
    final Counter moves;
    final Timer step;
    final Timer commit;
    final Timer pause;
    final DistributionSummary stepSubmissions;
    private final Counter outages;
    private final Timer outage;

    private volatile int queued;
    private volatile boolean isStoreUp = true;
    private volatile boolean isControllerUp = true;
    private volatile @Nullable Figures figures;

    TailnetMeters(MeterRegistry registry, TailnetId tailnet) {
        this.registry = registry;
        this.tags = Tags.of("tailnet", tailnet.value());
        rejected = counter("rejected.submissions", "Submissions that were not taken, because the queue was full");
        refused = counter("refused.submissions", "Submissions that were refused, because they have problems");
        conflicts = counter("commit.conflicts", "Commits that were refused because another process wrote first");
        unknown = counter("unknown.commits", "Commits of which it was not known at first whether they were written");
        errors = counter("internal.errors", "Internal errors of the controller");
        clockSteps = counter("clock.steps", "Steps of the host's wall clock");
        moves = counter("primary.moves", "Prefixes whose primary moved to another node");
        outages = counter("store.outages", "Outages of the store that began");
        outage = timer("store.outage", "Outages of the store that ended");
        step = timer("step", "Steps of the state machine");
        commit = timer("commit", "Commits that were written: the time of the store");
        pause = timer("retry.pause", "Pauses before another attempt");
        stepSubmissions = register(DistributionSummary.builder("wayleave.step.submissions")
                .description("Submissions that one step took in")
                .baseUnit("submissions")
                .tags(tags)
                .register(registry));
        gauge("queued.submissions", "submissions", "Submissions that wait for their answer", each -> each.queued);
        gauge("store.up", null, "1 while the store works, 0 in an outage", each -> each.isStoreUp ? 1 : 0);
        gauge(
                "controller.up",
                null,
                "1 while the controller works, 0 after it closed by itself",
                each -> each.isControllerUp ? 1 : 0);
    }

    private Counter counter(String name, String description) {
        return register(Counter.builder("wayleave." + name)
                .description(description)
                .baseUnit(name.substring(name.lastIndexOf('.') + 1))
                .tags(tags)
                .register(registry));
    }

    private Timer timer(String name, String description) {
        return register(Timer.builder("wayleave." + name)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private void gauge(String name, @Nullable String unit, String description, ToDoubleFunction<TailnetMeters> value) {
        register(Gauge.builder("wayleave." + name, this, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry));
    }

    private void snapshotGauge(
            String name, @Nullable String unit, String description, ToDoubleFunction<Figures> value) {
        gauge(name, unit, description, each -> {
            Figures last = each.figures;
            return last == null ? Double.NaN : value.applyAsDouble(last);
        });
    }

    @CanIgnoreReturnValue
    private <M extends Meter> M register(M meter) {
        registered.add(meter);
        return meter;
    }

    void remove() {
        registered.forEach(registry::remove);
    }

    void queued(int waiting) {
        queued = waiting;
    }

    void outageBegan() {
        isStoreUp = false;
        outages.increment();
    }

    void outageEnded(Duration lasted) {
        isStoreUp = true;
        outage.record(lasted);
    }

    void failed() {
        isControllerUp = false;
    }

    void published(Snapshot snapshot, int unserved, int pending) {
        boolean isFirst = figures == null;
        figures = new Figures(
                snapshot.revision().value(),
                snapshot.state().nodes().size(),
                snapshot.state().routes().size(),
                unserved,
                pending);
        isControllerUp = true; // a host that opens a controller anew may keep its observer
        if (isFirst) {
            registerSnapshotGauges();
        }
    }

    private void registerSnapshotGauges() {
        snapshotGauge("revision", null, "The published revision", Figures::revision);
        snapshotGauge("nodes", "nodes", "Nodes of the tailnet", Figures::nodes);
        snapshotGauge("prefixes", "prefixes", "Subnet prefixes that are effective on some node", Figures::prefixes);
        snapshotGauge(
                "unserved.prefixes",
                "prefixes",
                "Subnet prefixes that are effective on some node and have no primary",
                Figures::unserved);
        snapshotGauge(
                "pending.routes",
                "routes",
                "Routes that are advertised, and neither approved nor denied",
                Figures::pending);
    }
}
