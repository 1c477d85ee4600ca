package dev.wayleave.access.engine;

import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * For each entry of the policy a sum over the sources that packet filters spell out for it. Sums that differ are sums
 * of sources that differ, so that most changed filters are found without writing them. Equal sums prove nothing.
 */
final class SourceSums {

    /** Stand for {@code autogroup:danger-all}, and for the ranges of the overlay. */
    private static final long ANY = 0x9E3779B97F4A7C15L;

    private static final long OVERLAY = 0xC2B2AE3D27D4EB4FL;

    private final long[] sums;

    /** The number of sources of each rule. */
    private final int[] counts;

    private SourceSums(long[] sums, int[] counts) {
        this.sums = sums;
        this.counts = counts;
    }

    long sum(int entry) {
        return sums[entry];
    }

    /** Whether an entry has no source, so that it writes nothing. */
    boolean isEmpty(int entry) {
        return counts[entry] == 0;
    }

    /** A number for a source that spreads over all bits. */
    static long mixed(Prefix source) {
        long bits = source.hashCode() * 0x9E3779B97F4A7C15L + source.length();
        bits = (bits ^ bits >>> 32) * 0xD6E8FEB86659FD93L;
        return (bits ^ bits >>> 32) * 0xD6E8FEB86659FD93L | 1;
    }

    /** The sums after some sources were added or removed, of as many entries as there are now. */
    SourceSums with(SourceChange change, int entries) {
        if (change.sources().isEmpty() && entries == sums.length) {
            return this;
        }
        SourceSums next = new SourceSums(Arrays.copyOf(sums, entries), Arrays.copyOf(counts, entries));
        for (SourceChange.Source source : change.sources()) {
            long sum = mixed(source.prefix());
            next.add(source.after().without(source.before()), sum, 1);
            next.add(source.before().without(source.after()), -sum, -1);
        }
        return next;
    }

    private void add(RuleSet rules, long sum, int count) {
        rules.forEach(rule -> {
            if (rule < sums.length) {
                sums[rule] += sum;
                counts[rule] += count;
            }
        });
    }

    /** Adds up all sources. */
    static SourceSums of(AccessTables tables) {
        return new SumBuilder(tables).build();
    }

    private static final class SumBuilder {

        private final AccessTables tables;
        private final PolicyIndex index;
        private final SourceSums sums;

        /** Sources that the policy spells too, or that are an address and a prefix. */
        private final Set<Prefix> apart = new HashSet<>();

        SumBuilder(AccessTables tables) {
            this.tables = tables;
            this.index = tables.index();
            int entries = index.numbers.entries();
            this.sums = new SourceSums(new long[entries], new int[entries]);
        }

        SourceSums build() {
            RuleSet wildcard = index.wildcardRules;
            sums.add(index.rules(index.anySource, -1), ANY, 1);
            if (index.overlay.addresses().ranges().stream()
                    .anyMatch(range -> range.toPrefix().isEmpty())) {
                sums.add(wildcard, OVERLAY, 1);
            }
            for (PrefixTable.Entry<long[]> literal : index.sourceLiterals.entries()) {
                apart.add(literal.prefix());
            }
            for (IpRange range : index.overlay.addresses().ranges()) {
                range.toPrefix().ifPresent(apart::add);
            }
            if (!wildcard.isEmpty()) {
                for (PrefixAccess access : tables.prefixes().values()) {
                    if (access.prefix().isSingleAddress()) {
                        apart.add(access.prefix());
                    } else if (!apart.contains(access.prefix())) {
                        sums.add(wildcard, mixed(access.prefix()), 1);
                    }
                }
            }
            addresses();
            apart.forEach(source -> sums.add(tables.rulesWithSource(source), mixed(source), 1));
            return sums;
        }

        private void addresses() {
            OwnAddresses.OwnAddress previous = null;
            for (OwnAddresses.OwnAddress own : tables.addresses().all()) {
                if (previous != null && previous.address().equals(own.address())) {
                    apart.add(own.address().toPrefix());
                }
                previous = own;
            }
            for (IpAddress address : tables.addresses().outside(index.overlay)) {
                apart.add(address.toPrefix());
            }
            boolean singles = apart.stream().anyMatch(Prefix::isSingleAddress);
            IdentityHashMap<RuleSet, long[]> bySpelling = new IdentityHashMap<>();
            for (NodeAccess node : tables.nodes().values()) {
                long[] sum = bySpelling.computeIfAbsent(node.rules.ownerSources, s -> new long[2]);
                for (IpAddress address : node.routes().node().addresses()) {
                    Prefix source = address.toPrefix();
                    if (!singles || !apart.contains(source)) {
                        sum[0] += mixed(source);
                        sum[1]++;
                    }
                }
            }
            bySpelling.forEach((rules, sum) -> sums.add(rules, sum[0], (int) sum[1]));
        }
    }
}
