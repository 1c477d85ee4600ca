package dev.wayleave.examples.benchmarks;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.StateRows;
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

    /** The same routes, which wait until the new policy approves them. */
    @State(Scope.Thread)
    public static class WaitingRoutes {

        @Param({"10.0.0.0/13", "10.0.0.0/8"})
        private String approved;

        private RoutingPolicy policy;
        private RoutingState state;
        private int approvals;

        @Setup
        public void setUp() {
            StateRows rows = RoutingTailnet.rows(100_000, RoutingTailnet.Layout.SCATTERED);
            Prefix network = Prefix.parse(approved);
            approvals = Math.toIntExact(rows.routes().stream()
                    .filter(route -> network.contains(route.prefix()))
                    .count());
            policy = PolicyReader.read(POLICY.formatted(approved));
            state = RoutingTailnet.online(RoutingTailnet.undecided(rows));
        }
    }

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

    /** Everything is approved already: all routes are reviewed, and nothing changes. */
    @Benchmark
    public Step replacePolicy() {
        return replacePolicy(state, policy);
    }

    /**
     * For the whole network a million approvals, 300,000 elections and a million rows to write; else a ninth of each.
     */
    @Benchmark
    public Step replacePolicyByOneThatApproves(WaitingRoutes waiting) {
        Step step = replacePolicy(waiting.state, waiting.policy);
        if (step.rowChanges().routes().upserts().size() != waiting.approvals) {
            throw new IllegalStateException("not every route was approved");
        }
        return step;
    }

    private static Step replacePolicy(RoutingState before, RoutingPolicy policy) {
        return Routing.step(
                before,
                List.of(Submission.of(new Actor("admin"), new Command.SetPolicy(policy))),
                RoutingTailnet.START);
    }
}
