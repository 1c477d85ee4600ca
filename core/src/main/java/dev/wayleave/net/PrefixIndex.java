package dev.wayleave.net;

import java.util.List;

/**
 * The places of prefixes in a sorted list, and which of them contains which.
 *
 * <p>In the order of {@link Prefix} a block comes right before those that it contains. Each knows its <em>parent</em>,
 * the narrowest other one around it:
 *
 * <pre>
 *   place  prefix            parent
 *   0      10.0.0.0/8        -
 *   1      10.1.0.0/16       0
 *   2      10.1.2.0/24       1
 *   3      10.9.0.0/16       0        10.3.0.1: the last one that starts at or before it is 2;
 *   4      192.168.0.0/16    -        neither 2 nor its parent 1 contains it, the next parent 0 does
 * </pre>
 *
 * <p>The keys lie side by side in arrays: a search that followed references would wait for memory at every step.
 */
final class PrefixIndex {

    static final int NONE = -1;

    private final long[] highs;
    private final long[] lows;
    private final byte[] lengths;

    /** The place of the narrowest other prefix that contains this one, or {@link #NONE}. */
    private final int[] parents;

    /** The number of IPv4 prefixes, which come first. */
    private final int ipv4Count;

    private PrefixIndex(int size, int ipv4Count) {
        this.highs = new long[size];
        this.lows = new long[size];
        this.lengths = new byte[size];
        this.parents = new int[size];
        this.ipv4Count = ipv4Count;
    }

    /** Costs O(n); the prefixes are in order, and no two are equal. */
    static PrefixIndex of(List<Prefix> sorted) {
        int ipv4Count = (int) sorted.stream().filter(Prefix::isIpv4).count();
        PrefixIndex index = new PrefixIndex(sorted.size(), ipv4Count);
        for (int at = 0; at < sorted.size(); at++) {
            index.set(at, sorted.get(at));
        }
        return index;
    }

    private void set(int at, Prefix prefix) {
        highs[at] = prefix.highBits();
        lows[at] = prefix.lowBits();
        lengths[at] = (byte) prefix.length();
        boolean firstOfItsFamily = at == start(prefix.isIpv6());
        parents[at] = firstOfItsFamily ? NONE : around(at - 1, prefix.highBits(), prefix.lowBits());
    }

    int parent(int at) {
        return parents[at];
    }

    /** The place of exactly this prefix, or {@link #NONE}. */
    int find(Prefix prefix) {
        int last = countUpTo(prefix.highBits(), prefix.lowBits(), prefix.length(), prefix.isIpv6()) - 1;
        boolean found = last >= start(prefix.isIpv6())
                && highs[last] == prefix.highBits()
                && lows[last] == prefix.lowBits()
                && length(last) == prefix.length();
        return found ? last : NONE;
    }

    /** The narrowest prefix that contains an address, or {@link #NONE}. */
    int narrowest(IpAddress address) {
        return narrowest(address.highBits(), address.lowBits(), address.isIpv6() ? 128 : 32, address.isIpv6());
    }

    /** The narrowest prefix that contains a block, or {@link #NONE}. */
    int narrowest(Prefix prefix) {
        return narrowest(prefix.highBits(), prefix.lowBits(), prefix.length(), prefix.isIpv6());
    }

    private int narrowest(long high, long low, int length, boolean ipv6) {
        int last = countUpTo(high, low, length, ipv6) - 1;
        return last < start(ipv6) ? NONE : around(last, high, low);
    }

    /**
     * The narrowest of a prefix and its parents that contains a block of the same family, or {@link #NONE}. The first
     * one is not after the block in the order, so that none of them is narrower and in it, and equal leading bits are
     * enough.
     */
    private int around(int from, long high, long low) {
        int at = from;
        while (at != NONE && !Bits.samePrefix(high, low, highs[at], lows[at], length(at))) {
            at = parents[at];
        }
        return at;
    }

    /** The place of the first prefix that is this one or comes after it. */
    int firstWithin(Prefix prefix) {
        return countUpTo(prefix.highBits(), prefix.lowBits(), prefix.length() - 1, prefix.isIpv6());
    }

    /** The place after the last prefix that lies in this one; they all come right after its own place. */
    int endWithin(Prefix prefix) {
        long lastHigh = prefix.highBits() | ~Bits.highMask(prefix.length());
        long lastLow = prefix.lowBits() | ~Bits.lowMask(prefix.length());
        return countUpTo(lastHigh, lastLow, 128, prefix.isIpv6());
    }

    /** The number of prefixes that are not after the given place in the order. */
    private int countUpTo(long high, long low, int length, boolean ipv6) {
        int from = start(ipv6);
        int to = ipv6 ? highs.length : ipv4Count;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (isAfter(middle, high, low, length)) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    private boolean isAfter(int at, long high, long low, int length) {
        if (highs[at] != high) {
            return Long.compareUnsigned(highs[at], high) > 0;
        }
        if (lows[at] != low) {
            return Long.compareUnsigned(lows[at], low) > 0;
        }
        return length(at) > length;
    }

    /** A byte holds 128 as -128. */
    private int length(int at) {
        return lengths[at] & 0xff;
    }

    private int start(boolean ipv6) {
        return ipv6 ? ipv4Count : 0;
    }
}
