package dev.wayleave.examples.benchmarks;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.visibility.engine.Presences;
import dev.wayleave.visibility.engine.Visibility;
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
import org.openjdk.jmh.infra.Blackhole;

/** The first time in a process: classes to be loaded, nothing compiled. The facts of the tailnet are there already. */
@State(Scope.Benchmark)
@Fork(5)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ColdViewsBenchmark {

    private Tailnet10k tailnet;

    @Setup
    public void makeTailnet() {
        tailnet = new Tailnet10k(10_000, 200);
    }

    /** Every viewer's complete routes from nothing but facts. */
    @Benchmark
    public void everyViewFromScratch(Blackhole blackhole) {
        AccessRules access = AccessRules.compile(
                tailnet.policy, tailnet.users, tailnet.nodes, OverlayRanges.DEFAULT, ExitRule.INTERNET);
        Visibility all = Visibility.of(access, tailnet.elected, Presences.NONE);
        for (NodeAccess node : all.rules().nodes()) {
            blackhole.consume(all.viewer(node.id()).orElseThrow().routes());
        }
    }
}
