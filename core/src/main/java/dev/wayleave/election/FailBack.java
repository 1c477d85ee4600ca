package dev.wayleave.election;

import java.time.Duration;
import java.util.Objects;

/**
 * The rule for a candidate that comes before the incumbent in the order, though both are of one class: whether it may
 * take the prefix.
 *
 * <p>A better class needs no fail-back: it wins at once.
 */
public sealed interface FailBack {

    /** The incumbent stays as long as no candidate is of a better class. */
    record Never() implements FailBack {}

    /** The first in the order takes the prefix as soon as it is a candidate out of grace. */
    record AtOnce() implements FailBack {}

    /**
     * The first in the order takes the prefix once it has been out of grace and in its class for a time without a
     * break.
     *
     * @param stability 1 ms to {@link FailBack#LONGEST}, in whole milliseconds
     */
    record After(Duration stability) implements FailBack {

        /**
         * Checks the time.
         *
         * @throws IllegalArgumentException if it is out of range
         */
        public After {
            Objects.requireNonNull(stability, "stability");
            if (stability.isZero()
                    || stability.isNegative()
                    || stability.compareTo(LONGEST) > 0
                    || stability.toNanos() % 1_000_000 != 0) {
                throw new IllegalArgumentException("fail-back after `" + stability
                        + "` is out of range: choose `PT0.001S` to `" + LONGEST + "` in whole milliseconds");
            }
        }
    }

    /** The longest time of stability that can be asked for: 366 days. */
    Duration LONGEST = Duration.ofDays(366);

    /** {@return the rule that never moves a prefix for the sake of the order} */
    static FailBack never() {
        return new Never();
    }

    /** {@return the rule that always follows the order} */
    static FailBack atOnce() {
        return new AtOnce();
    }

    /**
     * Returns the rule that follows the order after a time of stability.
     *
     * @param stability 1 ms to {@link #LONGEST}, in whole milliseconds
     * @return the rule
     * @throws IllegalArgumentException if the time is out of range
     */
    static FailBack after(Duration stability) {
        Objects.requireNonNull(stability, "stability");
        return new After(stability);
    }
}
