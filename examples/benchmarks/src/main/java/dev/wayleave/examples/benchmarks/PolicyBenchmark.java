package dev.wayleave.examples.benchmarks;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.PolicyLimits;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
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

/** The longest policy that is read by default, one of 1 MiB, for the 10,000 nodes of {@link Tailnet10k}. */
@State(Scope.Benchmark)
@Fork(
        value = 5,
        jvmArgs = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PolicyBenchmark {

    private Tailnet10k tailnet;
    private String text;

    @Setup
    public void write() {
        int limit = PolicyLimits.DEFAULT.textLength();
        int rules = 1_000;
        do {
            rules += 500;
            tailnet = new Tailnet10k(10_000, rules);
        } while (new Tailnet10k(10_000, rules + 500).policy.toJson().length() <= limit);
        String json = tailnet.policy.toJson();
        text = json + " ".repeat(limit - json.length());
        System.out.println("# " + rules + " rules in " + json.length() + " characters, padded to " + text.length());
    }

    /** From text to a policy. */
    @Benchmark
    public RoutingPolicy reads() {
        return PolicyReader.read(text);
    }

    /** From text to the rules at every node. */
    @Benchmark
    public AccessRules readsAndCompiles() {
        return AccessRules.compile(
                PolicyReader.read(text), tailnet.users, tailnet.nodes, OverlayRanges.DEFAULT, ExitRule.INTERNET);
    }
}
