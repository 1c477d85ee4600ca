package dev.wayleave.net;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.internal.Copies;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A map from prefixes to values that also answers which of its prefixes contain an address or a block, and which lie in
 * one.
 *
 * <p>A look-up in n entries costs O(log n) to find the place, and one step for every narrower entry that it must leave
 * behind: at most 32 for IPv4 and 128 for IPv6. An entry takes about 97 bytes of heap, prefix included, value not.
 * Entries are in the order of {@link Prefix}.
 *
 * @param <V> the values
 */
public final class PrefixTable<V> {

    private static final PrefixTable<Object> EMPTY = new PrefixTable<>(List.of());

    /**
     * An entry of the table.
     *
     * @param prefix the key
     * @param value the value
     * @param <V> the type of the value
     */
    public record Entry<V>(Prefix prefix, V value) {

        /** Creates an entry. */
        public Entry {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(prefix);
            Objects.requireNonNull(value);
        }
    }

    private final PrefixIndex index;

    /** What {@link #longestMatch} returns, made once: entry by entry in the order of the index. */
    private final Optional<Entry<V>>[] slots;

    /** The entries are in order and without equal prefixes; slots that other tables made are shared. */
    private PrefixTable(List<Optional<Entry<V>>> sorted) {
        slots = sorted.toArray(PrefixTable::newSlots);
        index = PrefixIndex.of(Lists.transform(entries(), Entry::prefix));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <V> Optional<Entry<V>>[] newSlots(int size) {
        return new Optional[size];
    }

    /**
     * {@return the table without entries}
     *
     * @param <V> the values
     */
    @SuppressWarnings("unchecked") // it holds no value of any type
    public static <V> PrefixTable<V> empty() {
        return (PrefixTable<V>) EMPTY;
    }

    /**
     * Returns a table with the entries of a map. Costs O(n log n).
     *
     * @param map prefixes and their values, neither of them null
     * @param <V> the values
     * @return the table
     */
    public static <V> PrefixTable<V> copyOf(Map<Prefix, ? extends V> map) {
        Copies.refuseNull(map, "map");
        Builder<V> builder = builder();
        map.forEach(builder::put);
        return builder.build();
    }

    /**
     * {@return a new builder, without entries}
     *
     * @param <V> the values
     */
    public static <V> Builder<V> builder() {
        return new Builder<>();
    }

    /**
     * Returns the value of exactly this prefix.
     *
     * @param prefix the key
     * @return its value, or empty if the table has no such key
     */
    public Optional<V> get(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return slot(index.find(prefix)).map(Entry::value);
    }

    /**
     * Returns whether the table has exactly this prefix.
     *
     * @param prefix the key
     * @return true if it is a key
     */
    public boolean containsKey(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return index.find(prefix) != PrefixIndex.NONE;
    }

    /**
     * Returns the entry with the narrowest prefix that contains an address. Allocates nothing.
     *
     * @param address any address
     * @return the entry, or empty if no prefix contains the address
     */
    public Optional<Entry<V>> longestMatch(IpAddress address) {
        Objects.requireNonNull(address, "address");
        return slot(index.narrowest(address));
    }

    /**
     * Returns the entry with the narrowest prefix that contains a whole block; a block contains itself. Allocates
     * nothing.
     *
     * @param prefix any prefix
     * @return the entry, or empty if no prefix contains the block
     */
    public Optional<Entry<V>> longestMatch(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return slot(index.narrowest(prefix));
    }

    /**
     * Returns all entries whose prefixes contain an address.
     *
     * @param address any address
     * @return the entries, immutable, the widest first
     */
    public List<Entry<V>> covering(IpAddress address) {
        Objects.requireNonNull(address, "address");
        return covering(address.toPrefix());
    }

    /**
     * Returns all entries whose prefixes contain a whole block, with that of the block itself.
     *
     * @param prefix any prefix
     * @return the entries, immutable, the widest first
     */
    public List<Entry<V>> covering(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        ImmutableList.Builder<Entry<V>> outwards = ImmutableList.builder();
        for (int at = index.narrowest(prefix); at != PrefixIndex.NONE; at = index.parent(at)) {
            outwards.add(entry(at));
        }
        return outwards.build().reverse();
    }

    /**
     * Returns all entries whose prefixes lie in a block, with that of the block itself. Costs O(log n): the list is a
     * view of the table.
     *
     * @param prefix any prefix
     * @return the entries in order, immutable
     */
    public List<Entry<V>> coveredBy(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return entries().subList(index.firstWithin(prefix), index.endWithin(prefix));
    }

    /**
     * Returns all entries whose prefixes share an address with a block: those that contain it, and those that lie in
     * it.
     *
     * @param prefix any prefix
     * @return the entries in order, immutable
     */
    public List<Entry<V>> overlapping(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        int from = index.firstWithin(prefix);
        // The prefix itself contains itself and lies in itself.
        int narrower = containsKey(prefix) ? from + 1 : from;
        return ImmutableList.<Entry<V>>builder()
                .addAll(covering(prefix))
                .addAll(entries().subList(narrower, index.endWithin(prefix)))
                .build();
    }

    /**
     * Hands out the values of all entries whose prefixes share an address with a block. Allocates nothing.
     *
     * @param prefix any prefix
     * @param consumer takes the values of {@link #overlapping}: of the prefixes that contain the block from the
     *     narrowest on, then of the others in order
     */
    public void forEachOverlapping(Prefix prefix, Consumer<? super V> consumer) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(consumer, "consumer");
        int narrowest = index.narrowest(prefix);
        for (int at = narrowest; at != PrefixIndex.NONE; at = index.parent(at)) {
            consumer.accept(entry(at).value());
        }
        int within = index.firstWithin(prefix);
        int end = index.endWithin(prefix);
        for (int at = within == narrowest ? within + 1 : within; at < end; at++) {
            consumer.accept(entry(at).value());
        }
    }

    /**
     * Returns whether any prefix of the table shares an address with a block. Allocates nothing and costs O(log n).
     *
     * @param prefix any prefix
     * @return true if {@link #overlapping} would not be empty
     */
    public boolean overlaps(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return longestMatch(prefix).isPresent() || index.firstWithin(prefix) < index.endWithin(prefix);
    }

    /**
     * Returns a table with one more entry, or with another value for an entry. Costs O(n) copying: to change many, use
     * {@link #toBuilder}.
     *
     * @param prefix the key
     * @param value its value
     * @return the new table
     */
    public PrefixTable<V> with(Prefix prefix, V value) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(value, "value");
        int from = index.firstWithin(prefix);
        int to = containsKey(prefix) ? from + 1 : from;
        return spliced(from, to, List.of(Optional.of(new Entry<>(prefix, value))));
    }

    /**
     * Returns a table without an entry. Costs O(n) copying: to change many, use {@link #toBuilder}.
     *
     * @param prefix the key
     * @return the new table, or this one if it has no such key
     */
    public PrefixTable<V> without(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        int at = index.find(prefix);
        return at == PrefixIndex.NONE ? this : spliced(at, at + 1, List.of());
    }

    private PrefixTable<V> spliced(int from, int to, List<Optional<Entry<V>>> between) {
        List<Optional<Entry<V>>> previous = Arrays.asList(slots);
        ArrayList<Optional<Entry<V>>> changed = new ArrayList<>(slots.length + 1);
        changed.addAll(previous.subList(0, from));
        changed.addAll(between);
        changed.addAll(previous.subList(to, slots.length));
        return new PrefixTable<>(changed);
    }

    /** {@return a builder with the entries of this table} */
    public Builder<V> toBuilder() {
        Builder<V> builder = builder();
        entries().forEach(entry -> builder.put(entry.prefix(), entry.value()));
        return builder;
    }

    /** {@return all entries in the order of their prefixes: an immutable view of the table, {@code O(1)}} */
    public List<Entry<V>> entries() {
        return new Entries();
    }

    /** {@return the number of entries; 0 or more} */
    public int size() {
        return slots.length;
    }

    /** {@return whether the table has no entries} */
    public boolean isEmpty() {
        return slots.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrefixTable<?> that && entries().equals(that.entries());
    }

    @Override
    public int hashCode() {
        return entries().hashCode();
    }

    /** {@return the entries in order, as a map shows them, for example <code>{10.0.0.0/8=a, 10.1.0.0/16=b}</code>} */
    @Override
    public String toString() {
        return entries().stream()
                .map(entry -> entry.prefix() + "=" + entry.value())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private Entry<V> entry(int at) {
        return slots[at].orElseThrow();
    }

    private Optional<Entry<V>> slot(int at) {
        return at == PrefixIndex.NONE ? Optional.empty() : slots[at];
    }

    private final class Entries extends AbstractList<Entry<V>> implements RandomAccess {

        @Override
        public Entry<V> get(int at) {
            return entry(at);
        }

        @Override
        public int size() {
            return slots.length;
        }
    }

    /**
     * Collects the entries of a table.
     *
     * <p>Not safe for use by several threads at once.
     *
     * @param <V> the values
     */
    public static final class Builder<V> {

        private final ArrayList<Entry<V>> entries = new ArrayList<>();

        private Builder() {}

        /**
         * Adds an entry, or replaces the value of an entry.
         *
         * @param prefix the key
         * @param value its value
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder<V> put(Prefix prefix, V value) {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(value, "value");
            entries.add(new Entry<>(prefix, value));
            return this;
        }

        /** {@return the table of what was put so far, at a cost of O(n log n)} */
        public PrefixTable<V> build() {
            ArrayList<Entry<V>> sorted = new ArrayList<>(entries);
            // The sort is stable: of entries for one prefix the one put last stays last.
            sorted.sort(Comparator.comparing(Entry::prefix));
            ArrayList<Optional<Entry<V>>> distinct = new ArrayList<>(sorted.size());
            for (int i = 0; i < sorted.size(); i++) {
                if (i + 1 == sorted.size()
                        || !sorted.get(i).prefix().equals(sorted.get(i + 1).prefix())) {
                    distinct.add(Optional.of(sorted.get(i)));
                }
            }
            return new PrefixTable<>(distinct);
        }
    }
}
