package dev.wayleave.access.engine;

import com.google.errorprone.annotations.Immutable;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Some of the rules of one {@link AccessRules}, by their numbers.
 *
 * <p>Immutable and safe for use by several threads. Two sets of the same rules are equal; sets of different
 * {@link AccessRules} have nothing to say to each other. Numbers are dense and small for the entries of the policy; an
 * {@code autogroup:self} takes one number for each user, so that the set keeps only words that are not zero:
 *
 * <pre>
 *   rules 3, 70, 9001      at    0        1        140
 *                          word  1&lt;&lt;3     1&lt;&lt;6     1&lt;&lt;41
 * </pre>
 */
@Immutable
public final class RuleSet {

    /** The set without rules. */
    public static final RuleSet NONE = new RuleSet(new int[0], new long[0]);

    @SuppressWarnings("Immutable") // never written after construction
    private final int[] at;

    @SuppressWarnings("Immutable") // never written after construction
    private final long[] words;

    private final int hash;

    private RuleSet(int[] at, long[] words) {
        this.at = at;
        this.words = words;
        this.hash = 31 * Arrays.hashCode(at) + Arrays.hashCode(words);
    }

    /** Keeps what is set in a bit array, which stays the caller's. */
    static RuleSet of(long[] bits) {
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
        return new RuleSet(at, words);
    }

    void orInto(long[] bits) {
        for (int i = 0; i < at.length; i++) {
            bits[at[i]] |= words[i];
        }
    }

    /** Adds what is in both; the mask may be shorter. */
    void orBothInto(long[] bits, long[] mask) {
        for (int i = 0; i < at.length && at[i] < mask.length; i++) {
            bits[at[i]] |= words[i] & mask[at[i]];
        }
    }

    /**
     * Tells whether a rule is in the set.
     *
     * @param rule a number of {@link AccessRules}
     * @return true if it is; {@code O(log n)}
     */
    public boolean contains(int rule) {
        int i = Arrays.binarySearch(at, rule >>> 6);
        return i >= 0 && (words[i] & 1L << rule) != 0;
    }

    /**
     * Tells whether the set is empty.
     *
     * @return true if no rule is in it
     */
    public boolean isEmpty() {
        return at.length == 0;
    }

    /**
     * Tells whether two sets share a rule.
     *
     * @param other a set of the same rules
     * @return true if they do; {@code O(n)} in the size of both
     */
    public boolean meets(RuleSet other) {
        Objects.requireNonNull(other, "other");
        return firstCommon(other) >= 0;
    }

    /**
     * Returns the first rule that is in both sets.
     *
     * @param other a set of the same rules
     * @return its number, or -1 if there is none; {@code O(n)} in the size of both
     */
    public int firstCommon(RuleSet other) {
        Objects.requireNonNull(other, "other");
        int i = 0;
        int j = 0;
        while (i < at.length && j < other.at.length) {
            if (at[i] < other.at[j]) {
                i++;
            } else if (at[i] > other.at[j]) {
                j++;
            } else {
                long common = words[i] & other.words[j];
                if (common != 0) {
                    return (at[i] << 6) + Long.numberOfTrailingZeros(common);
                }
                i++;
                j++;
            }
        }
        return -1;
    }

    /**
     * Returns the rules of both sets.
     *
     * @param other a set of the same rules
     * @return this set if the other adds nothing; {@code O(n)} in the size of both
     */
    public RuleSet union(RuleSet other) {
        Objects.requireNonNull(other, "other");
        if (other.isEmpty() || equals(other)) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        long[] bits = new long[Math.max(at[at.length - 1], other.at[other.at.length - 1]) + 1];
        orInto(bits);
        other.orInto(bits);
        return of(bits);
    }

    /**
     * Returns the rules that are in both sets.
     *
     * @param other a set of the same rules
     * @return the common rules; {@code O(n)} in the size of both
     */
    public RuleSet intersection(RuleSet other) {
        Objects.requireNonNull(other, "other");
        if (isEmpty() || other.isEmpty()) {
            return NONE;
        }
        long[] mask = new long[Math.max(at[at.length - 1], other.at[other.at.length - 1]) + 1];
        other.orInto(mask);
        long[] bits = new long[mask.length];
        orBothInto(bits, mask);
        return of(bits);
    }

    /**
     * Hands every rule to a consumer, in ascending order.
     *
     * @param consumer takes the numbers
     */
    public void forEach(IntConsumer consumer) {
        Objects.requireNonNull(consumer, "consumer");
        for (int i = 0; i < at.length; i++) {
            for (long word = words[i]; word != 0; word &= word - 1) {
                consumer.accept((at[i] << 6) + Long.numberOfTrailingZeros(word));
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RuleSet that
                && hash == that.hash
                && Arrays.equals(at, that.at)
                && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /**
     * Returns the numbers for a person to read.
     *
     * @return for example {@code {3, 70}}
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        forEach(rule -> text.append(text.length() == 1 ? "" : ", ").append(rule));
        return text.append('}').toString();
    }
}
