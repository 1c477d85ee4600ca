package dev.wayleave.internal;

import com.google.common.collect.ImmutableSortedSet;
import java.util.AbstractSet;
import java.util.Comparator;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted set that keeps no elements of its own and iterates over those of larger structures. {@code
 * subSet} and its like copy.
 *
 * @param <K> the elements
 */
public abstract class SortedSetView<K extends Comparable<? super K>> extends AbstractSet<K> implements SortedSet<K> {

    /** For subclasses. */
    protected SortedSetView() {}

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return null;
    }

    @Override
    public K first() {
        return iterator().next();
    }

    @Override
    public K last() {
        return copy().last();
    }

    private ImmutableSortedSet<K> copy() {
        return ImmutableSortedSet.copyOf(iterator());
    }

    @Override
    public SortedSet<K> subSet(K from, K to) {
        return copy().subSet(from, to);
    }

    @Override
    public SortedSet<K> headSet(K to) {
        return copy().headSet(to);
    }

    @Override
    public SortedSet<K> tailSet(K from) {
        return copy().tailSet(from);
    }
}
