package dev.wayleave.visibility.engine;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Some of the viewer classes of one {@link ViewerClasses}, by their numbers. Immutable; only words that are not zero
 * are kept, because with {@code autogroup:self} there are as many viewer classes as users.
 */
final class ViewerClassSet {

    static final ViewerClassSet NONE = new ViewerClassSet(new int[0], new long[0]);

    private final int[] at;
    private final long[] words;

    private ViewerClassSet(int[] at, long[] words) {
        this.at = at;
        this.words = words;
    }

    /** Keeps what is set in a bit array, which stays the caller's. */
    static ViewerClassSet of(long[] bits) {
        int count = 0;
        for (long word : bits) {
            count += word == 0 ? 0 : 1;
        }
        if (count == 0) {
            return NONE;
        }
        int[] at = new int[count];
        long[] words = new long[count];
        int next = 0;
        for (int i = 0; i < bits.length; i++) {
            if (bits[i] != 0) {
                at[next] = i;
                words[next++] = bits[i];
            }
        }
        return new ViewerClassSet(at, words);
    }

    boolean contains(int viewerClass) {
        // Mostly dense from word 0 on: try the place where the word would be before searching.
        int word = viewerClass >>> 6;
        int i = word < at.length && at[word] == word ? word : Arrays.binarySearch(at, word);
        return i >= 0 && (words[i] & 1L << viewerClass) != 0;
    }

    boolean isEmpty() {
        return at.length == 0;
    }

    void orInto(long[] bits) {
        for (int i = 0; i < at.length; i++) {
            bits[at[i]] |= words[i];
        }
    }

    void forEach(IntConsumer consumer) {
        for (int i = 0; i < at.length; i++) {
            for (long word = words[i]; word != 0; word &= word - 1) {
                consumer.accept((at[i] << 6) + Long.numberOfTrailingZeros(word));
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ViewerClassSet that && Arrays.equals(at, that.at) && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(at) + Arrays.hashCode(words);
    }

    /** Collects viewer classes in ascending order. */
    static final class Builder {

        private int[] at = new int[1];
        private long[] words = new long[1];
        private int size;

        void add(int viewerClass) {
            int word = viewerClass >>> 6;
            if (size == 0 || at[size - 1] != word) {
                if (size == at.length) {
                    at = Arrays.copyOf(at, 2 * size);
                    words = Arrays.copyOf(words, 2 * size);
                }
                at[size++] = word;
            }
            words[size - 1] |= 1L << viewerClass;
        }

        ViewerClassSet build() {
            return new ViewerClassSet(Arrays.copyOf(at, size), Arrays.copyOf(words, size));
        }
    }
}
