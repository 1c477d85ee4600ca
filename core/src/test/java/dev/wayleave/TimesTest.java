package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
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
    void whatIsLaterThanAllTimeNeverComes() {
        assertThat(Times.plus(Long.MAX_VALUE - 5, Duration.ofMillis(6))).isEqualTo(Deadline.NEVER);
        assertThat(Times.plus(5, Duration.ofMillis(6))).isEqualTo(11);
        assertThat(Times.plus(5, Duration.ZERO)).isEqualTo(5);
    }
}
