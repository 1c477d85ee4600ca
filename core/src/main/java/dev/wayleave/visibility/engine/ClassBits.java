package dev.wayleave.visibility.engine;

import java.util.function.IntConsumer;

/** Sets of classes as arrays of bits. Those of an earlier moment may be shorter: slots are only ever added. */
final class ClassBits {

    private ClassBits() {}

    static boolean contains(long[] set, int slot) {
        return slot >>> 6 < set.length && (set[slot >>> 6] & 1L << slot) != 0;
    }

    static void set(long[] set, int slot) {
        set[slot >>> 6] |= 1L << slot;
    }

    /** Adds what is in another set, as far as it fits. */
    static void add(long[] set, long[] more) {
        for (int word = 0; word < Math.min(set.length, more.length); word++) {
            set[word] |= more[word];
        }
    }

    /** Keeps what is in another set too. */
    static void keep(long[] set, long[] others) {
        for (int word = 0; word < set.length; word++) {
            set[word] &= word < others.length ? others[word] : 0;
        }
    }

    /** Removes what is in another set. */
    static void remove(long[] set, long[] others) {
        for (int word = 0; word < Math.min(set.length, others.length); word++) {
            set[word] &= ~others[word];
        }
    }

    /** Removes what is in both of two other sets. */
    static void removeCommon(long[] set, long[] one, long[] other) {
        for (int word = 0; word < Math.min(set.length, Math.min(one.length, other.length)); word++) {
            set[word] &= ~(one[word] & other[word]);
        }
    }

    static void forEach(long[] set, IntConsumer consumer) {
        for (int i = 0; i < set.length; i++) {
            for (long word = set[i]; word != 0; word &= word - 1) {
                consumer.accept((i << 6) + Long.numberOfTrailingZeros(word));
            }
        }
    }
}
