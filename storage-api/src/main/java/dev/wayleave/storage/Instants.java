package dev.wayleave.storage;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** Times that a host shows or gives may be any; no sum of them must fail a submission, or stop a timer. */
final class Instants {

    /** The ends of the times of a clock, a million years away: every sum with a timer is within the core's range. */
    private static final Instant FIRST = Instant.parse("-1000000-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("+1000000-01-01T00:00:00Z");

    private Instants() {}

    /** {@return the time of a clock, or the end of the range that it lies beyond} */
    static Instant ofClock(Instant shown) {
        return shown.isBefore(FIRST) ? FIRST : shown.isAfter(LAST) ? LAST : shown;
    }

    /** Adds a duration; a result beyond the range of {@link Instant} becomes its end. */
    static Instant plus(Instant at, Duration by) {
        try {
            return at.plus(by);
        } catch (DateTimeException | ArithmeticException e) {
            return by.isNegative() ? Instant.MIN : Instant.MAX;
        }
    }
}
