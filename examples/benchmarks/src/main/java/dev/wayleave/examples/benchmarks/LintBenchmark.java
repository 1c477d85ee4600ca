package dev.wayleave.examples.benchmarks;

import dev.wayleave.RoutingState;
import dev.wayleave.foresight.Lint;
import dev.wayleave.foresight.LintFinding;
import java.util.List;
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

/** Lint of a tailnet of many nodes: a tenth are routers, with half as many routes as there are nodes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 3,
        jvmArgs = {"-Xms3g", "-Xmx3g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class LintBenchmark {

    @Param({"10000", "100000"})
    int nodes;

    private RoutingState state;

    @Setup
    public void setUp() {
        state = TailnetEventsBenchmark.tailnet(nodes, TailnetEventsBenchmark.Rules.GRANTS);
    }

    @Benchmark
    public List<LintFinding> lint() {
        return Lint.of(state, state.now());
    }
}
