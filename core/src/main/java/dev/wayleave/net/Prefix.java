package dev.wayleave.net;

import com.google.errorprone.annotations.Immutable;
import java.util.Objects;
import java.util.Optional;

/**
 * A block of addresses that share their first bits, such as {@code 10.0.0.0/8} or {@code fd00::/8}: what nodes
 * advertise, administrators approve and elections are about.
 *
 * <p>A prefix is always canonical: the bits after its length are zero, so one block has one value. Equality includes
 * family and length. The total order is IPv4 before IPv6, then by first address, then the shorter prefix first (Go's
 * {@code netip.Prefix.Compare} on masked prefixes).
 *
 * <p><b>Host bits</b>, such as in {@code 10.0.0.1/8}. {@link #parse} refuses the text and suggests {@code 10.0.0.0/8};
 * {@link #tryParse} returns empty; {@link #truncating} clears the host bits. JSON documents, route tests, questions
 * about traffic, rows of a store and the options of the tool are read by {@link #parse}. The text of a policy may have
 * host bits: {@code PolicyReader} clears them and adds {@code PolicyNotice.Code.HOST_BITS}, also where the result is an
 * exit route. A single entry that a program reads by {@code Selector.parse} may not have them: it is refused with
 * {@code PolicyProblem.Code.HOST_BITS}. The import from Headscale clears them, and so does the tool where it reads the
 * API of Headscale or Tailscale: both report each such prefix, and leave it out if it would become an exit route.
 *
 * <p>Costs are constant and nothing but results is allocated; a prefix takes 32 bytes of heap.
 */
@Immutable
public final class Prefix implements Comparable<Prefix> {

    private static final int IPV6_FLAG = 1 << 8;

    private final long high;
    private final long low;

    /** Length in the lower eight bits (0 to 128), family in the ninth: one int keeps the object at 32 bytes. */
    private final int lengthAndFamily;

    private Prefix(long high, long low, int lengthAndFamily) {
        this.high = high;
        this.low = low;
        this.lengthAndFamily = lengthAndFamily;
    }

    /**
     * Reads a prefix as Go's {@code netip.ParsePrefix} does, and insists that host bits are zero.
     *
     * <p>The text is an address as {@link IpAddress#parse} reads it, one slash, and the length in decimal without sign
     * or leading zeros: 0 to 32 for IPv4, 0 to 128 for IPv6.
     *
     * @param text the prefix, of any length
     * @return the prefix
     * @throws AddressFormatException if the text is anything else; where host bits are set, its suggestion is the
     *     prefix that was probably meant
     */
    public static Prefix parse(String text) {
        Objects.requireNonNull(text, "text");
        return AddressParser.tryPrefix(text).orElseThrow(() -> AddressDiagnosis.ofPrefix(text));
    }

    /**
     * Reads a prefix as {@link #parse} does, without an exception for what is none.
     *
     * @param text the prefix, of any length
     * @return the prefix, or empty if the text is anything else
     */
    public static Optional<Prefix> tryParse(String text) {
        Objects.requireNonNull(text, "text");
        return AddressParser.tryPrefix(text);
    }

    /**
     * Reads a prefix as {@link #parse} does, but sets host bits to zero in silence: {@code 10.0.0.1/8} is
     * {@code 10.0.0.0/8}.
     *
     * @param text the prefix, of any length
     * @return the prefix that contains the address in the text
     * @throws AddressFormatException if the text is anything else
     */
    public static Prefix truncating(String text) {
        Objects.requireNonNull(text, "text");
        return AddressParser.tryTruncating(text).orElseThrow(() -> AddressDiagnosis.ofPrefix(text));
    }

    /**
     * Returns the prefix of a length that contains an address.
     *
     * @param address any address in the block
     * @param length 0 to 32 for IPv4, 0 to 128 for IPv6
     * @return the block around the address, its host bits set to zero
     * @throws IllegalArgumentException if the length is out of range
     */
    public static Prefix truncating(IpAddress address, int length) {
        Objects.requireNonNull(address, "address");
        checkLength(length, address.isIpv6());
        return truncatingBits(address.highBits(), address.lowBits(), length, address.isIpv6());
    }

    /**
     * Returns the prefix of a first address and a length.
     *
     * @param address the first address of the block
     * @param length 0 to 32 for IPv4, 0 to 128 for IPv6
     * @return the block
     * @throws AddressFormatException if the address has bits set after the length
     * @throws IllegalArgumentException if the length is out of range
     */
    public static Prefix of(IpAddress address, int length) {
        Objects.requireNonNull(address, "address");
        Prefix prefix = truncating(address, length);
        if (prefix.high != address.highBits() || prefix.low != address.lowBits()) {
            throw AddressDiagnosis.ofHostBits(address + "/" + length, prefix);
        }
        return prefix;
    }

    /** The caller has masked the bits and checked the length. */
    static Prefix ofBits(long high, long low, int length, boolean ipv6) {
        return new Prefix(high, low, ipv6 ? length | IPV6_FLAG : length);
    }

    static Prefix truncatingBits(long high, long low, int length, boolean ipv6) {
        return ofBits(high & Bits.highMask(length), low & Bits.lowMask(length), length, ipv6);
    }

    private static void checkLength(int length, boolean ipv6) {
        int longest = ipv6 ? 128 : 32;
        if (length < 0 || length > longest) {
            throw new IllegalArgumentException("prefix length " + length + " is not between 0 and " + longest);
        }
    }

    /**
     * {@return the number of leading bits that all addresses of the block share; 0 to 32 for IPv4, 0 to 128 for IPv6}
     */
    public int length() {
        return lengthAndFamily & 0xff;
    }

    /** {@return whether the addresses of this block are IPv4} */
    public boolean isIpv4() {
        return !isIpv6();
    }

    /** {@return whether the addresses of this block are IPv6} */
    public boolean isIpv6() {
        return (lengthAndFamily & IPV6_FLAG) != 0;
    }

    /** {@return the first address of the block, which its text shows} */
    public IpAddress first() {
        return IpAddress.ofBits(high, low, isIpv6());
    }

    /** {@return the last address of the block: all bits after the length are ones} */
    public IpAddress last() {
        if (isIpv4()) {
            return IpAddress.ofIpv4((int) ((high | ~Bits.highMask(length())) >>> 32));
        }
        return IpAddress.ofIpv6(high | ~Bits.highMask(length()), low | ~Bits.lowMask(length()));
    }

    /**
     * Returns whether an address lies in this block; never for an address of the other family.
     *
     * @param address any address
     * @return true if the block holds it
     */
    public boolean contains(IpAddress address) {
        Objects.requireNonNull(address, "address");
        return isIpv6() == address.isIpv6()
                && Bits.samePrefix(high, low, address.highBits(), address.lowBits(), length());
    }

    /**
     * Returns whether another block lies wholly in this one; a block contains itself.
     *
     * @param other any prefix
     * @return true if every address of the other block is in this one
     */
    public boolean contains(Prefix other) {
        Objects.requireNonNull(other, "other");
        return isIpv6() == other.isIpv6()
                && length() <= other.length()
                && Bits.samePrefix(high, low, other.high, other.low, length());
    }

    /**
     * Returns whether the two blocks share an address, which is so exactly if one contains the other.
     *
     * @param other any prefix
     * @return true if they overlap
     */
    public boolean overlaps(Prefix other) {
        Objects.requireNonNull(other, "other");
        return isIpv6() == other.isIpv6()
                && Bits.samePrefix(high, low, other.high, other.low, Math.min(length(), other.length()));
    }

    /** {@return whether this is one of the two exit routes, exactly {@code 0.0.0.0/0} and {@code ::/0}} */
    public boolean isExitRoute() {
        return length() == 0;
    }

    /** {@return whether the block holds one address only: {@code /32} in IPv4, {@code /128} in IPv6} */
    public boolean isSingleAddress() {
        return length() == (isIpv6() ? 128 : 32);
    }

    long highBits() {
        return high;
    }

    long lowBits() {
        return low;
    }

    @Override
    public int compareTo(Prefix other) {
        Objects.requireNonNull(other, "other");
        int byFamily = Boolean.compare(isIpv6(), other.isIpv6());
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        if (byHigh != 0) {
            return byHigh;
        }
        int byLow = Long.compareUnsigned(low, other.low);
        return byLow != 0 ? byLow : Integer.compare(length(), other.length());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Prefix that
                && high == that.high
                && low == that.low
                && lengthAndFamily == that.lengthAndFamily;
    }

    @Override
    public int hashCode() {
        return Bits.hash(high, low, lengthAndFamily);
    }

    /**
     * {@return the canonical text: the first address as {@link IpAddress#toString} writes it, a slash and the length;
     * the text that {@link #parse} reads back to an equal prefix}
     */
    @Override
    public String toString() {
        return AddressText.format(high, low, isIpv6()) + "/" + length();
    }
}
