package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    @Test
    void aFirstReadingThatTakesTooLongLetsTheNextOneDetectNoStep() {
        readingTakes = SECOND;
        Instant first = clock.read().now();

        assertThat(clock.read().now()).isBetween(first, START.plus(passed));
        readingTakes = Duration.ZERO;
        assertThat(clock.read()).isEqualTo(new HostClock.Reading(START.plus(passed), Duration.ZERO));
        stepped = HOUR;
        assertThat(clock.read()).isEqualTo(new HostClock.Reading(START.plus(passed), HOUR));
    }

    @ParameterizedTest
    @MethodSource("extremes")
    void aClockAtTheEndsOfTimeIsReadLikeAnyOther(Instant first, Instant then) {
        AtomicReference<Instant> shown = new AtomicReference<>(first);
        HostClock extreme = new HostClock(shown::get, () -> passed.toNanos(), false);
        for (int i = 0; i < 4; i++) {
            HostClock.Reading reading = extreme.read();

            // a clock that cannot go on at the end of time differs by what passed since it was first read
            assertThat(Duration.between(Instants.ofClock(shown.get()), reading.on(reading.steps()))
                            .abs())
                    .isLessThanOrEqualTo(passed);
            passed = passed.plus(SECOND);
            shown.set(i % 2 == 0 ? then : first);
        }
    }

    static Stream<Arguments> extremes() {
        List<Instant> times =
                List.of(Instant.MIN, Instant.MIN.plusMillis(1), START, Instant.MAX.minusMillis(1), Instant.MAX);
        return times.stream().flatMap(first -> times.stream().map(then -> Arguments.of(first, then)));
    }
}
