package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    // ---- hosts that fail

    private final PlantedFaults faults = new PlantedFaults();
    private final SharedTimer faulty = new SharedTimer(faults.scheduler(host), faults.steadyNanos(host));

    private void set(int seconds) {
        faulty.set(Duration.ofSeconds(seconds), () -> rung.add(Duration.ofSeconds(seconds)));
    }

    private static List<Duration> seconds(long... seconds) {
        return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
    }

    @ParameterizedTest
    @EnumSource
    void alarmsRingAlsoIfTheSteadyCountFailsForGood(PlantedFaults.Kind kind) {
        set(1);
        faults.plant("steadyNanos", kind);
        set(3);
        set(2);

        host.pass(Duration.ofSeconds(10));
        set(4);
        host.pass(Duration.ofSeconds(10));

        assertThat(rung).isEqualTo(seconds(1, 2, 3, 4));
        assertThat(host.due()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void allAlarmsRingIfTheSchedulerTakesNoMoreWork(PlantedFaults.Kind kind) {
        set(1);
        set(2);
        set(3);
        faults.plant(PlantedFaults.SCHEDULE, kind);

        host.pass(Duration.ofSeconds(1));

        assertThat(rung).isEqualTo(seconds(1, 2, 3));
        assertThat(faulty.size()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmThatIsRejectedTakesNoEarlierOneAway(PlantedFaults.Kind kind) {
        set(2);
        faults.plantOnce(PlantedFaults.SCHEDULE, kind);

        assertThatThrownBy(() -> set(1)).isNotNull();
        host.pass(Duration.ofSeconds(2));

        assertThat(rung).isEqualTo(seconds(2));
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmThatIsKeptRingsOnceTheSchedulerTakesWorkAgain(PlantedFaults.Kind kind) {
        faults.plantOnce(PlantedFaults.SCHEDULE, kind);
        faulty.keep(Duration.ofSeconds(1), () -> rung.add(Duration.ofSeconds(1)));
        host.pass(Duration.ofSeconds(1));
        assertThat(rung).isEmpty();

        set(5);
        host.pass(Duration.ofSeconds(5));

        assertThat(rung).isEqualTo(seconds(1, 5));
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmThatIsKeptIsPlannedAgainWhenItIsAskedFor(PlantedFaults.Kind kind) {
        faults.plantOnce(PlantedFaults.SCHEDULE, kind);
        faulty.keep(Duration.ofSeconds(1), () -> rung.add(Duration.ofSeconds(1)));

        faulty.planAgain();
        host.pass(Duration.ofSeconds(1));

        assertThat(rung).isEqualTo(seconds(1));
    }

    @ParameterizedTest
    @EnumSource
    void timersThatCannotBeCancelledDoNotMultiply(PlantedFaults.Kind kind) {
        faults.plant("scheduler.cancel", kind);
        for (int i = 20; i > 0; i--) {
            set(i);
        }
        int before = host.due().size();

        host.pass(Duration.ofSeconds(19));

        assertThat(rung).hasSize(19);
        assertThat(before).isEqualTo(20);
        assertThat(host.due()).hasSizeLessThan(3);
    }
}
