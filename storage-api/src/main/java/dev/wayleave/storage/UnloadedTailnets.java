package dev.wayleave.storage;

import dev.wayleave.mesh.TailnetId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The unloaded tailnets of which something is remembered: the revision, and when the next deadline is. Deadlines are
 * dates on the wall clock (the expiry of a key, the end of a drain; of a shared tailnet also the end of a grace), so
 * that a step of the clock moves their alarms and not them.
 *
 * <p>Safe for use by several threads.
 */
final class UnloadedTailnets {

    private static final QuietLog LOG = QuietLog.of(UnloadedTailnets.class);

    /** After a load for a deadline failed, the next one follows after this time. */
    static final Duration AGAIN = Duration.ofSeconds(10);

    private final SharedTimer timer;
    private final HostClock clock;

    /** Loads a tailnet whose deadline has come. */
    private final Consumer<TailnetId> wake;

    // guarded by this

    private final Map<TailnetId, UnloadedTailnet> unloaded = new HashMap<>();

    UnloadedTailnets(SharedTimer timer, HostClock clock, Consumer<TailnetId> wake) {
        this.timer = timer;
        this.clock = clock;
        this.wake = wake;
    }

    private static final class UnloadedTailnet {
        private final Revision revision;
        private final @Nullable Instant due;
        private LoopTimer.@Nullable Alarm alarm;

        UnloadedTailnet(Revision revision, @Nullable Instant due) {
            this.revision = revision;
            this.due = due;
        }
    }

    /** Remembers a tailnet that is unloaded, and wakes it at its next deadline. */
    synchronized void add(TailnetId tailnet, Snapshot last) {
        plan(tailnet, put(tailnet, last.revision(), last.state().nextDeadline().orElse(null)));
    }

    /** Remembers a tailnet that is unloaded, and wakes it soon, because something is left to do. */
    synchronized void addSoon(TailnetId tailnet, Snapshot last) {
        set(tailnet, put(tailnet, last.revision(), last.state().now()), AGAIN);
    }

    private synchronized UnloadedTailnet put(TailnetId tailnet, Revision revision, @Nullable Instant due) {
        remove(tailnet);
        UnloadedTailnet added = new UnloadedTailnet(revision, due);
        unloaded.put(tailnet, added);
        return added;
    }

    /** {@return the revision at which the tailnet was unloaded; null if it was not} */
    synchronized @Nullable Revision revision(TailnetId tailnet) {
        UnloadedTailnet known = unloaded.get(tailnet);
        return known == null ? null : known.revision;
    }

    synchronized boolean contains(TailnetId tailnet) {
        return unloaded.containsKey(tailnet);
    }

    /** The tailnet is loaded, deleted or another process's. */
    synchronized void remove(TailnetId tailnet) {
        UnloadedTailnet removed = unloaded.remove(tailnet);
        if (removed != null && removed.alarm != null) {
            removed.alarm.cancel();
        }
    }

    synchronized void clear() {
        for (TailnetId tailnet : unloaded.keySet().toArray(new TailnetId[0])) {
            remove(tailnet);
        }
    }

    /** The clock was stepped: dates come sooner or later than they seemed. */
    synchronized void planAnew() {
        unloaded.forEach(this::plan);
    }

    /** The tailnet could not be loaded for its deadline: it is tried again. */
    synchronized void again(TailnetId tailnet) {
        UnloadedTailnet known = unloaded.get(tailnet);
        if (known != null) {
            set(tailnet, known, AGAIN);
        }
    }

    private synchronized void plan(TailnetId tailnet, UnloadedTailnet known) {
        Instant due = known.due;
        if (due == null) {
            return;
        }
        Duration sleep = timer.sleep(untilDue(tailnet, due));
        set(tailnet, known, sleep == null ? Duration.ZERO : sleep);
    }

    private Duration untilDue(TailnetId tailnet, Instant due) {
        try {
            HostClock.Reading reading = clock.read();
            return Duration.between(reading.on(reading.steps()), due);
        } catch (Throwable e) {
            LOG.error("the clock failed: the deadline of tailnet {} is planned again soon", tailnet, e);
            return AGAIN;
        }
    }

    private synchronized void set(TailnetId tailnet, UnloadedTailnet known, Duration delay) {
        if (known.alarm != null) {
            known.alarm.cancel();
        }
        known.alarm = timer.keep(delay, () -> ring(tailnet, known));
    }

    private void ring(TailnetId tailnet, UnloadedTailnet known) {
        synchronized (this) {
            Instant due = known.due;
            if (unloaded.get(tailnet) != known || due == null) {
                return;
            }
            Duration left = untilDue(tailnet, due);
            if (!left.isZero() && !left.isNegative()) {
                plan(tailnet, known);
                return;
            }
        }
        wake.accept(tailnet);
    }
}
