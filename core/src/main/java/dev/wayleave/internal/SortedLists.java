package dev.wayleave.internal;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import java.util.ArrayList;
import java.util.List;

/** Makes sorted collections of elements that are sorted already, without sorting them again. */
public final class SortedLists {

    private SortedLists() {}

    /**
     * Returns elements as a set.
     *
     * @param elements in their order, no two of them equal
     * @param <E> an element
     * @return an immutable copy; unlike a set of Guava's that is made of a list, without a comparison
     */
    public static <E extends Comparable<? super E>> ImmutableSortedSet<E> set(List<E> elements) {
        return ImmutableSortedMap.copyOfSorted(SortedPairs.of(elements, elements))
                .keySet();
    }

    /**
     * Returns the elements of two lists. {@code O(n)} in both, and {@code O(1)} if one of them is empty.
     *
     * @param one elements in their order, no two of them equal
     * @param other the same
     * @param <E> an element
     * @return those of both in their order, each once; the very list if the other one is empty
     */
    public static <E extends Comparable<? super E>> List<E> union(List<E> one, List<E> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        List<E> union = new ArrayList<>(Math.max(one.size(), other.size()));
        int left = 0;
        int right = 0;
        while (left < one.size() && right < other.size()) {
            int order = one.get(left).compareTo(other.get(right));
            union.add(order <= 0 ? one.get(left) : other.get(right));
            left += order <= 0 ? 1 : 0;
            right += order >= 0 ? 1 : 0;
        }
        union.addAll(one.subList(left, one.size()));
        union.addAll(other.subList(right, other.size()));
        return union;
    }

    /**
     * Returns the elements of exactly one of two lists. {@code O(n)} in both.
     *
     * @param one elements in their order, no two of them equal
     * @param other the same
     * @param <E> an element
     * @return those that one list has and the other has not, in their order
     */
    public static <E extends Comparable<? super E>> List<E> exclusive(List<E> one, List<E> other) {
        List<E> exclusive = new ArrayList<>();
        int left = 0;
        int right = 0;
        while (left < one.size() && right < other.size()) {
            int order = one.get(left).compareTo(other.get(right));
            if (order != 0) {
                exclusive.add(order < 0 ? one.get(left) : other.get(right));
            }
            left += order <= 0 ? 1 : 0;
            right += order >= 0 ? 1 : 0;
        }
        exclusive.addAll(one.subList(left, one.size()));
        exclusive.addAll(other.subList(right, other.size()));
        return exclusive;
    }
}
