package dev.wayleave.examples.benchmarks;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
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

/**
 * {@link RoutingViews#of}: the views of a tailnet whose state was loaded. The first run in a process is measured with
 * {@code -wi 0 -i 1}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 5,
        jvmArgs = {"-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 10)
@Measurement(iterations = 10)
public class ViewsFromNothingBenchmark {

    @Param({"10000", "100000"})
    private int nodes;

    @Param({"GRANTS", "OPEN", "SELF"})
    private TailnetEventsBenchmark.Rules rules;

    private RoutingState state;

    @Setup
    public void load() {
        state = TailnetEventsBenchmark.tailnet(nodes, rules);
    }

    @Benchmark
    public RoutingViews views() {
        return RoutingViews.of(state);
    }
}
