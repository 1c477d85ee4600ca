package dev.wayleave.net;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import com.google.errorprone.annotations.Immutable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * One IPv4 or IPv6 address.
 *
 * <p>No method blocks or resolves names. Both families share one shape, 128 bits aligned to the left, so that one
 * algorithm serves both:
 *
 * <pre>
 *            high (64 bits)                   low (64 bits)
 *   IPv4  [ a . b . c . d | 0 …          ]  [ 0 …                      ]
 *   IPv6  [ the first four groups        ]  [ the last four groups     ]
 * </pre>
 *
 * <p>An IPv4-mapped IPv6 address ({@code ::ffff:1.2.3.4}) is an IPv6 address and equals no IPv4 address, as in Go's
 * {@code net/netip}. The order is IPv4 before IPv6, then by unsigned value.
 */
@Immutable
public final class IpAddress implements Comparable<IpAddress> {

    private final long high;
    private final long low;
    private final boolean ipv6;

    private IpAddress(long high, long low, boolean ipv6) {
        this.high = high;
        this.low = low;
        this.ipv6 = ipv6;
    }

    /**
     * Reads an address as Go's {@code netip.ParseAddr} does, except for zones, which are refused.
     *
     * <p>IPv4 is four decimal octets without leading zeros; IPv6 is RFC 4291 text, with at most one {@code ::} and an
     * embedded IPv4 address allowed at the end. Blanks, ports, brackets, hexadecimal octets and short forms are
     * refused.
     *
     * @param text the address, of any length
     * @return the address
     * @throws AddressFormatException if the text is anything else
     */
    public static IpAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        return AddressParser.tryAddress(text).orElseThrow(() -> AddressDiagnosis.ofAddress(text));
    }

    /**
     * Reads an address as {@link #parse} does, without an exception for what is none.
     *
     * @param text the address, of any length
     * @return the address, or empty if the text is anything else
     */
    public static Optional<IpAddress> tryParse(String text) {
        Objects.requireNonNull(text, "text");
        return AddressParser.tryAddress(text);
    }

    /**
     * Returns the IPv4 address of 32 bits.
     *
     * @param bits the four octets, the first one in the highest bits
     * @return the address
     */
    public static IpAddress ofIpv4(int bits) {
        return new IpAddress((long) bits << 32, 0, false);
    }

    /**
     * Returns the IPv6 address of 128 bits.
     *
     * @param high the first four groups
     * @param low the last four groups
     * @return the address
     */
    public static IpAddress ofIpv6(long high, long low) {
        return new IpAddress(high, low, true);
    }

    /**
     * Returns the address of the bytes that it has on the wire, as {@code java.net.InetAddress} holds them.
     *
     * @param bytes four bytes for IPv4, sixteen for IPv6, the highest first
     * @return the address; sixteen bytes are always an IPv6 address, an IPv4-mapped one too
     * @throws IllegalArgumentException if there are neither four nor sixteen bytes
     */
    public static IpAddress ofBytes(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return switch (bytes.length) {
            case 4 -> ofIpv4(Ints.fromByteArray(bytes));
            case 16 ->
                ofIpv6(
                        Longs.fromByteArray(bytes),
                        Longs.fromByteArray(Arrays.copyOfRange(bytes, Long.BYTES, 2 * Long.BYTES)));
            default ->
                throw new IllegalArgumentException(
                        "an address of " + bytes.length + " bytes: ipv4 has 4 and ipv6 has 16");
        };
    }

    static IpAddress ofBits(long high, long low, boolean ipv6) {
        return new IpAddress(high, low, ipv6);
    }

    /** {@return whether this is an IPv4 address} */
    public boolean isIpv4() {
        return !ipv6;
    }

    /** {@return whether this is an IPv6 address; an IPv4-mapped one is} */
    public boolean isIpv6() {
        return ipv6;
    }

    /**
     * {@return the bytes that the address has on the wire; a new array of four bytes for IPv4, of sixteen for IPv6, the
     * highest first}
     */
    public byte[] toBytes() {
        return ipv6
                ? ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array()
                : Ints.toByteArray((int) (high >>> 32));
    }

    /** Returns whether the other address is of the same family and the next one up. */
    boolean isJustBefore(IpAddress other) {
        if (ipv6 != other.ipv6) {
            return false;
        }
        if (!ipv6) {
            return (int) (high >>> 32) != -1 && other.high - high == 1L << 32;
        }
        long carry = low == -1L ? 1 : 0;
        return other.low == low + 1 && other.high == high + carry && !(carry == 1 && high == -1L);
    }

    /** {@return the prefix that holds only this address: {@code /32} or {@code /128}} */
    public Prefix toPrefix() {
        return Prefix.ofBits(high, low, ipv6 ? 128 : 32, ipv6);
    }

    /** The first 64 bits of the shape drawn above. */
    long highBits() {
        return high;
    }

    /** The last 64 bits of the shape drawn above; 0 for IPv4. */
    long lowBits() {
        return low;
    }

    @Override
    public int compareTo(IpAddress other) {
        Objects.requireNonNull(other, "other");
        int byFamily = Boolean.compare(ipv6, other.ipv6);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && high == that.high && low == that.low && ipv6 == that.ipv6;
    }

    @Override
    public int hashCode() {
        return Bits.hash(high, low, ipv6 ? 1 : 0);
    }

    /**
     * {@return the canonical text, which {@link #parse} reads back to an equal address: dotted decimal for IPv4,
     * RFC 5952 for IPv6, with the last 32 bits of an IPv4-mapped address dotted}
     */
    @Override
    public String toString() {
        return AddressText.format(high, low, ipv6);
    }
}
