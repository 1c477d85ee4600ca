package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A thread that stands still while it reads the clock, and a clock that was set to another time. */
class HostClockTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Duration passed = Duration.ZERO;
    private Duration stepped = Duration.ZERO;
    private Duration readingTakes = Duration.ZERO;
    private final HostClock clock = new HostClock(this::read, () -> passed.toNanos(), false);

    private Instant read() {
        Instant now = START.plus(passed).plus(stepped);
        passed = passed.plus(readingTakes);
        return now;
    }

    @Test
    void aStepIsTakenOutOfTheTime() {
        assertThat(clock.read()).isEqualTo(new HostClock.Reading(START, Duration.ZERO));
        stepped = HOUR;
        assertThat(clock.read()).isEqualTo(new HostClock.Reading(START, HOUR));
    }

    @Test
    void aStepIsNotFollowedBeforeAReadingIsShortEnoughToDetectIt() {
        HostClock.Reading first = clock.read();
        stepped = HOUR;
        readingTakes = SECOND;

        HostClock.Reading slow = clock.read();
        assertThat(slow.steps()).isZero();
        assertThat(slow.now()).isEqualTo(first.now().plus(passed));

        readingTakes = Duration.ZERO;
        assertThat(clock.read()).isEqualTo(new HostClock.Reading(START.plus(passed), HOUR));
    }

    @Test
    void theFirstReadingIsTakenAsItIs() {
        readingTakes = SECOND;
        assertThat(clock.read().now()).isBetween(START, START.plus(passed));
    }
}
