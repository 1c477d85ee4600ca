package dev.wayleave.storage;

import dev.wayleave.command.ClockStepDetector;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a wall clock, the host's or the store's, and detects steps of it at each reading. Safe for use by several
 * threads; a reading waits only for another reading.
 */
final class HostClock {

    /** A thread that is suspended during a reading would see a step that is none: longer readings are repeated. */
    private static final long LONGEST_READING = Duration.ofMillis(50).toNanos();

    private static final int READINGS = 3;

    private final InstantSource wallClock;
    private final LongSupplier steadyNanos;
    private final boolean isShared;

    // guarded by this

    private @Nullable ClockStepDetector detector;
    private Duration steps = Duration.ZERO;
    private @Nullable Instant lastNow;
    private long lastNanos;

    /**
     * Makes a clock.
     *
     * @param isShared whether it serves many loops, so that steps are reported once and not by each of them
     */
    HostClock(InstantSource wallClock, LongSupplier steadyNanos, boolean isShared) {
        this.wallClock = wallClock;
        this.steadyNanos = steadyNanos;
        this.isShared = isShared;
    }

    /** {@return the clock of the store, as far as a process knows it} */
    static HostClock ofStore(Replica replica, boolean isShared) {
        return new HostClock(replica.storeClock(), replica.steadyNanos(), isShared);
    }

    boolean isShared() {
        return isShared;
    }

    /** {@return the steady nanoseconds of the host: only differences mean something} */
    long steadyNanos() {
        return steadyNanos.getAsLong();
    }

    /**
     * The time of the wall clock.
     *
     * @param now the time, without the steps
     * @param steps the sum of all steps that were detected so far
     */
    record Reading(Instant now, Duration steps) {

        /** {@return the time on a clock that followed these steps} */
        Instant on(Duration followed) {
            return now.plus(followed);
        }
    }

    /**
     * Reads the clock. If every reading takes too long, the next call detects a step: until then, time goes on from the
     * last reading, for a clock that went an hour ahead would silence every router at once. Steps are compared with the
     * first reading that is short enough; a longer one at the beginning only gives the time.
     */
    synchronized Reading read() {
        long before = steadyNanos.getAsLong();
        Instant now = Instants.ofClock(wallClock.instant());
        long after = steadyNanos.getAsLong();
        for (int i = 1; i < READINGS && after - before > LONGEST_READING; i++) {
            before = steadyNanos.getAsLong();
            now = Instants.ofClock(wallClock.instant());
            after = steadyNanos.getAsLong();
        }
        boolean isShort = after - before <= LONGEST_READING;
        if (isShort) {
            compare(now, after);
        }
        if (isShort || lastNow == null) {
            lastNow = now;
            lastNanos = after;
        }
        return new Reading(lastNow.plusNanos(after - lastNanos).minus(steps), steps);
    }

    private void compare(Instant now, long nanos) {
        if (detector == null) {
            detector = new ClockStepDetector(now, nanos);
        } else {
            steps = steps.plus(detector.compare(now, nanos));
        }
    }
}
