package dev.wayleave.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wall clock beside steady nanoseconds: what is a step, and what is not. */
class ClockStepDetectorTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant wallClock = START;
    private long nanos = Long.MAX_VALUE - 1_000_000_000;
    private final ClockStepDetector detector = new ClockStepDetector(wallClock, nanos);

    /** Lets time pass for a clock that runs at its own rate. */
    private Duration pass(Duration time, double rate) {
        nanos += time.toNanos();
        wallClock = wallClock.plusNanos(Math.round(time.toNanos() * rate));
        return detector.compare(wallClock, nanos);
    }

    private Duration pass(Duration time) {
        return pass(time, 1);
    }

    @Test
    void clocksThatGoTogetherAreNoStep() {
        for (int i = 0; i < 100; i++) {
            assertThat(pass(Duration.ofSeconds(i))).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.5S", "PT-0.5S", "PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H", "PT876000H"})
    void aStepIsReturnedOnce(Duration by) {
        wallClock = wallClock.plus(by);
        assertThat(pass(Duration.ofSeconds(3))).isEqualTo(by);
        assertThat(pass(Duration.ofSeconds(3))).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.499999999S", "PT-0.499999999S"})
    void aSmallDifferenceIsFollowed(Duration by) {
        wallClock = wallClock.plus(by);
        assertThat(pass(Duration.ofSeconds(10))).isZero();
        wallClock = wallClock.plus(by);
        assertThat(pass(Duration.ofSeconds(10))).isZero();
    }

    @Test
    void smallDifferencesInOneWindowAddUp() {
        wallClock = wallClock.plusMillis(300);
        assertThat(pass(Duration.ofMillis(1))).isZero();
        wallClock = wallClock.plusMillis(300);
        assertThat(pass(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void aMachineThatSleptResumesWithAStepAhead() {
        wallClock = wallClock.plus(Duration.ofHours(8));
        assertThat(pass(Duration.ofMillis(20))).isEqualTo(Duration.ofHours(8));
    }

    @Test
    void aStepIsCutToWholeMilliseconds() {
        wallClock = wallClock.minusNanos(1_000_999_999);
        assertThat(pass(Duration.ZERO)).isEqualTo(Duration.ofMillis(-1_000));
    }

    /**
     * NTP slews by 500 parts of a million. A window is no longer than twenty seconds where comparisons are ten apart.
     */
    @Property(tries = 200)
    void aSlewNeverAddsUpToAStepHoweverOftenItIsLookedAt(
            @ForAll @IntRange(min = -24_000, max = 24_000) int partsOfAMillion,
            @ForAll @LongRange(min = 1, max = 10_000) long millis) {
        for (int i = 0; i < 200; i++) {
            assertThat(pass(Duration.ofMillis(millis), 1 + partsOfAMillion / 1e6))
                    .isZero();
        }
    }

    @Test
    void theEndsOfTimeAreTimes() {
        assertThat(detector.compare(Instant.MAX, nanos)).isPositive();
        assertThat(detector.compare(Instant.MIN, nanos)).isNegative();
    }
}
