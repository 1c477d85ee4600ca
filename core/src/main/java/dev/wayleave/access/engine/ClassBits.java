package dev.wayleave.access.engine;

import dev.wayleave.internal.BitArrays;
import java.util.Arrays;

/** For each entry of the policy a set of {@link NodeClasses}; sets that change are copied first. */
final class ClassBits {

    private final long[][] before;
    private final int words;
    private final long[][] bits;

    ClassBits(long[][] before, int entries, int words) {
        this.before = before;
        this.words = words;
        this.bits = Arrays.copyOf(before, entries);
        for (int entry = before.length; entry < entries; entry++) {
            bits[entry] = new long[0];
        }
    }

    private long[] own(int entry) {
        if (bits[entry].length < words || (entry < before.length && bits[entry] == before[entry])) {
            bits[entry] = Arrays.copyOf(bits[entry], Math.max(words, bits[entry].length));
        }
        return bits[entry];
    }

    void set(RuleSet rules, int slot) {
        rules.forEach(rule -> {
            if (rule < bits.length) {
                BitArrays.set(own(rule), slot);
            }
        });
    }

    void clear(RuleSet rules, int slot) {
        rules.forEach(rule -> {
            if (rule < bits.length) {
                own(rule)[slot >>> 6] &= ~(1L << slot);
            }
        });
    }

    /** The sets, none longer than it must be: slots at the end may be gone. */
    long[][] build() {
        for (int entry = 0; entry < bits.length; entry++) {
            if (bits[entry].length > words) {
                bits[entry] = Arrays.copyOf(bits[entry], words);
            }
        }
        return bits;
    }
}
