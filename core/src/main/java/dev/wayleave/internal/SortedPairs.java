package dev.wayleave.internal;

import com.google.common.collect.Lists;
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

/**
 * Lists of keys in their order and of their values, seen as the sorted map that an immutable or persistent map is built
 * from without a comparison.
 */
public final class SortedPairs<K extends Comparable<? super K>, V> extends AbstractMap<K, V>
        implements SortedMap<K, V> {

    private final List<K> keys;
    private final List<V> values;

    private SortedPairs(List<K> keys, List<V> values) {
        this.keys = keys;
        this.values = values;
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
        return new SortedPairs<>(Lists.transform(values, key::apply), values);
    }

    /**
     * Returns keys and values as a sorted map.
     *
     * @param keys in their order, no two of them equal
     * @param values as many, each in the place of its key
     * @param <K> a key
     * @param <V> a value
     * @return a view of them
     */
    public static <K extends Comparable<? super K>, V> SortedMap<K, V> of(List<K> keys, List<V> values) {
        return new SortedPairs<>(keys, values);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                Iterator<K> eachKey = keys.iterator();
                Iterator<V> eachValue = values.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return eachValue.hasNext();
                    }

                    @Override
                    public Map.Entry<K, V> next() {
                        return Map.entry(eachKey.next(), eachValue.next());
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
        return keys.get(0);
    }

    @Override
    public K lastKey() {
        return keys.get(keys.size() - 1);
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
