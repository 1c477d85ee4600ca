package dev.wayleave.storage;

import dev.wayleave.ClockStepDetector;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The host's wall clock, watched for steps at each reading. Safe for use by several threads; a reading waits for
 * nothing but another one.
 */
final class HostClock {

    /** A thread that is held up between the two counts of a reading would see a step: longer ones are made again. */
    private static final long LONGEST_READING = Duration.ofMillis(50).toNanos();

    private static final int READINGS = 3;

    private final InstantSource wallClock;
    private final LongSupplier steadyNanos;

    // guarded by this

    private @Nullable ClockStepDetector detector;
    private Duration steps = Duration.ZERO;

    HostClock(InstantSource wallClock, LongSupplier steadyNanos) {
        this.wallClock = wallClock;
        this.steadyNanos = steadyNanos;
    }

    /**
     * What the wall clock shows.
     *
     * @param now the time, without the steps
     * @param steps the sum of all steps that were noticed by then
     */
    record Reading(Instant now, Duration steps) {

        /** The time on a clock that followed so much of the steps. */
        Instant on(Duration followed) {
            return now.plus(followed);
        }
    }

    /** Reads the clock. If each reading is held up, the next call looks for steps. */
    synchronized Reading read() {
        long before = steadyNanos.getAsLong();
        Instant now = wallClock.instant();
        long after = steadyNanos.getAsLong();
        for (int i = 1; i < READINGS && after - before > LONGEST_READING; i++) {
            before = steadyNanos.getAsLong();
            now = wallClock.instant();
            after = steadyNanos.getAsLong();
        }
        if (after - before <= LONGEST_READING) {
            compare(now, after);
        }
        return new Reading(now.minus(steps), steps);
    }

    private void compare(Instant now, long nanos) {
        if (detector == null) {
            detector = new ClockStepDetector(now, nanos);
        } else {
            steps = steps.plus(detector.compare(now, nanos));
        }
    }
}
