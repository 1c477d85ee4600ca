package dev.wayleave.storage;

import java.time.Duration;
import java.util.Objects;

/**
 * The length of the lease of a {@link Replica}, and the time between two renewals.
 *
 * @param length after how long without a renewal another process may take over, from 100 ms to a day
 * @param renewal the time from one renewal to the next: longer than zero, and at most half of the length
 */
public record LeaseRule(Duration length, Duration renewal) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** A lease of 15 s, renewed every 5 s. */
    public static final LeaseRule DEFAULT = new LeaseRule(Duration.ofSeconds(15), Duration.ofSeconds(5));

    /**
     * Checks the durations.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public LeaseRule {
        Objects.requireNonNull(length, "length");
        Objects.requireNonNull(renewal, "renewal");
        Lease.checkLength(length);
        if (length.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "a lease of `" + length + "` is too short: give it " + SHORTEST + " or more");
        }
        if (renewal.isZero() || renewal.isNegative() || renewal.compareTo(length.dividedBy(2)) > 0) {
            throw new IllegalArgumentException("a lease of `" + length + "` cannot be renewed every `" + renewal
                    + "`: renew it after half of its length at the latest");
        }
    }
}
