package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimesTest {

    @Test
    void anInstantIsCutToItsMillisecondAndADeadlineIsNotDoneEarly() {
        Instant fine = Instant.ofEpochSecond(7, 1_000_001);
        assertThat(Times.millis(fine)).isEqualTo(7_001);
        assertThat(Times.ceilingMillis(fine)).isEqualTo(7_002);
        assertThat(Times.ceilingMillis(Instant.ofEpochMilli(7_001))).isEqualTo(7_001);
        assertThat(Times.millis(Instant.ofEpochSecond(-1, 1))).isEqualTo(-1_000);
    }

    @Test
    void theEndsOfTimeStayInTheirOrder() {
        assertThat(Times.millis(Instant.MAX))
                .isPositive()
                .isGreaterThan(Times.millis(Instant.parse("+10000-01-01T00:00:00Z")))
                .isLessThan(Deadline.NEVER);
        assertThat(Times.millis(Instant.MIN)).isNegative().isEqualTo(-Times.millis(Instant.MAX));
        assertThat(Times.instant(Times.millis(Instant.MAX))).isBefore(Instant.MAX);
    }

    @Test
    void aTimeLaterThanAllTimesNeverComes() {
        assertThat(Times.plus(Long.MAX_VALUE - 5, Duration.ofMillis(6))).isEqualTo(Deadline.NEVER);
        assertThat(Times.plus(5, Duration.ofMillis(6))).isEqualTo(11);
        assertThat(Times.plus(5, Duration.ZERO)).isEqualTo(5);
    }

    @Test
    void moreStepsOfTheClockThanTimeHasRoomForEndAtTheEndOfTime() {
        Submission step = Submission.of(new Actor("ada"), new Command.StepClock(Command.StepClock.MOST));

        long sum = ClockStepCommand.sum(Collections.nCopies(300_000, step));

        assertThat(Times.shifted(Times.millis(Instant.MAX), sum)).isEqualTo(Times.millis(Instant.MAX));
        assertThat(Times.shifted(Times.millis(Instant.MIN), sum)).isBetween(0L, Times.millis(Instant.MAX));
    }

    @Test
    void anEventOfAClockThatNoHostHasHasAText() {
        for (Duration by :
                List.of(Duration.ofSeconds(Long.MIN_VALUE), Duration.ofNanos(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThat(new RouteEvent.ClockStepped(Origin.time(), by).text(Names.NUMBERS))
                    .isNotBlank();
        }
    }
}
