package dev.wayleave.net;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All addresses of one family from a first to a last, both included.
 *
 * <p>The order is by first address, then the wider range first, so that the ranges of prefixes are ordered as the
 * prefixes are.
 *
 * @param first the lowest address
 * @param last the highest address, of the same family and not below the first
 */
public record IpRange(IpAddress first, IpAddress last) implements Comparable<IpRange> {

    /**
     * Creates the range of two addresses.
     *
     * @throws AddressFormatException if the addresses are of different families or in the wrong order
     */
    public IpRange {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(last, "last");
        if (first.isIpv6() != last.isIpv6() || first.compareTo(last) > 0) {
            throw AddressDiagnosis.ofRange(first + "-" + last);
        }
    }

    /**
     * Returns the range of all addresses of a block.
     *
     * @param prefix the block
     * @return the range from its first to its last address
     */
    public static IpRange of(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return new IpRange(prefix.first(), prefix.last());
    }

    /**
     * Returns the range of one address.
     *
     * @param address the only address
     * @return the range that starts and ends with it
     */
    public static IpRange of(IpAddress address) {
        Objects.requireNonNull(address, "address");
        return new IpRange(address, address);
    }

    /**
     * Reads a range in any of the shapes that {@link #toString} writes: {@code 10.0.0.1}, {@code 10.0.0.0/8} or
     * {@code 10.0.0.1-10.0.0.9}.
     *
     * <p>Addresses and prefixes are read as strictly as {@link IpAddress#parse} and {@link Prefix#parse} read them,
     * with nothing around the dash. A range need not be written in its shortest shape.
     *
     * @param text the range, of any length
     * @return the range
     * @throws AddressFormatException if the text is anything else, if its ends are of different families, or if the
     *     last address comes before the first
     */
    public static IpRange parse(String text) {
        Objects.requireNonNull(text, "text");
        return tryParse(text).orElseThrow(() -> AddressDiagnosis.ofRange(text));
    }

    /**
     * Reads a range as {@link #parse} does, without an exception for what is none.
     *
     * @param text the range, of any length
     * @return the range, or empty if the text is anything else
     */
    public static Optional<IpRange> tryParse(String text) {
        Objects.requireNonNull(text, "text");
        int dash = text.indexOf('-');
        if (dash < 0) {
            return text.indexOf('/') < 0
                    ? IpAddress.tryParse(text).map(IpRange::of)
                    : Prefix.tryParse(text).map(IpRange::of);
        }
        Optional<IpAddress> first = IpAddress.tryParse(text.substring(0, dash));
        Optional<IpAddress> last = IpAddress.tryParse(text.substring(dash + 1));
        return first.isPresent() && last.isPresent() ? tryOf(first.get(), last.get()) : Optional.empty();
    }

    static Optional<IpRange> tryOf(IpAddress first, IpAddress last) {
        return first.isIpv6() == last.isIpv6() && first.compareTo(last) <= 0
                ? Optional.of(new IpRange(first, last))
                : Optional.empty();
    }

    /** {@return whether the addresses are IPv4} */
    public boolean isIpv4() {
        return first.isIpv4();
    }

    /** {@return whether the addresses are IPv6} */
    public boolean isIpv6() {
        return first.isIpv6();
    }

    /**
     * Returns whether an address lies in this range; never for an address of the other family.
     *
     * @param address any address
     * @return true if the range holds it
     */
    public boolean contains(IpAddress address) {
        Objects.requireNonNull(address, "address");
        return first.compareTo(address) <= 0 && last.compareTo(address) >= 0;
    }

    /**
     * Returns whether another range lies wholly in this one; a range contains itself.
     *
     * @param other any range
     * @return true if every address of the other range is in this one
     */
    public boolean contains(IpRange other) {
        Objects.requireNonNull(other, "other");
        return contains(other.first) && contains(other.last);
    }

    /**
     * Returns whether the two ranges share an address.
     *
     * @param other any range
     * @return true if they overlap
     */
    public boolean overlaps(IpRange other) {
        Objects.requireNonNull(other, "other");
        return first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
    }

    /** {@return the prefix of exactly these addresses; empty if there is none} */
    public Optional<Prefix> toPrefix() {
        int common = Bits.commonLength(first.highBits(), first.lowBits(), last.highBits(), last.lowBits());
        Prefix around = Prefix.truncating(first, Math.min(common, first.isIpv6() ? 128 : 32));
        return around.first().equals(first) && around.last().equals(last) ? Optional.of(around) : Optional.empty();
    }

    /**
     * {@return the fewest blocks that together hold exactly the addresses of this range, in order: at most 62 for IPv4
     * and 254 for IPv6} Costs microseconds, where most methods of this class cost nanoseconds.
     */
    public List<Prefix> toPrefixes() {
        return toPrefix().map(List::of).orElseGet(() -> AddressAlgebra.prefixes(this));
    }

    @Override
    public int compareTo(IpRange other) {
        Objects.requireNonNull(other, "other");
        int byFirst = first.compareTo(other.first);
        return byFirst != 0 ? byFirst : other.last.compareTo(last);
    }

    /**
     * {@return the shortest text that {@link #parse} reads back to an equal range: the address if there is only one,
     * the prefix if the range is exactly one block, else the first and the last address with a dash between them}
     */
    @Override
    public String toString() {
        return first.equals(last)
                ? first.toString()
                : toPrefix().map(Prefix::toString).orElseGet(() -> first + "-" + last);
    }
}
