package dev.wayleave.access.engine;

import com.google.errorprone.annotations.Immutable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Some of the rules of one {@link AccessRules}, by their numbers.
 *
 * <p>Two sets of the same rules are equal. Numbers mean the same in {@link AccessRules} that are comparable, and in no
 * other. Numbers are dense and small for the entries of the policy; an {@code autogroup:self} takes one number for each
 * user, so that the set keeps only words that are not zero:
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

    /**
     * Keeps what is set in two bit arrays: one from word 0 on, the other from a later word on.
     *
     * @param offset the first word of the second array, not below the length of the first
     */
    static RuleSet of(long[] bits, int offset, long[] more) {
        RuleSet first = of(bits);
        RuleSet second = of(more);
        if (second.isEmpty()) {
            return first;
        }
        int size = first.at.length;
        int[] at = Arrays.copyOf(first.at, size + second.at.length);
        long[] words = Arrays.copyOf(first.words, at.length);
        for (int i = size; i < at.length; i++) {
            at[i] = offset + second.at[i - size];
            words[i] = second.words[i - size];
        }
        return new RuleSet(at, words);
    }

    /** Sets the bits of these rules, as far as they are below the length of the array. */
    void orInto(long[] bits) {
        for (int i = 0; i < at.length && at[i] < bits.length; i++) {
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
     * Returns whether a rule is in the set.
     *
     * @param rule a number of {@link AccessRules}
     * @return true if it is; {@code O(log n)}
     */
    public boolean contains(int rule) {
        int i = Arrays.binarySearch(at, rule >>> 6);
        return i >= 0 && (words[i] & 1L << rule) != 0;
    }

    /** {@return whether the set is empty} */
    public boolean isEmpty() {
        return at.length == 0;
    }

    /**
     * Returns whether two sets share a rule.
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
        if (containsAll(other)) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        return combined(other, (one, more) -> one | more);
    }

    /** The rules of all sets; {@code O(n log n)} in the size of all. */
    static RuleSet union(Collection<RuleSet> sets) {
        List<RuleSet> round = new ArrayList<>(new LinkedHashSet<>(sets));
        while (round.size() > 1) {
            List<RuleSet> next = new ArrayList<>((round.size() + 1) / 2);
            for (int i = 0; i < round.size(); i += 2) {
                next.add(i + 1 < round.size() ? round.get(i).union(round.get(i + 1)) : round.get(i));
            }
            round = next;
        }
        return round.isEmpty() ? NONE : round.get(0);
    }

    /** Returns whether all rules of another set are in this one. */
    boolean containsAll(RuleSet other) {
        int i = 0;
        for (int j = 0; j < other.at.length; j++) {
            while (i < at.length && at[i] < other.at[j]) {
                i++;
            }
            if (i == at.length || at[i] > other.at[j] || (other.words[j] & ~words[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the rules that are in both sets.
     *
     * @param other a set of the same rules
     * @return the common rules; {@code O(n)} in the size of both
     */
    public RuleSet intersection(RuleSet other) {
        Objects.requireNonNull(other, "other");
        return combined(other, (one, more) -> one & more);
    }

    /** {@return the rules of this set that are not in the other} */
    RuleSet without(RuleSet other) {
        return meets(other) ? combined(other, (one, more) -> one & ~more) : this;
    }

    /**
     * {@return the rules that are in exactly one of the two}
     *
     * @param other other rules
     */
    public RuleSet exclusive(RuleSet other) {
        Objects.requireNonNull(other, "other");
        return combined(other, (one, more) -> one ^ more);
    }

    private RuleSet combined(RuleSet other, LongBinaryOperator operator) {
        int[] resultAt = new int[at.length + other.at.length];
        long[] resultWords = new long[resultAt.length];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < at.length || j < other.at.length) {
            int word = Math.min(
                    i < at.length ? at[i] : Integer.MAX_VALUE, j < other.at.length ? other.at[j] : Integer.MAX_VALUE);
            long one = i < at.length && at[i] == word ? words[i++] : 0;
            long more = j < other.at.length && other.at[j] == word ? other.words[j++] : 0;
            long result = operator.applyAsLong(one, more);
            if (result != 0) {
                resultAt[size] = word;
                resultWords[size++] = result;
            }
        }
        return size == 0 ? NONE : new RuleSet(Arrays.copyOf(resultAt, size), Arrays.copyOf(resultWords, size));
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

    /** Hands out each block of words but the first in which a rule is. */
    void forEachBlock(int stride, IntConsumer consumer) {
        int last = 0;
        for (int word : at) {
            if (word / stride != last) {
                last = word / stride;
                consumer.accept(last);
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

    /** {@return the numbers for a person to read, for example {@code {3, 70}}} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        forEach(rule -> text.append(text.length() == 1 ? "" : ", ").append(rule));
        return text.append('}').toString();
    }

    /** Collects numbers in ascending order. */
    static final class Builder {

        private int[] at = new int[1];
        private long[] words = new long[1];
        private int size;

        void add(int rule) {
            int word = rule >>> 6;
            if (size == 0 || at[size - 1] != word) {
                if (size == at.length) {
                    at = Arrays.copyOf(at, 2 * size);
                    words = Arrays.copyOf(words, 2 * size);
                }
                at[size++] = word;
            }
            words[size - 1] |= 1L << rule;
        }

        RuleSet build() {
            return size == 0 ? NONE : new RuleSet(Arrays.copyOf(at, size), Arrays.copyOf(words, size));
        }
    }
}
