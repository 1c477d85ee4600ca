package dev.wayleave.examples.benchmarks;

import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.List;
import java.util.Optional;
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

/** Questions to a table of prefixes, of which seven in ten have an answer. */
@State(Scope.Thread)
@Fork(
        value = 5,
        jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PrefixTableBenchmark {

    @Param({"100000"})
    public int size;

    @Param({"ipv4", "ipv6"})
    public String family;

    private PrefixTable<Integer> table;
    private List<Prefix> prefixes;
    private IpAddress[] addresses;
    private int next;

    @Setup
    public void generate() {
        prefixes = family.equals("ipv4") ? Shapes.ipv4Prefixes(size) : Shapes.ipv6Prefixes(size);
        addresses = Shapes.addresses(prefixes);
        table = table(prefixes);
    }

    static PrefixTable<Integer> table(List<Prefix> prefixes) {
        PrefixTable.Builder<Integer> builder = PrefixTable.builder();
        // One value for all: the weight of the values does not matter to the table.
        prefixes.forEach(prefix -> builder.put(prefix, 1));
        return builder.build();
    }

    @Benchmark
    public Optional<PrefixTable.Entry<Integer>> longestMatch() {
        next = (next + 1) & (Shapes.INPUTS - 1);
        return table.longestMatch(addresses[next]);
    }

    @Benchmark
    public List<PrefixTable.Entry<Integer>> covering() {
        next = (next + 1) & (Shapes.INPUTS - 1);
        return table.covering(addresses[next]);
    }

    @Benchmark
    public Optional<Integer> get() {
        next = (next + 1) & (Shapes.INPUTS - 1);
        return table.get(prefixes.get(next));
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public PrefixTable<Integer> build() {
        return table(prefixes);
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public PrefixTable<Integer> with() {
        next = (next + 1) & (Shapes.INPUTS - 1);
        return table.with(prefixes.get(next), 2);
    }
}
