package dev.wayleave.access;

import com.google.errorprone.annotations.Immutable;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source or a destination in a packet filter: any address at all, or a range of addresses.
 *
 * <p>Ordered with {@link #ANY} first, then as ranges are: by family, first address, and the wider range first.
 */
@Immutable
public final class AddressPattern implements Comparable<AddressPattern> {

    /** Any address of either family, written {@code *}. */
    public static final AddressPattern ANY = new AddressPattern(null, false);

    @SuppressWarnings("Immutable") // a range is a record of two immutable addresses
    private final @Nullable IpRange range;

    private final boolean spelledOut;

    private AddressPattern(@Nullable IpRange range, boolean spelledOut) {
        this.range = range;
        this.spelledOut = spelledOut;
    }

    /**
     * Returns the pattern of a range, written as a prefix if it is one.
     *
     * @param range any range
     * @return what covers exactly these addresses
     */
    public static AddressPattern of(IpRange range) {
        Objects.requireNonNull(range, "range");
        return new AddressPattern(range, false);
    }

    /**
     * Returns the pattern of a range that is written by its ends even where a prefix would do, as control planes write
     * the public internet ({@code 2000::-3fff:…}; recorded case
     * {@code routes-b18-autogroup-internet-wildcard-src-with-exit-autoapprover}).
     *
     * @param range any range
     * @return what covers exactly these addresses; not equal to the same range {@link #of(IpRange) otherwise written}
     */
    public static AddressPattern spelledOut(IpRange range) {
        Objects.requireNonNull(range, "range");
        return new AddressPattern(range, range.toPrefix().isPresent());
    }

    /**
     * Returns the pattern of a prefix.
     *
     * @param prefix any prefix
     * @return what covers exactly these addresses; one of length 0 covers its family and is not {@link #ANY}
     */
    public static AddressPattern of(Prefix prefix) {
        return of(IpRange.of(prefix));
    }

    /**
     * Returns the pattern of one address.
     *
     * @param address any address
     * @return what covers exactly this address
     */
    public static AddressPattern of(IpAddress address) {
        return of(IpRange.of(address));
    }

    /** {@return whether this is {@link #ANY}, written {@code *}} */
    public boolean isAny() {
        return range == null;
    }

    /** {@return the range that is covered; empty for {@link #ANY}, which has no first and last address} */
    public Optional<IpRange> range() {
        return Optional.ofNullable(range);
    }

    /**
     * Returns whether an address is covered.
     *
     * @param address any address
     * @return true if it is
     */
    public boolean contains(IpAddress address) {
        Objects.requireNonNull(address, "address");
        return range == null || range.contains(address);
    }

    @Override
    public int compareTo(AddressPattern other) {
        Objects.requireNonNull(other, "other");
        if (range == null || other.range == null) {
            return Boolean.compare(range != null, other.range != null);
        }
        int byRange = range.compareTo(other.range);
        return byRange != 0 ? byRange : Boolean.compare(spelledOut, other.spelledOut);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressPattern that
                && spelledOut == that.spelledOut
                && (range == null ? that.range == null : range.equals(that.range));
    }

    @Override
    public int hashCode() {
        return range == null ? 0 : range.hashCode();
    }

    /**
     * {@return the text that Tailscale's control protocol has for it; {@code *}, an address, a prefix, or a range
     * {@code first-last}}
     */
    @Override
    public String toString() {
        if (range == null) {
            return "*";
        }
        return spelledOut ? range.first() + "-" + range.last() : range.toString();
    }
}
