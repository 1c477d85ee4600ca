package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the alarms of many loops ring on one timer of the host. */
class SharedTimerTest {

    private final ManualHost host = new ManualHost();
    private final SharedTimer timer = new SharedTimer(host, host::steadyNanos);
    private final List<Duration> rung = new ArrayList<>();

    /** The second rang a part of a millisecond late, and so an event of its tailnet was late. */
    @Test
    void alarmsThatAreCloseTogetherRingEachAtItsTime() {
        Instant start = host.instant();
        List<Duration> times = List.of(Duration.ofNanos(2_000_000), Duration.ofNanos(2_100_000));
        times.forEach(time -> timer.set(time, () -> rung.add(Duration.between(start, host.instant()))));

        host.pass(Duration.ofSeconds(1));

        assertThat(rung).isEqualTo(times);
        assertThat(timer.size()).isZero();
    }
}
