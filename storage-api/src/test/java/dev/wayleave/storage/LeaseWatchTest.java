package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When the lease of another process has run out, and which looks say nothing. */
class LeaseWatchTest {

    private static final Duration LENGTH = Duration.ofSeconds(15);
    private static final long MOST = Duration.ofSeconds(7).toNanos();

    private final LeaseWatch watch = new LeaseWatch();

    private static Lease lease(String start, long renewals) {
        Instant at = Instant.EPOCH;
        return new Lease(new ReplicaId("one"), new CommitToken(start), LENGTH, renewals, 0, at, at);
    }

    /** A look at a second; near the end of all nanoseconds, after which they are negative. */
    private boolean look(long second, Lease lease, boolean takesRenewals) {
        return watch.look(lease, takesRenewals, MOST, nanos(second));
    }

    private static long nanos(long second) {
        return Long.MAX_VALUE - 7_000_000_000L + second * 1_000_000_000L;
    }

    private void checkThatItRunsOutAt(long second) {
        assertThat(watch.hasRunOut(nanos(second) - 1)).isFalse();
        assertThat(watch.hasRunOut(nanos(second))).isTrue();
    }

    @Test
    void aLeaseThatWasNeverSeenHasNotRunOut() {
        assertThat(watch.hasRunOut(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aLeaseRunsOutWhenItWasSeenUnrenewedForItsWholeLength() {
        for (long second = 0; second < 15; second += 5) {
            assertThat(look(second, lease("a", 3), true)).isFalse();
        }
        checkThatItRunsOutAt(15);
    }

    @Test
    void aRenewalAndAnotherStartBeginTheTimeAnew() {
        look(0, lease("a", 3), true);
        assertThat(look(5, lease("a", 4), true)).isTrue();
        checkThatItRunsOutAt(20);
        assertThat(look(10, lease("b", 4), true)).isTrue();
        checkThatItRunsOutAt(25);
    }

    @Test
    void aStoreThatTakesNoRenewalsBeginsTheTimeAnew() {
        look(0, lease("a", 3), true);
        assertThat(look(5, lease("a", 3), false)).isFalse();
        checkThatItRunsOutAt(20);
    }

    @Test
    void aLateLookBeginsTheTimeAnew() {
        look(0, lease("a", 3), true);
        look(7, lease("a", 3), true);
        checkThatItRunsOutAt(15);
        assertThat(look(15, lease("a", 3), true)).isFalse();
        checkThatItRunsOutAt(30);
    }
}
