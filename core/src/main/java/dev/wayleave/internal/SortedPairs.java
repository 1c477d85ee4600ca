package dev.wayleave.internal;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A list of values in the order of their keys, seen as the sorted map that a persistent map is built from. */
public final class SortedPairs<K extends Comparable<? super K>, V> extends AbstractMap<K, V>
        implements SortedMap<K, V> {

    private final List<V> values;
    private final Function<V, K> key;

    private SortedPairs(List<V> values, Function<V, K> key) {
        this.values = values;
        this.key = key;
    }

    /**
     * Returns values as a sorted map.
     *
     * @param values in the order of their keys
     * @param key the key of a value
     * @param <K> a key
     * @param <V> a value
     * @return a view of them
     */
    public static <K extends Comparable<? super K>, V> SortedMap<K, V> of(List<V> values, Function<V, K> key) {
        return new SortedPairs<>(values, key);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                Iterator<V> each = values.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return each.hasNext();
                    }

                    @Override
                    public Map.Entry<K, V> next() {
                        V value = each.next();
                        return Map.entry(key.apply(value), value);
                    }
                };
            }

            @Override
            public int size() {
                return values.size();
            }
        };
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return null;
    }

    @Override
    public K firstKey() {
        return key.apply(values.get(0));
    }

    @Override
    public K lastKey() {
        return key.apply(values.get(values.size() - 1));
    }

    @Override
    public SortedMap<K, V> subMap(K from, K to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<K, V> headMap(K to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<K, V> tailMap(K from) {
        throw new UnsupportedOperationException();
    }
}
