package dev.wayleave.net.engine;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import dev.wayleave.net.Prefix;

/**
 * Sorts prefixes without comparing them: byte by byte, from the last one to the first, each time keeping the order of
 * equal bytes (least significant digit radix sort). A byte that is the same in all prefixes takes no pass, so a million
 * IPv4 subnets of one network take three.
 *
 * <pre>
 *   family   IPv4 first, each family by itself
 *   IPv4     first address and length, in one word
 *   IPv6     length, lower half, upper half of the first address: three words, the last one decides first
 * </pre>
 */
final class PrefixSort {

    private final Prefix[] prefixes;
    private final int ipv4Count;

    /** The places so far. */
    private int[] places;

    private int[] nextPlaces;

    /** The words of the prefixes at these places. */
    private long[] words;

    private long[] nextWords;

    /** By place: the halves of the first address; for IPv4 only the upper one, aligned to the left. */
    private final long[] highs;

    private final long[] lows;

    private PrefixSort(Prefix[] prefixes) {
        this.prefixes = prefixes;
        this.highs = new long[prefixes.length];
        this.lows = new long[prefixes.length];
        this.places = new int[prefixes.length];
        this.nextPlaces = new int[prefixes.length];
        this.words = new long[prefixes.length];
        this.nextWords = new long[prefixes.length];
        this.ipv4Count = familiesApart();
    }

    static PrefixSort of(Prefix[] prefixes) {
        PrefixSort sort = new PrefixSort(prefixes);
        sort.sort(0, sort.ipv4Count, Word.IPV4);
        sort.sort(sort.ipv4Count, prefixes.length, Word.LENGTH);
        sort.sort(sort.ipv4Count, prefixes.length, Word.LOW);
        sort.sort(sort.ipv4Count, prefixes.length, Word.HIGH);
        return sort;
    }

    /** The places in the order of their prefixes, those of equal ones in their own order. */
    int[] places() {
        return places;
    }

    /** Whether the prefixes at an index of {@link #places} and at the one before are equal. */
    boolean equalsPrevious(int index) {
        return index != 0
                && words[index - 1] == words[index]
                && (index < ipv4Count || prefixes[places[index - 1]].equals(prefixes[places[index]]));
    }

    private enum Word {
        IPV4,
        LENGTH,
        LOW,
        HIGH
    }

    private long word(int place, Word word) {
        return switch (word) {
            // the lower 32 bits of an IPv4 address on the left are free
            case IPV4 -> highs[place] | prefixes[place].length();
            case LENGTH -> prefixes[place].length();
            case LOW -> lows[place];
            case HIGH -> highs[place];
        };
    }

    /** IPv4 to the front; the number of those. */
    private int familiesApart() {
        int count = 0;
        for (int place = 0; place < prefixes.length; place++) {
            byte[] address = prefixes[place].first().toBytes();
            if (prefixes[place].isIpv4()) {
                highs[place] = (long) Ints.fromByteArray(address) << Integer.SIZE;
                places[count++] = place;
            } else {
                highs[place] = Longs.fromByteArray(address);
                lows[place] = Longs.fromBytes(
                        address[8],
                        address[9],
                        address[10],
                        address[11],
                        address[12],
                        address[13],
                        address[14],
                        address[15]);
            }
        }
        int next = count;
        for (int place = 0; place < prefixes.length; place++) {
            if (prefixes[place].isIpv6()) {
                places[next++] = place;
            }
        }
        return count;
    }

    private void sort(int from, int to, Word word) {
        long different = 0;
        for (int i = from; i < to; i++) {
            words[i] = word(places[i], word);
            different |= words[i] ^ words[from];
        }
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            if ((different >>> shift & 0xff) != 0) {
                sortByByte(from, to, shift);
            }
        }
    }

    private void sortByByte(int from, int to, int shift) {
        int[] next = new int[1 << Byte.SIZE];
        for (int i = from; i < to; i++) {
            next[byteOf(words[i], shift)]++;
        }
        int start = from;
        for (int value = 0; value < next.length; value++) {
            int count = next[value];
            next[value] = start;
            start += count;
        }
        for (int i = from; i < to; i++) {
            int at = next[byteOf(words[i], shift)]++;
            nextWords[at] = words[i];
            nextPlaces[at] = places[i];
        }
        System.arraycopy(nextWords, from, words, from, to - from);
        System.arraycopy(nextPlaces, from, places, from, to - from);
    }

    private static int byteOf(long word, int shift) {
        return (int) (word >>> shift) & 0xff;
    }
}
