package dev.wayleave.access.engine;

import org.jspecify.annotations.Nullable;

/** Arrays of bits, one for each rule; an absent array is one of zeros, and a mask may be shorter than its target. */
final class Masks {

    private Masks() {}

    static void set(long[] bits, int bit) {
        bits[bit >>> 6] |= 1L << bit;
    }

    static boolean get(long[] bits, int bit) {
        return (bits[bit >>> 6] & 1L << bit) != 0;
    }

    static void or(long[] bits, long @Nullable [] mask) {
        if (mask != null) {
            for (int i = 0; i < mask.length; i++) {
                bits[i] |= mask[i];
            }
        }
    }

    /** Adds what is in both masks. */
    static void orBoth(long[] bits, long[] mask, long[] other) {
        for (int i = 0; i < Math.min(mask.length, other.length); i++) {
            bits[i] |= mask[i] & other[i];
        }
    }
}
