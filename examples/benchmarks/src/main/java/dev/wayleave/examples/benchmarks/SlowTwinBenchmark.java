package dev.wayleave.examples.benchmarks;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.testing.NaiveOverlay;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.testing.NaiveVisibility;
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

/**
 * The library beside its slow twin, which asks every rule about every pair of nodes. At a tenth of {@link Tailnet10k},
 * because the twin's time grows with the square of the nodes, and of the twin's viewers only one in twenty: what it is
 * asked here is less than the library answers.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SlowTwinBenchmark {

    private static final int NODES = 1_000;

    private static final int SAMPLE = 20;

    private Tailnet10k tailnet;

    @Setup
    public void makeTailnet() {
        tailnet = new Tailnet10k(NODES, 200);
    }

    /** Every viewer's complete routes from scratch. */
    @Benchmark
    public void libraryForAllViewers(Blackhole blackhole) {
        AccessRules access = AccessRules.compile(
                tailnet.policy, tailnet.users, tailnet.nodes, OverlayRanges.DEFAULT, ExitRule.INTERNET);
        Visibility all = Visibility.of(access, tailnet.elected, Presences.NONE);
        for (NodeAccess node : all.rules().nodes()) {
            blackhole.consume(all.viewer(node.id()).orElseThrow().routes());
        }
    }

    /**
     * The complete routes of one viewer in twenty, and what all of them are made of. It takes seconds, so once is
     * enough.
     */
    @Benchmark
    @Warmup(iterations = 1, time = 1)
    @Measurement(iterations = 1, time = 1)
    public void twinForOneViewerInTwenty(Blackhole blackhole) {
        NaiveVisibility twin = twin();
        for (int id = 1; id <= NODES; id += SAMPLE) {
            blackhole.consume(twin.view(new NodeId(id)));
        }
    }

    private NaiveVisibility twin() {
        return new NaiveVisibility(
                new NaiveTailnet(tailnet.policy, tailnet.users, tailnet.nodes, ExitRule.INTERNET, NaiveOverlay.DEFAULT),
                tailnet.elected);
    }
}
