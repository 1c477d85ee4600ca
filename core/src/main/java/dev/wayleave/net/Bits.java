package dev.wayleave.net;

/** The only place that shifts: masks, comparison, and a hash over left-aligned 128-bit values. */
final class Bits {

    private Bits() {}

    /** The mask over the upper half for a prefix length of 0 to 128. */
    static long highMask(int length) {
        return length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
    }

    /** The mask over the lower half for a prefix length of 0 to 128. */
    static long lowMask(int length) {
        return length <= 64 ? 0 : -1L << (128 - length);
    }

    static boolean samePrefix(long high1, long low1, long high2, long low2, int length) {
        return ((high1 ^ high2) & highMask(length)) == 0 && ((low1 ^ low2) & lowMask(length)) == 0;
    }

    /** The upper half of a 128-bit value after a shift to the left by 1 to 127. */
    static long shiftedHigh(long high, long low, int by) {
        return by >= 64 ? low << (by - 64) : high << by | low >>> (64 - by);
    }

    /** The lower half of a 128-bit value after a shift to the left by 1 to 127. */
    static long shiftedLow(long low, int by) {
        return by >= 64 ? 0 : low << by;
    }

    /** The number of leading bits that two values share, 0 to 128. */
    static int commonLength(long high1, long low1, long high2, long low2) {
        int inHigh = Long.numberOfLeadingZeros(high1 ^ high2);
        return inHigh < 64 ? inHigh : 64 + Long.numberOfLeadingZeros(low1 ^ low2);
    }

    /**
     * Spreads every bit over the result. Networks end in zero bits, and a hash that keeps those sends thousands of
     * prefixes to the same bucket; two odd multipliers and three folds do not.
     */
    static int hash(long high, long low, int rest) {
        long mixed = (high ^ (high >>> 32)) * 0x9E3779B97F4A7C15L + (low ^ (low >>> 29)) * 0xC2B2AE3D27D4EB4FL + rest;
        mixed ^= mixed >>> 32;
        mixed *= 0xD6E8FEB86659FD93L;
        return (int) (mixed ^ (mixed >>> 32));
    }
}
