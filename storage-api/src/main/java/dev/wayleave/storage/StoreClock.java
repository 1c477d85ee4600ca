package dev.wayleave.storage;

import dev.wayleave.command.ClockStepDetector;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time of the store, counted on between two readings by the steady clock of this process: a wall clock that is
 * wrong changes nothing. A reading is exact to the half of its round trip. It replaces the time that is counted only if
 * the two differ by more than that.
 *
 * <p>Safe for use by several threads.
 */
final class StoreClock implements InstantSource {

    private static final QuietLog LOG = QuietLog.of(StoreClock.class);

    private final LongSupplier nanos;

    /** A time of the store, and the steady nanoseconds at which it was so. */
    private record Reading(Instant time, long nanos) {

        Instant at(long now) {
            return time.plusNanos(now - nanos);
        }
    }

    private volatile Reading last;

    StoreClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.last = new Reading(Instant.EPOCH, nanos.getAsLong());
    }

    /** Sets the time that the store returned between two readings of the steady clock. */
    void set(Instant time, long begun, long ended) {
        long half = (ended - begun) / 2;
        Reading next = new Reading(time, begun + half);
        Instant counted = last.at(next.nanos());
        if (counted.isBefore(time.minusNanos(half)) || counted.isAfter(time.plusNanos(half))) {
            last = next;
        }
    }

    /**
     * {@return whether a reading of this round trip may be so wrong that a better one is a step of the clock} The first
     * call of a process that starts takes long: it connects to the store, on a machine that may be busy.
     */
    static boolean isRough(long begun, long ended) {
        return ended - begun >= ClockStepDetector.THRESHOLD.toNanos();
    }

    @Override
    public Instant instant() {
        return last.at(nanos.getAsLong());
    }

    /**
     * {@return the store's clock minus that of a host; if the clock of the host fails, what it was last} The lease is
     * renewed all the same.
     */
    static Duration offset(Instant ofStore, InstantSource host, Duration last) {
        try {
            return Duration.between(host.instant(), ofStore);
        } catch (Throwable e) {
            LOG.debug("the clock of the host failed: it is not compared with the store's", e);
            return last;
        }
    }
}
