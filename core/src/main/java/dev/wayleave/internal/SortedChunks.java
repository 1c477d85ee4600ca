package dev.wayleave.internal;

import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sorted collection of values with unique keys, of which each version shares most of its memory with the version
 * before.
 *
 * <pre>
 *   version 1   [ A ][ B ][ C ]      each chunk is an array of at most 128 values
 *                 │    │    │
 *   version 2   [ A ][ B'][ C ]      one value of B changed: one chunk and the list of chunks were copied
 * </pre>
 *
 * <p>So a change copies one chunk and one reference for each chunk, and {@link #difference} of two versions skips the
 * chunks that they share. The slow twin in the tests is a {@link java.util.TreeMap}.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class SortedChunks<K extends Comparable<? super K>, V> {

    private static final int UNCHANGED = Integer.MIN_VALUE;

    private static final Object[][] NO_CHUNKS = {};
    private static final Object[] NO_KEYS = {};

    private final Function<? super V, K> keyOf;
    private final Object[][] chunks;

    /** The first key of each chunk: to read it from the chunk takes several steps through memory. */
    private final Object[] firstKeys;

    private final int size;

    private SortedChunks(Function<? super V, K> keyOf, Object[][] chunks, Object[] firstKeys, int size) {
        this.keyOf = keyOf;
        this.chunks = chunks;
        this.firstKeys = firstKeys;
        this.size = size;
    }

    /**
     * {@return the collection without values}
     *
     * @param keyOf returns the key of a value, which never changes
     * @param <K> the keys
     * @param <V> the values
     */
    public static <K extends Comparable<? super K>, V> SortedChunks<K, V> empty(Function<? super V, K> keyOf) {
        return new SortedChunks<>(keyOf, NO_CHUNKS, NO_KEYS, 0);
    }

    /**
     * {@return a collection of the same kind with these values instead; {@code O(n)}}
     *
     * @param values in strictly ascending order of their keys
     */
    public SortedChunks<K, V> ofSorted(List<? extends V> values) {
        ChunkList made = new ChunkList(0);
        made.split(values.toArray());
        return next(made, values.size());
    }

    /** {@return the number of values} */
    public int size() {
        return size;
    }

    /** How many arrays there are: the cost of a change grows with it. */
    int chunkCount() {
        return chunks.length;
    }

    /** {@return whether there is no value} */
    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * {@return the value with a key, or null; {@code O(log n)}}
     *
     * @param key any key
     */
    public @Nullable V get(K key) {
        int chunk = chunkOf(key, 0);
        int at = chunk < 0 ? -1 : find(chunks[chunk], key);
        return at < 0 ? null : value(chunks[chunk][at]);
    }

    /**
     * {@return whether there is a value with a key; {@code O(log n)}}
     *
     * @param key any key
     */
    public boolean contains(K key) {
        return get(key) != null;
    }

    /**
     * {@return the value with the smallest key}
     * @throws NoSuchElementException if there is no value
     */
    public V first() {
        return values().iterator().next();
    }

    /** {@return all values in order; a view} */
    public Collection<V> values() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<V> iterator() {
                return new Cursor(0, 0);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /**
     * {@return the values from a key on, in order; {@code O(log n)} until the first}
     *
     * @param key the first key that counts
     */
    public Iterator<V> from(K key) {
        int chunk = Math.max(0, chunkOf(key, 0));
        if (chunk == chunks.length) {
            return new Cursor(chunk, 0);
        }
        int at = find(chunks[chunk], key);
        return new Cursor(chunk, at < 0 ? -at - 1 : at);
    }

    /**
     * {@return the value with the greatest key}
     *
     * @throws NoSuchElementException if there is no value
     */
    public V last() {
        if (isEmpty()) {
            throw new NoSuchElementException("there is no value");
        }
        Object[] chunk = chunks[chunks.length - 1];
        return value(chunk[chunk.length - 1]);
    }

    @SuppressWarnings("unchecked") // only values of this type are ever put in
    private V value(Object stored) {
        return (V) stored;
    }

    private K key(Object stored) {
        return keyOf.apply(value(stored));
    }

    @SuppressWarnings("unchecked") // only keys are ever put in
    private K firstKey(int chunk) {
        return (K) firstKeys[chunk];
    }

    /** The last chunk whose first key is not above a key, looking from a chunk on; less than that one for none. */
    private int chunkOf(K key, int from) {
        int low = from;
        int high = chunks.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (firstKey(middle).compareTo(key) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low - 1;
    }

    /** The place of a key in a chunk, or where it would be, in the form of {@link Arrays#binarySearch}. */
    private int find(Object[] chunk, K key) {
        int low = 0;
        int high = chunk.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = key(chunk[middle]).compareTo(key);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /**
     * Returns the next version.
     *
     * @param edits for each key its new value, or null to remove it
     * @return this version if the edits change nothing; {@code O(edits · chunk size + chunks)}
     */
    public SortedChunks<K, V> with(SortedMap<K, ? extends @Nullable V> edits) {
        if (isEmpty()) {
            List<V> values = new ArrayList<>(edits.values());
            values.removeIf(value -> value == null);
            return values.isEmpty() ? this : ofSorted(values);
        }
        ChunkList next = new ChunkList(chunks.length);
        List<Map.Entry<K, ? extends @Nullable V>> batch = new ArrayList<>();
        int done = 0;
        int chunk = -1;
        int grown = 0;
        boolean changed = false;
        for (Map.Entry<K, ? extends @Nullable V> edit : edits.entrySet()) {
            int its = Math.max(0, chunkOf(edit.getKey(), Math.max(0, chunk)));
            if (its != chunk && chunk >= 0) {
                int delta = apply(batch, done, chunk, next);
                changed |= delta != UNCHANGED;
                grown += delta == UNCHANGED ? 0 : delta;
                done = chunk + 1;
                batch.clear();
            }
            chunk = its;
            batch.add(edit);
        }
        int delta = chunk < 0 ? UNCHANGED : apply(batch, done, chunk, next);
        if (!changed && delta == UNCHANGED) {
            return this;
        }
        grown += delta == UNCHANGED ? 0 : delta;
        next.addAll(chunks, chunk + 1, chunks.length);
        return next(next, size + grown);
    }

    /** The next version. It shares the first keys, if no chunk has another one. */
    private SortedChunks<K, V> next(ChunkList list, int nextSize) {
        Object[][] next = list.toArray();
        Object[] keys = next.length == chunks.length ? firstKeys : new Object[next.length];
        int sameLast = 0;
        while (sameLast < Math.min(next.length, chunks.length)
                && next[next.length - 1 - sameLast] == chunks[chunks.length - 1 - sameLast]) {
            sameLast++;
        }
        int moved = next.length - sameLast;
        for (int i = 0; i < moved; i++) {
            Object key = i < chunks.length && next[i] == chunks[i] ? firstKeys[i] : key(next[i][0]);
            if (keys == firstKeys && key != firstKeys[i]) {
                keys = firstKeys.clone();
            }
            if (keys != firstKeys) {
                keys[i] = key;
            }
        }
        if (keys != firstKeys) {
            System.arraycopy(firstKeys, chunks.length - sameLast, keys, moved, sameLast);
        }
        return new SortedChunks<>(keyOf, next, keys, nextSize);
    }

    /** Takes over the chunks from {@code done} on, and applies the edits to one; returns by how many values it grew. */
    private int apply(List<Map.Entry<K, ? extends @Nullable V>> edits, int done, int chunk, ChunkList next) {
        next.addAll(chunks, done, chunk);
        Object[] old = chunks[chunk];
        Object[] merged = new Object[old.length + edits.size()];
        int length = 0;
        int from = 0;
        boolean changed = false;
        for (Map.Entry<K, ? extends @Nullable V> edit : edits) {
            int at = find(old, edit.getKey());
            int to = at < 0 ? -at - 1 : at;
            System.arraycopy(old, from, merged, length, to - from);
            length += to - from;
            from = at < 0 ? to : to + 1;
            V value = edit.getValue();
            if (value != null) {
                merged[length++] = value;
            }
            changed |= at < 0 ? value != null : value != old[at];
        }
        if (!changed) {
            next.add(old);
            return UNCHANGED;
        }
        System.arraycopy(old, from, merged, length, old.length - from);
        length += old.length - from;
        next.join(length == merged.length ? merged : Arrays.copyOf(merged, length));
        return length - old.length;
    }

    /** Takes what is not the same object in two versions. */
    @FunctionalInterface
    public interface Difference<V> {

        /**
         * Takes one key.
         *
         * @param before the value before; null if there was none
         * @param after the value after; null if there is none
         */
        void accept(@Nullable V before, @Nullable V after);
    }

    /**
     * Hands out, in order, the keys whose values are not the same object in two versions.
     *
     * @param before one version
     * @param after another version, or any other collection of the same kind
     * @param consumer takes the values
     * @param <K> the keys
     * @param <V> the values
     */
    public static <K extends Comparable<? super K>, V> void difference(
            SortedChunks<K, V> before, SortedChunks<K, V> after, Difference<V> consumer) {
        SortedChunks<K, V>.Cursor old = before.new Cursor(0, 0);
        SortedChunks<K, V>.Cursor now = after.new Cursor(0, 0);
        while (old.hasNext() || now.hasNext()) {
            if (old.hasNext() && now.hasNext() && old.current() == now.current()) {
                old.skipChunk();
                now.skipChunk();
            } else {
                V one = old.hasNext() ? old.peek() : null;
                V other = now.hasNext() ? now.peek() : null;
                int order =
                        one == null ? 1 : other == null ? -1 : before.key(one).compareTo(after.key(other));
                if (order <= 0) {
                    old.next();
                }
                if (order >= 0) {
                    now.next();
                }
                if (order != 0 || one != other) {
                    consumer.accept(order <= 0 ? one : null, order >= 0 ? other : null);
                }
            }
        }
    }

    private final class Cursor implements Iterator<V> {

        private int chunk;
        private int at;

        Cursor(int chunk, int at) {
            this.chunk = chunk;
            this.at = at;
            settle();
        }

        private void settle() {
            if (chunk < chunks.length && at == chunks[chunk].length) {
                chunk++;
                at = 0;
            }
        }

        Object[] current() {
            return chunks[chunk];
        }

        void skipChunk() {
            chunk++;
            at = 0;
        }

        V peek() {
            return value(chunks[chunk][at]);
        }

        @Override
        public boolean hasNext() {
            return chunk < chunks.length;
        }

        @Override
        public V next() {
            if (!hasNext()) {
                throw new NoSuchElementException("there is no further value");
            }
            V value = peek();
            at++;
            settle();
            return value;
        }
    }
}
