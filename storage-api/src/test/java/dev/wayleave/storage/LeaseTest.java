package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbers that a lease cannot have. */
class LeaseTest {

    private static Lease lease(Duration length, long renewals, long takeovers) {
        Instant at = Instant.EPOCH;
        return new Lease(new ReplicaId("one"), new CommitToken("start"), length, renewals, takeovers, at, at);
    }

    @Test
    void aLeaseIsLongerThanZero() {
        assertThat(lease(Duration.ofMillis(1), 0, 0).length()).isEqualTo(Duration.ofMillis(1));
        for (Duration length : new Duration[] {Duration.ZERO, Duration.ofMillis(-1)}) {
            assertThatThrownBy(() -> lease(length, 0, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("`" + length + "`");
        }
    }

    @Test
    void aLeaseIsNoLongerThanADay() {
        assertThat(lease(Duration.ofDays(1), 0, 0).length()).isEqualTo(Duration.ofDays(1));
        for (Duration length : List.of(Duration.ofDays(1).plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> lease(length, 0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new LeaseRule(length, Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new LeaseRule(Duration.ofDays(1), length))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void renewalsAndTakeoversAreNotNegative() {
        assertThatThrownBy(() -> lease(Duration.ofSeconds(1), -1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`-1`");
        assertThatThrownBy(() -> lease(Duration.ofSeconds(1), 0, -2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`-2`");
    }
}
