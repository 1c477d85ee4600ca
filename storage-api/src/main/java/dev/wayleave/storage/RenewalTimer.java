package dev.wayleave.storage;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The next renewal of a replica's lease, as a timer of the host. Where the scheduler rejects it, it is asked again by
 * {@link #planAgain}: one rejection must not end all renewals.
 */
final class RenewalTimer {

    private static final QuietLog LOG = QuietLog.of(RenewalTimer.class);

    private final ReplicaId replica;
    private final ScheduledExecutorService scheduler;
    private final Runnable renewal;

    /** Whether the scheduler has rejected the next renewal. */
    private volatile boolean isRejected;

    // guarded by this, and not by the replica, which holds its lock during calls of the store

    private boolean isClosed;
    private @Nullable ScheduledFuture<?> timer;

    RenewalTimer(ReplicaId replica, ScheduledExecutorService scheduler, Runnable renewal) {
        this.replica = replica;
        this.scheduler = scheduler;
        this.renewal = renewal;
    }

    /** {@return why the scheduler rejects the next renewal; null if it takes it, or the replica is closed} */
    synchronized @Nullable Throwable plan(Duration delay) {
        if (isClosed) {
            return null;
        }
        try {
            timer = scheduler.schedule(renewal, delay.toNanos(), TimeUnit.NANOSECONDS);
            isRejected = false;
            return null;
        } catch (Throwable e) {
            if (!isRejected) {
                LOG.error(
                        "the scheduler takes no renewal of replica {}: its lease runs out unless it takes one soon;"
                                + " each turn of a controller and each look whether the replica is stale asks again",
                        replica,
                        e);
            }
            isRejected = true;
            return e;
        }
    }

    /** Asks the scheduler for a renewal at once if it rejected the last one. Does not wait for the store. */
    void planAgain() {
        if (isRejected) {
            planRejected();
        }
    }

    private synchronized void planRejected() {
        if (isRejected) {
            var unused = plan(Duration.ZERO);
        }
    }

    synchronized void close() {
        isClosed = true;
        SharedTimer.cancel(timer);
    }
}
