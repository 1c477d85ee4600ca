package dev.wayleave.storage;

import java.time.Duration;
import java.util.Objects;

/**
 * How often and how fast a {@link RouteController} tries again.
 *
 * <p>Immutable and safe for use by several threads. The pause before the n-th try doubles from the first to the
 * longest, and a random part of up to a half is taken off it, so that several writers do not meet again.
 *
 * @param conflicts how many conflicts in a row a submission may meet before it is given up, 1 or more
 * @param first the pause after the first failure, more than nothing
 * @param longest the longest pause, no shorter than the first
 */
public record RetryRule(int conflicts, Duration first, Duration longest) {

    /** Twenty conflicts; pauses from 10 ms to 10 s. */
    public static final RetryRule DEFAULT = new RetryRule(20, Duration.ofMillis(10), Duration.ofSeconds(10));

    /**
     * Checks the numbers.
     *
     * @param conflicts how many conflicts in a row a submission may meet before it is given up, 1 or more
     * @param first the pause after the first failure, more than nothing
     * @param longest the longest pause, no shorter than the first
     * @throws IllegalArgumentException if a number is out of its range
     */
    public RetryRule {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(longest, "longest");
        if (conflicts < 1) {
            throw new IllegalArgumentException("`" + conflicts + "` conflicts are too few: 1 or more must be allowed");
        }
        if (first.isZero() || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("pauses from `" + first + "` to `" + longest
                    + "` are no rule: the first must be more than nothing, and the longest no shorter");
        }
    }

    /** The pause after so many failures in a row, given a random number from 0 to 1. */
    Duration pause(int failures, double random) {
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        Duration most = pause.compareTo(longest) < 0 ? pause : longest;
        return most.minusNanos((long) (most.toNanos() / 2.0 * Math.min(1, Math.max(0, random))));
    }
}
