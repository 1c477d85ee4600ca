package dev.wayleave.examples.benchmarks;

import dev.wayleave.net.Prefix;
import java.util.List;
import org.openjdk.jol.info.GraphLayout;

/**
 * Prints how much heap a table takes for each of its prefixes, and of which classes. Run it with
 * {@code -Djol.magicFieldOffset=true}, which lets JOL look into records.
 */
public final class PrefixTableSize {

    private static final int PREFIXES = 100_000;

    private PrefixTableSize() {}

    public static void main(String[] arguments) {
        print("ipv4", Shapes.ipv4Prefixes(PREFIXES));
        print("ipv6", Shapes.ipv6Prefixes(PREFIXES));
    }

    private static void print(String family, List<Prefix> prefixes) {
        Object value = 1;
        GraphLayout layout = GraphLayout.parseInstance(PrefixTableBenchmark.table(prefixes))
                .subtract(GraphLayout.parseInstance(value));
        System.out.printf("%s: %.1f bytes a prefix, value apart%n", family, (double) layout.totalSize() / PREFIXES);
        System.out.println(layout.toFootprint());
    }
}
