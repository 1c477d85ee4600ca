package dev.wayleave.storage;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Knows when a controller that {@linkplain RouteControllerBuilder#following follows} reads the store next without
 * another reason. A random part of up to a half is subtracted from each period, so that several processes do not read
 * at the same moment. For the thread of the loop.
 */
final class PollTimer {

    private final @Nullable Duration period;
    private final HostClock clock;
    private final Pauses pauses;

    /** By the steady nanoseconds of the host. */
    private long begun;

    private long lengthNanos;

    /**
     * Begins the first period.
     *
     * @param period null for a controller that does not follow
     */
    PollTimer(@Nullable Duration period, HostClock clock, Pauses pauses) {
        this.period = period;
        this.clock = clock;
        this.pauses = pauses;
        restart();
    }

    /** Begins a period: the store was read, or a commit on the newest revision succeeded. */
    void restart() {
        if (period != null) {
            begun = clock.steadyNanos();
            lengthNanos = pauses.jittered(period).toNanos();
        }
    }

    /** {@return the time until the store is read, zero or less if that is due; empty for one that does not follow} */
    Optional<Duration> untilDue() {
        return period == null
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(lengthNanos - (clock.steadyNanos() - begun)));
    }

    boolean isDue() {
        return untilDue().filter(left -> left.isZero() || left.isNegative()).isPresent();
    }
}
