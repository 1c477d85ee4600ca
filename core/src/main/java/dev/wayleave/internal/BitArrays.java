package dev.wayleave.internal;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sets of small numbers as arrays of bits. An array that is shorter than another array has zeros in place of the rest,
 * and an absent array has only zeros; a set never grows.
 */
public final class BitArrays {

    private BitArrays() {}

    /**
     * Adds a number.
     *
     * @param set the set, with room for the number
     * @param number the number
     */
    public static void set(long[] set, int number) {
        set[number >>> 6] |= 1L << number;
    }

    /**
     * {@return whether a number is in a set}
     *
     * @param set the set
     * @param number any number from 0 on
     */
    public static boolean contains(long[] set, int number) {
        return number >>> 6 < set.length && (set[number >>> 6] & 1L << number) != 0;
    }

    /**
     * Adds what is in another set, as far as it fits.
     *
     * @param set the set
     * @param more the other set
     */
    public static void add(long[] set, long @Nullable [] more) {
        for (int word = 0; more != null && word < Math.min(set.length, more.length); word++) {
            set[word] |= more[word];
        }
    }

    /**
     * Adds what is in both of two other sets.
     *
     * @param set the set
     * @param one the first of the others
     * @param other the second
     */
    public static void addCommon(long[] set, long[] one, long[] other) {
        for (int word = 0; word < Math.min(set.length, Math.min(one.length, other.length)); word++) {
            set[word] |= one[word] & other[word];
        }
    }

    /**
     * Keeps what is in another set too.
     *
     * @param set the set
     * @param others the other set
     */
    public static void keep(long[] set, long[] others) {
        for (int word = 0; word < set.length; word++) {
            set[word] &= word < others.length ? others[word] : 0;
        }
    }

    /**
     * Removes what is in another set.
     *
     * @param set the set
     * @param others the other set
     */
    public static void remove(long[] set, long[] others) {
        for (int word = 0; word < Math.min(set.length, others.length); word++) {
            set[word] &= ~others[word];
        }
    }

    /**
     * Removes what is in both of two other sets.
     *
     * @param set the set
     * @param one the first of the others
     * @param other the second
     */
    public static void removeCommon(long[] set, long[] one, long[] other) {
        for (int word = 0; word < Math.min(set.length, Math.min(one.length, other.length)); word++) {
            set[word] &= ~(one[word] & other[word]);
        }
    }

    /**
     * {@return whether the same numbers are in two sets}
     *
     * @param one the first
     * @param other the second
     */
    public static boolean areEqual(long @Nullable [] one, long @Nullable [] other) {
        int words = Math.max(one == null ? 0 : one.length, other == null ? 0 : other.length);
        for (int word = 0; word < words; word++) {
            if (word(one, word) != word(other, word)) {
                return false;
            }
        }
        return true;
    }

    private static long word(long @Nullable [] set, int word) {
        return set != null && word < set.length ? set[word] : 0;
    }

    /**
     * Hands out the numbers in ascending order.
     *
     * @param set the set
     * @param consumer takes each number
     */
    public static void forEach(long[] set, IntConsumer consumer) {
        for (int i = 0; i < set.length; i++) {
            for (long word = set[i]; word != 0; word &= word - 1) {
                consumer.accept((i << 6) + Long.numberOfTrailingZeros(word));
            }
        }
    }
}
