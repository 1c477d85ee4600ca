package dev.wayleave.net;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.stream.Collectors;

/**
 * A map from prefixes to values that also answers which of its prefixes contain an address or a block, and which lie in
 * one.
 *
 * <p>Immutable and safe for use by several threads; no method blocks. Entries are sorted, in the order of {@link Prefix}:
 * a prefix comes right before those that it contains. Each entry knows its <em>parent</em>, the narrowest other entry
 * around it:
 *
 * <pre>
 *   index  prefix            parent
 *   0      10.0.0.0/8        -
 *   1      10.1.0.0/16       0
 *   2      10.1.2.0/24       1
 *   3      10.9.0.0/16       0        10.3.0.1: the last entry that starts at or before it is 2;
 *   4      192.168.0.0/16    -        neither 2 nor its parent 1 contains it, the next parent 0 does
 * </pre>
 *
 * <p>A look-up in n entries costs O(log n) to find the place and one step for every parent on the way out, at most 32 for
 * IPv4 and 128 for IPv6. An entry takes about 97 bytes of heap, prefix included, value not.
 *
 * @param <V> the values
 */
public final class PrefixTable<V> {

    private static final int NONE = -1;

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
            Objects.requireNonNull(prefix);
            Objects.requireNonNull(value);
        }
    }

    // The keys once more, side by side: a search that followed references would wait for memory at every step.
    private final long[] highs;
    private final long[] lows;
    private final byte[] lengths;

    /** The index of the narrowest other entry that contains this one, or {@link #NONE}. */
    private final int[] parents;

    /** What {@link #longestMatch} returns, made once. */
    private final Optional<Entry<V>>[] slots;

    /** The number of IPv4 entries, which come first. */
    private final int ipv4Count;

    /** The entries are in order and without equal prefixes; slots that other tables made are shared. */
    private PrefixTable(List<Optional<Entry<V>>> sorted) {
        int size = sorted.size();
        highs = new long[size];
        lows = new long[size];
        lengths = new byte[size];
        parents = new int[size];
        slots = sorted.toArray(PrefixTable::newSlots);
        int ipv4 = 0;
        for (int i = 0; i < size; i++) {
            Prefix prefix = prefix(i);
            highs[i] = prefix.highBits();
            lows[i] = prefix.lowBits();
            lengths[i] = (byte) prefix.length();
            parents[i] = enclosing(i - 1, prefix);
            ipv4 += prefix.isIpv4() ? 1 : 0;
        }
        ipv4Count = ipv4;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <V> Optional<Entry<V>>[] newSlots(int size) {
        return new Optional[size];
    }

    /**
     * Returns the table without entries.
     *
     * @param <V> the values
     * @return the empty table
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
        Builder<V> builder = builder();
        map.forEach(builder::put);
        return builder.build();
    }

    /**
     * Returns a builder without entries.
     *
     * @param <V> the values
     * @return a new builder
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
        int at = find(prefix);
        return at >= 0 ? slot(at).map(Entry::value) : Optional.empty();
    }

    /**
     * Tells whether the table has exactly this prefix.
     *
     * @param prefix the key
     * @return true if it is a key
     */
    public boolean containsKey(Prefix prefix) {
        return find(prefix) >= 0;
    }

    /**
     * Returns the entry with the narrowest prefix that contains an address. Allocates nothing.
     *
     * @param address any address
     * @return the entry, or empty if no prefix contains the address
     */
    public Optional<Entry<V>> longestMatch(IpAddress address) {
        int length = address.isIpv6() ? 128 : 32;
        return slot(match(address.highBits(), address.lowBits(), length, address.isIpv6()));
    }

    /**
     * Returns the entry with the narrowest prefix that contains a whole block; a block contains itself. Allocates nothing.
     *
     * @param prefix any prefix
     * @return the entry, or empty if no prefix contains the block
     */
    public Optional<Entry<V>> longestMatch(Prefix prefix) {
        return slot(match(prefix.highBits(), prefix.lowBits(), prefix.length(), prefix.isIpv6()));
    }

    /**
     * Returns all entries whose prefixes contain an address.
     *
     * @param address any address
     * @return the entries, immutable, the widest first
     */
    public List<Entry<V>> covering(IpAddress address) {
        return covering(address.toPrefix());
    }

    /**
     * Returns all entries whose prefixes contain a whole block, with that of the block itself.
     *
     * @param prefix any prefix
     * @return the entries, immutable, the widest first
     */
    public List<Entry<V>> covering(Prefix prefix) {
        ImmutableList.Builder<Entry<V>> inwards = ImmutableList.builder();
        int at = match(prefix.highBits(), prefix.lowBits(), prefix.length(), prefix.isIpv6());
        for (; at != NONE; at = parents[at]) {
            inwards.add(entry(at));
        }
        return inwards.build().reverse();
    }

    /**
     * Returns all entries whose prefixes lie in a block, with that of the block itself. Costs O(log n): the list is a view
     * of the table.
     *
     * @param prefix any prefix
     * @return the entries in order, immutable
     */
    public List<Entry<V>> coveredBy(Prefix prefix) {
        return entries().subList(firstWithin(prefix), endWithin(prefix));
    }

    /**
     * Returns all entries whose prefixes share an address with a block: those that contain it, and those that lie in it.
     *
     * @param prefix any prefix
     * @return the entries in order, immutable
     */
    public List<Entry<V>> overlapping(Prefix prefix) {
        int from = firstWithin(prefix);
        int to = endWithin(prefix);
        List<Entry<V>> wider = covering(prefix);
        if (from < to && prefix(from).equals(prefix)) {
            from++;
        }
        return ImmutableList.<Entry<V>>builder()
                .addAll(wider)
                .addAll(entries().subList(from, to))
                .build();
    }

    /**
     * Tells whether any prefix of the table shares an address with a block. Allocates nothing and costs O(log n).
     *
     * @param prefix any prefix
     * @return true if {@link #overlapping} would not be empty
     */
    public boolean overlaps(Prefix prefix) {
        return longestMatch(prefix).isPresent() || firstWithin(prefix) < endWithin(prefix);
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
        int from = firstWithin(prefix);
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
        int at = find(prefix);
        return at == NONE ? this : spliced(at, at + 1, List.of());
    }

    private PrefixTable<V> spliced(int from, int to, List<Optional<Entry<V>>> between) {
        List<Optional<Entry<V>>> old = Arrays.asList(slots);
        ArrayList<Optional<Entry<V>>> changed = new ArrayList<>(slots.length + 1);
        changed.addAll(old.subList(0, from));
        changed.addAll(between);
        changed.addAll(old.subList(to, slots.length));
        return new PrefixTable<>(changed);
    }

    /**
     * Returns a builder with the entries of this table.
     *
     * @return a new builder
     */
    public Builder<V> toBuilder() {
        Builder<V> builder = builder();
        entries().forEach(entry -> builder.put(entry.prefix(), entry.value()));
        return builder;
    }

    /**
     * Returns all entries. Costs nothing: the list is a view of the table.
     *
     * @return the entries in the order of their prefixes, immutable
     */
    public List<Entry<V>> entries() {
        return new Entries();
    }

    /**
     * Returns the number of entries.
     *
     * @return 0 or more
     */
    public int size() {
        return slots.length;
    }

    /**
     * Tells whether the table has no entries.
     *
     * @return true for the empty table
     */
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

    /**
     * Returns the entries in order, as a map shows them.
     *
     * @return for example <code>{10.0.0.0/8=a, 10.1.0.0/16=b}</code>
     */
    @Override
    public String toString() {
        return entries().stream()
                .map(entry -> entry.prefix() + "=" + entry.value())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private Entry<V> entry(int index) {
        return slots[index].orElseThrow();
    }

    private Prefix prefix(int index) {
        return entry(index).prefix();
    }

    private Optional<Entry<V>> slot(int index) {
        return index == NONE ? Optional.empty() : slots[index];
    }

    private int find(Prefix prefix) {
        int at = firstWithin(prefix);
        return at < slots.length && prefix(at).equals(prefix) ? at : NONE;
    }

    /** The narrowest entry that contains the block of these bits, or {@link #NONE}. */
    private int match(long high, long low, int length, boolean ipv6) {
        int at = countUpTo(high, low, length, ipv6) - 1;
        if (at < start(ipv6)) {
            return NONE;
        }
        while (at != NONE && !Bits.samePrefix(high, low, highs[at], lows[at], lengths[at] & 0xff)) {
            at = parents[at];
        }
        return at;
    }

    /** The narrowest of an entry and its parents that contains a prefix: the parent of the next entry, while it is made. */
    private int enclosing(int from, Prefix prefix) {
        int at = from;
        while (at != NONE && !prefix(at).contains(prefix)) {
            at = parents[at];
        }
        return at;
    }

    /** The index of the first entry that is the prefix or comes after it. */
    private int firstWithin(Prefix prefix) {
        return countUpTo(prefix.highBits(), prefix.lowBits(), prefix.length() - 1, prefix.isIpv6());
    }

    /** The index after the last entry that lies in the prefix; they all come right after its own place. */
    private int endWithin(Prefix prefix) {
        long lastHigh = prefix.highBits() | ~Bits.highMask(prefix.length());
        long lastLow = prefix.lowBits() | ~Bits.lowMask(prefix.length());
        return countUpTo(lastHigh, lastLow, 128, prefix.isIpv6());
    }

    /** The number of entries that are not after the given place in the order. */
    private int countUpTo(long high, long low, int length, boolean ipv6) {
        int from = start(ipv6);
        int to = ipv6 ? highs.length : ipv4Count;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (isAfter(middle, high, low, length)) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    private boolean isAfter(int index, long high, long low, int length) {
        if (highs[index] != high) {
            return Long.compareUnsigned(highs[index], high) > 0;
        }
        if (lows[index] != low) {
            return Long.compareUnsigned(lows[index], low) > 0;
        }
        return (lengths[index] & 0xff) > length;
    }

    private int start(boolean ipv6) {
        return ipv6 ? ipv4Count : 0;
    }

    private final class Entries extends AbstractList<Entry<V>> implements RandomAccess {

        @Override
        public Entry<V> get(int index) {
            return entry(index);
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
            entries.add(new Entry<>(prefix, value));
            return this;
        }

        /**
         * Returns the table of what was put so far. Costs O(n log n).
         *
         * @return the table
         */
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
