package dev.wayleave.storage;

import java.time.Duration;
import java.util.Objects;

/**
 * The number of attempts and the pauses between attempts of a {@link RouteController}.
 *
 * <p>The pause doubles with each attempt, from the first to the longest. After a conflict it is at most five times the
 * first pause, so that no writer waits long for its turn. From each pause a random part of up to a half is subtracted,
 * so that two writers do not meet again.
 *
 * @param conflicts after how many conflicts in a row a submission is given up, 1 or more
 * @param first the pause after the first failure, longer than zero
 * @param longest the longest pause, not shorter than the first, and at most a day
 */
public record RetryRule(int conflicts, Duration first, Duration longest) {

    /** The longest pause after a conflict, as a multiple of the first pause. */
    private static final int LONGEST_AFTER_CONFLICT = 5;

    private static final Duration LONGEST = Duration.ofDays(1);

    /** Twenty conflicts; pauses from 10 ms to 10 s. */
    public static final RetryRule DEFAULT = new RetryRule(20, Duration.ofMillis(10), Duration.ofSeconds(10));

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public RetryRule {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(longest, "longest");
        if (conflicts < 1) {
            throw new IllegalArgumentException("`" + conflicts + "` conflicts are too few: 1 or more must be allowed");
        }
        if (first.isZero() || first.isNegative() || longest.compareTo(first) < 0 || longest.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("pauses from `" + first + "` to `" + longest
                    + "` cannot be used: the first must be longer than zero, and the longest not shorter than "
                    + "the first, and at most " + LONGEST);
        }
    }

    /**
     * {@return the pause after this many conflicts in a row, for a random number from 0 to 1} It ends at
     * {@value #LONGEST_AFTER_CONFLICT} times the first one: the other writer was done when it met the conflict, and a
     * writer that waits longer and longer never has its turn while other processes write all the time.
     */
    Duration pauseAfterConflict(int conflicts, double random) {
        Duration most = first.multipliedBy(LONGEST_AFTER_CONFLICT);
        return new RetryRule(this.conflicts, first, most.compareTo(longest) < 0 ? most : longest)
                .pause(conflicts, random);
    }

    /** {@return the pause after this many failures in a row, for a random number from 0 to 1} */
    Duration pause(int failures, double random) {
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return jittered(pause.compareTo(longest) < 0 ? pause : longest, random);
    }

    /** {@return a pause without a random part of up to a half, for a random number from 0 to 1} */
    static Duration jittered(Duration most, double random) {
        return most.minusNanos((long) (most.toNanos() / 2.0 * Math.min(1, Math.max(0, random))));
    }
}
