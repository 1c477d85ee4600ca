package dev.wayleave.internal;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Maps;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Immutable copies of collections that callers pass. Null, as the collection or as an element, is refused with the name
 * of the parameter. An immutable collection of Guava is neither copied nor searched.
 */
public final class Copies {

    private Copies() {}

    /**
     * {@return the elements in their order}
     *
     * @param elements what a caller passed
     * @param name the name of the parameter
     * @param <E> the elements
     */
    public static <E> ImmutableList<E> list(Collection<? extends E> elements, String name) {
        refuseNull(elements, name);
        return ImmutableList.copyOf(elements);
    }

    /**
     * {@return the elements in their order}
     *
     * @param elements what a caller passed
     * @param name the name of the parameter
     * @param <E> the elements
     */
    public static <E> ImmutableList<E> list(E[] elements, String name) {
        refuseNull(elements, name);
        return ImmutableList.copyOf(elements);
    }

    /**
     * {@return the elements, once each, in natural order}
     *
     * @param elements what a caller passed
     * @param name the name of the parameter
     * @param <E> the elements
     */
    public static <E extends Comparable<? super E>> ImmutableSortedSet<E> sortedSet(
            Collection<? extends E> elements, String name) {
        refuseNull(elements, name);
        return ImmutableSortedSet.copyOf(elements);
    }

    /**
     * {@return the entries in the natural order of their keys}
     *
     * @param entries what a caller passed
     * @param name the name of the parameter
     * @param <K> the keys
     * @param <V> the values
     */
    public static <K extends Comparable<? super K>, V> ImmutableSortedMap<K, V> sortedMap(
            Map<? extends K, ? extends V> entries, String name) {
        refuseNull(entries, name);
        return ImmutableSortedMap.copyOf(entries);
    }

    /**
     * {@return the entries in the natural order of their keys, each with a copy of its list}
     *
     * @param entries what a caller passed
     * @param name the name of the parameter
     * @param <K> the keys
     * @param <E> the elements
     */
    public static <K extends Comparable<? super K>, E> ImmutableSortedMap<K, List<E>> sortedMapOfLists(
            Map<K, List<E>> entries, String name) {
        ImmutableSortedMap<K, List<E>> copy = sortedMap(entries, name);
        return copy.values().stream().allMatch(ImmutableList.class::isInstance)
                ? copy
                : ImmutableSortedMap.copyOf(Maps.transformValues(copy, elements -> list(elements, name)));
    }

    /**
     * Refuses null, and a collection that holds null.
     *
     * @param elements what a caller passed
     * @param name the name of the parameter
     */
    public static void refuseNull(Iterable<?> elements, String name) {
        Objects.requireNonNull(elements, name);
        if (elements instanceof ImmutableCollection) {
            return;
        }
        if (elements instanceof List<?> list && list instanceof RandomAccess) {
            // without an iterator: a step that hears one keep-alive allocates next to nothing
            for (int i = 0; i < list.size(); i++) {
                refuseNullElement(list.get(i), name);
            }
            return;
        }
        for (Object element : elements) {
            refuseNullElement(element, name);
        }
    }

    /**
     * Refuses null, and an array that holds null.
     *
     * @param elements what a caller passed
     * @param name the name of the parameter
     */
    public static void refuseNull(Object[] elements, String name) {
        Objects.requireNonNull(elements, name);
        for (Object element : elements) {
            refuseNullElement(element, name);
        }
    }

    /**
     * Refuses null, and a map that holds null as a key or as a value.
     *
     * @param entries what a caller passed
     * @param name the name of the parameter
     */
    public static void refuseNull(Map<?, ?> entries, String name) {
        Objects.requireNonNull(entries, name);
        if (entries instanceof ImmutableMap) {
            return;
        }
        entries.forEach((key, value) -> {
            refuseNullElement(key, name);
            refuseNullElement(value, name);
        });
    }

    private static void refuseNullElement(@Nullable Object element, String name) {
        if (element == null) {
            throw new NullPointerException(name + " must not hold null");
        }
    }
}
