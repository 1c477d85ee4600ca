package dev.wayleave.examples.benchmarks;

import dev.wayleave.Command;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.StateRows;
import dev.wayleave.Step;
import dev.wayleave.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** 100,000 nodes with 1,000,000 effective routes: loaded from rows, and under a new policy. Cold and warm runs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5)
@Measurement(iterations = 5)
public class BulkLoadBenchmark {

    private static final String POLICY = """
            {"tagOwners": {"tag:router": []},
             "autoApprovers": {"routes": {"%s": ["tag:router"]}}}""";

    private StateRows rows;
    private RoutingState state;
    private RoutingPolicy policy;

    @Setup
    public void setUp() {
        rows = RoutingTailnet.rows(100_000, RoutingTailnet.Layout.SCATTERED);
        state = RoutingTailnet.online(rows);
        policy = PolicyReader.read(POLICY.formatted("10.0.0.0/8"));
    }

    @Benchmark
    public RoutingState restore() {
        return RoutingState.restore(rows, RoutingTailnet.START);
    }

    @Benchmark
    public Step replacePolicy() {
        return Routing.step(
                state,
                List.of(Submission.of(new Actor("admin"), new Command.PolicyReplaced(policy))),
                RoutingTailnet.START);
    }
}
