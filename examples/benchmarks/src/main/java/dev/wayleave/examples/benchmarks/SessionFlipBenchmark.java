package dev.wayleave.examples.benchmarks;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One router of a big tailnet goes, or comes: ten elections. The heap is fixed and touched before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SessionFlipBenchmark {

    @Param({"10000", "100000"})
    int nodes;

    @Param({"SCATTERED", "GROUPS"})
    RoutingTailnet.Layout layout;

    private RoutingState state;
    private Instant now;
    private final Random random = new Random(7);
    private long down;

    @Setup
    public void setUp() {
        state = RoutingTailnet.online(RoutingTailnet.rows(nodes, layout));
        now = RoutingTailnet.START;
        down = 0;
    }

    /** By turns: one node goes down at once, then it comes back. Time does not pass, so that no node falls silent. */
    @Benchmark
    public Step flip() {
        Step step;
        if (down == 0) {
            down = 1 + random.nextInt(nodes);
            step = Routing.step(state, List.of(RoutingTailnet.disconnect(down)), now);
        } else {
            step = Routing.step(state, List.of(RoutingTailnet.connect(down)), now);
            down = 0;
        }
        state = step.next();
        return step;
    }

    /** Something is heard of a node, a millisecond after the last, so that it is written down. */
    @Benchmark
    public Step keepAlive() {
        now = now.plusMillis(1);
        Step step = Routing.step(state, List.of(RoutingTailnet.keepAlive(1 + random.nextInt(nodes))), now);
        state = step.next();
        return step;
    }

    /** When something is due. */
    @Benchmark
    public Optional<Instant> nextDeadline() {
        return state.nextDeadline();
    }
}
