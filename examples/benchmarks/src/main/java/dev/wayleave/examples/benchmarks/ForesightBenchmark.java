package dev.wayleave.examples.benchmarks;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.foresight.Outage;
import dev.wayleave.foresight.RoutePlan;
import dev.wayleave.foresight.WhatIf;
import dev.wayleave.mesh.Actor;
import dev.wayleave.policy.Grant;
import java.util.ArrayList;
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

/** The questions of an operator before a change: the plan of a policy, and the outage of each router. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3)
@Measurement(iterations = 10)
public class ForesightBenchmark {

    /** The one of the 200 grants that is taken out of the policy. */
    public enum Removed {
        /** Between two groups. */
        PLAIN(60),
        /** To a prefix through routers with a tag, of which there are thousands. */
        VIA(199);

        private final int grant;

        Removed(int grant) {
            this.grant = grant;
        }
    }

    @Param({"10000", "100000"})
    int nodes;

    private RoutingViews views;

    @Setup
    public void setUp() {
        views = RoutingViews.of(TailnetEventsBenchmark.tailnet(nodes, TailnetEventsBenchmark.Rules.GRANTS));
    }

    private int planWithout(Removed removed) {
        RoutingState state = views.state();
        List<Grant> grants = new ArrayList<>(state.policy().grants().orElseThrow());
        Grant gone = grants.remove(removed.grant);
        Command change =
                new Command.SetPolicy(state.policy().toBuilder().grants(grants).build());
        RoutePlan plan = RoutePlan.of(views, List.of(Submission.of(new Actor("host"), change)), state.now());
        if (plan.verdict() != RoutePlan.Verdict.LOSS && gone.via().isEmpty()) {
            throw new IllegalStateException("the grant gave nothing: " + gone);
        }
        return plan.viewers().size() + plan.traffic().size();
    }

    /** The whole plan of a policy without one plain grant: viewers, traffic, and the verdict. */
    @Benchmark
    public int plan() {
        return planWithout(Removed.PLAIN);
    }

    /** The same without a grant that leads through thousands of routers. */
    @Benchmark
    public int planOfVia() {
        return planWithout(Removed.VIA);
    }

    /** The outage of each router, one after the other. */
    @Benchmark
    public List<Outage> eachRouter() {
        return WhatIf.of(views).eachRouter();
    }
}
