package dev.wayleave.net;

import com.google.common.collect.ImmutableList;
import dev.wayleave.internal.Copies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * A set of addresses of both families, kept as the fewest ranges.
 *
 * <p>The ranges are in order, do not overlap and do not touch, so that equal sets have equal ranges. Questions cost
 * O(log n) comparisons for n ranges and allocate nothing to speak of; {@link #union}, {@link #subtract} and {@link
 * #intersect} cost O(n log n) and make a new set.
 */
public final class AddressSet {

    private static final AddressSet EMPTY = new AddressSet(ImmutableList.of());

    /** Sorted, disjoint, and with at least one address between any two of one family. */
    private final ImmutableList<IpRange> ranges;

    private AddressSet(ImmutableList<IpRange> ranges) {
        this.ranges = ranges;
    }

    /** {@return the set without any address} */
    public static AddressSet empty() {
        return EMPTY;
    }

    /**
     * Returns the set of all addresses in any of the blocks.
     *
     * @param prefixes blocks in any order, which may overlap
     * @return their union
     */
    public static AddressSet of(Prefix... prefixes) {
        Copies.refuseNull(prefixes, "prefixes");
        return ofPrefixes(List.of(prefixes));
    }

    /**
     * Returns the set of all addresses in any of the blocks.
     *
     * @param prefixes blocks in any order, which may overlap
     * @return their union
     */
    public static AddressSet ofPrefixes(Collection<Prefix> prefixes) {
        Copies.refuseNull(prefixes, "prefixes");
        return ofRanges(prefixes.stream().map(IpRange::of).toList());
    }

    /**
     * Returns the set of some addresses.
     *
     * @param addresses addresses in any order, which may repeat
     * @return the set of them
     */
    public static AddressSet ofAddresses(Collection<IpAddress> addresses) {
        Copies.refuseNull(addresses, "addresses");
        return ofRanges(addresses.stream().map(IpRange::of).toList());
    }

    /**
     * Returns the set of all addresses in any of the ranges.
     *
     * @param ranges ranges in any order, which may overlap
     * @return their union
     */
    public static AddressSet ofRanges(Collection<IpRange> ranges) {
        Copies.refuseNull(ranges, "ranges");
        return ofSorted(ranges.stream().sorted().toList());
    }

    private static AddressSet ofSorted(List<IpRange> sorted) {
        ArrayList<IpRange> joined = new ArrayList<>(sorted.size());
        for (IpRange range : sorted) {
            IpRange before = joined.isEmpty() ? range : joined.get(joined.size() - 1);
            if (joined.isEmpty() || !(before.overlaps(range) || before.last().isJustBefore(range.first()))) {
                joined.add(range);
            } else if (before.last().compareTo(range.last()) < 0) {
                joined.set(joined.size() - 1, new IpRange(before.first(), range.last()));
            }
        }
        return joined.isEmpty() ? EMPTY : new AddressSet(ImmutableList.copyOf(joined));
    }

    /**
     * Returns the addresses that are in this set, in the other, or in both.
     *
     * @param other any set
     * @return the union
     */
    public AddressSet union(AddressSet other) {
        Objects.requireNonNull(other, "other");
        if (contains(other)) {
            return this;
        }
        ArrayList<IpRange> both = new ArrayList<>(ranges);
        both.addAll(other.ranges);
        return ofRanges(both);
    }

    /**
     * Returns the addresses of this set that are not in the other.
     *
     * @param other any set
     * @return the difference
     */
    public AddressSet subtract(AddressSet other) {
        Objects.requireNonNull(other, "other");
        return overlaps(other) ? ofSorted(AddressAlgebra.subtract(ranges, other.ranges)) : this;
    }

    /**
     * Returns the addresses that are in both sets.
     *
     * @param other any set
     * @return the intersection
     */
    public AddressSet intersect(AddressSet other) {
        Objects.requireNonNull(other, "other");
        return overlaps(other) ? ofSorted(AddressAlgebra.intersect(ranges, other.ranges)) : EMPTY;
    }

    /** {@return whether the set holds no address} */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /**
     * Returns whether an address is in the set.
     *
     * @param address any address
     * @return true if the set holds it
     */
    public boolean contains(IpAddress address) {
        Objects.requireNonNull(address, "address");
        int at = floor(address);
        return at >= 0 && ranges.get(at).contains(address);
    }

    /**
     * Returns whether a whole block is in the set.
     *
     * @param prefix any prefix
     * @return true if the set holds every address of it
     */
    public boolean contains(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return contains(IpRange.of(prefix));
    }

    /**
     * Returns whether a whole range is in the set.
     *
     * @param range any range
     * @return true if the set holds every address of it
     */
    public boolean contains(IpRange range) {
        Objects.requireNonNull(range, "range");
        int at = floor(range.first());
        return at >= 0 && ranges.get(at).contains(range);
    }

    /**
     * Returns whether another set is wholly in this one; every set contains the empty one. Costs O(m log n) for m
     * ranges of the other set.
     *
     * @param other any set
     * @return true if this set holds every address of the other
     */
    public boolean contains(AddressSet other) {
        Objects.requireNonNull(other, "other");
        return other.ranges.stream().allMatch(this::contains);
    }

    /**
     * Returns whether the set holds any address of a block.
     *
     * @param prefix any prefix
     * @return true if they share an address
     */
    public boolean overlaps(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return overlaps(IpRange.of(prefix));
    }

    /**
     * Returns whether the set holds any address of a range.
     *
     * @param range any range
     * @return true if they share an address
     */
    public boolean overlaps(IpRange range) {
        Objects.requireNonNull(range, "range");
        int at = floor(range.last());
        return at >= 0 && ranges.get(at).overlaps(range);
    }

    /**
     * Returns whether the two sets share an address. Costs O(m log n) for m ranges of the smaller set.
     *
     * @param other any set
     * @return true if they do
     */
    public boolean overlaps(AddressSet other) {
        Objects.requireNonNull(other, "other");
        return other.ranges.size() > ranges.size()
                ? other.overlaps(this)
                : other.ranges.stream().anyMatch(this::overlaps);
    }

    /** The index of the last range that starts at or before an address, or -1. */
    private int floor(IpAddress address) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).first().compareTo(address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** {@return the fewest ranges that make up the set, in order, IPv4 first; immutable} */
    public List<IpRange> ranges() {
        return ranges;
    }

    /**
     * {@return the fewest blocks that make up the set, in order, immutable: IPv4 first, none overlapping another; costs
     * microseconds for every range that is not one block}
     */
    public List<Prefix> prefixes() {
        return ranges.stream().flatMap(range -> range.toPrefixes().stream()).collect(ImmutableList.toImmutableList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressSet that && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    /**
     * {@return the ranges in order, each as {@link IpRange#toString} writes it, for example
     * {@code [100.64.0.0/10, fd7a:115c:a1e0::/48]}}
     */
    @Override
    public String toString() {
        return ranges.toString();
    }
}
