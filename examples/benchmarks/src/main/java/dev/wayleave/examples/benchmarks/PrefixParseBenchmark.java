package dev.wayleave.examples.benchmarks;

import dev.wayleave.net.Prefix;
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

/** Reading and writing the text of a prefix. */
@State(Scope.Thread)
@Fork(
        value = 5,
        jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PrefixParseBenchmark {

    /** The kind of texts: IPv4, the mix of IPv6, 4via6 only, or IPv6 with all eight groups written out. */
    @Param({"ipv4", "ipv6", "via6", "full"})
    public String shape;

    private String[] texts;
    private Prefix[] prefixes;
    private int next;

    @Setup
    public void generate() {
        List<Prefix> shapes = switch (shape) {
            case "ipv4" -> Shapes.ipv4Prefixes(Shapes.INPUTS);
            case "via6" -> Shapes.via6Prefixes(Shapes.INPUTS);
            case "full" ->
                Shapes.ipv6Prefixes(4 * Shapes.INPUTS).stream()
                        .filter(prefix -> !prefix.toString().contains("::"))
                        .limit(Shapes.INPUTS)
                        .toList();
            default -> Shapes.ipv6Prefixes(Shapes.INPUTS);
        };
        prefixes = shapes.toArray(Prefix[]::new);
        texts = shapes.stream().map(Prefix::toString).toArray(String[]::new);
        if (texts.length != Shapes.INPUTS) {
            throw new IllegalStateException(texts.length + " texts of shape " + shape);
        }
    }

    @Benchmark
    public Prefix parse() {
        next = (next + 1) & (Shapes.INPUTS - 1);
        return Prefix.parse(texts[next]);
    }

    @Benchmark
    public String print() {
        next = (next + 1) & (Shapes.INPUTS - 1);
        return prefixes[next].toString();
    }
}
