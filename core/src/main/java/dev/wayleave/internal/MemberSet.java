package dev.wayleave.internal;

import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Iterators;
import java.util.Iterator;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a collection less a few of them.
 *
 * @param <K> the keys
 */
public final class MemberSet<K extends Comparable<? super K>> extends SortedSetView<K> {

    private final SortedChunks<K, K> members;

    /** Each of them is a key. */
    private final SortedSet<K> excluded;

    /**
     * Creates a set.
     *
     * @param members all keys
     * @param excluded those that are left out; each of them is a key
     */
    public MemberSet(SortedChunks<K, K> members, SortedSet<K> excluded) {
        this.members = members;
        this.excluded = excluded.isEmpty() ? ImmutableSortedSet.of() : ImmutableSortedSet.copyOfSorted(excluded);
    }

    @Override
    public Iterator<K> iterator() {
        Iterator<K> all = members.values().iterator();
        return Iterators.unmodifiableIterator(
                excluded.isEmpty() ? all : Iterators.filter(all, id -> !excluded.contains(id)));
    }

    @Override
    public int size() {
        return members.size() - excluded.size();
    }

    @Override
    public boolean contains(@Nullable Object element) {
        if (isEmpty()
                || element == null
                || element.getClass() != members.first().getClass()) {
            return false;
        }
        @SuppressWarnings("unchecked") // all keys are of one class
        K key = (K) element;
        return !excluded.contains(key) && members.contains(key);
    }

    @Override
    public K last() {
        return excluded.isEmpty() ? members.last() : super.last();
    }
}
