package dev.wayleave.net;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads addresses and prefixes in one pass over the characters, without cutting out texts on the way. {@link Prefix}
 * defines how host bits are read.
 *
 * <p>The pass knows only "value" or "no value". What was wrong is worked out by {@link AddressDiagnosis} in a second
 * look that costs time only when there is something to complain about.
 */
final class AddressParser {

    /** The value of a hexadecimal digit by its character, or -1: a table, since chains of comparisons cost twice. */
    private static final byte[] HEX = hexDigits();

    private static final long NOT_IPV4 = -1;

    private static final int GROUP_BITS = 16;

    private static final int GROUP_VALUE = 0xffff;

    private AddressParser() {}

    private static byte[] hexDigits() {
        byte[] digits = new byte[128];
        for (char c = 0; c < digits.length; c++) {
            digits[c] = (byte) Character.digit(c, 16);
        }
        return digits;
    }

    static Optional<IpAddress> tryAddress(String text) {
        return Optional.ofNullable(address(text, 0, text.length()));
    }

    static Optional<Prefix> tryPrefix(String text) {
        return Optional.ofNullable(prefix(text, false));
    }

    static Optional<Prefix> tryTruncating(String text) {
        return Optional.ofNullable(prefix(text, true));
    }

    private static @Nullable Prefix prefix(String text, boolean truncate) {
        int slash = text.lastIndexOf('/');
        int length = slash < 0 ? -1 : prefixLength(text, slash + 1);
        if (length < 0) {
            return null;
        }
        IpAddress address = address(text, 0, slash);
        if (address == null || (address.isIpv4() && length > 32)) {
            return null;
        }
        Prefix prefix = Prefix.truncatingBits(address.highBits(), address.lowBits(), length, address.isIpv6());
        boolean canonical = prefix.highBits() == address.highBits() && prefix.lowBits() == address.lowBits();
        return canonical || truncate ? prefix : null;
    }

    /** Decimal, one to three digits, no leading zero but {@code 0} itself, at most 128; else -1. */
    private static int prefixLength(String text, int from) {
        int digits = text.length() - from;
        if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(from) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= 128 ? value : -1;
    }

    private static @Nullable IpAddress address(String text, int from, int to) {
        for (int at = from; at < to; at++) {
            char c = text.charAt(at);
            if (c == '.') {
                long bits = ipv4(text, from, to);
                return bits == NOT_IPV4 ? null : IpAddress.ofIpv4((int) bits);
            }
            if (c == ':') {
                return ipv6(text, from, to);
            }
        }
        return null;
    }

    /** Four octets of one to three digits without leading zeros, as 32 bits; else {@link #NOT_IPV4}. */
    private static long ipv4(String text, int from, int to) {
        long bits = 0;
        int octet = 0;
        int digits = 0;
        int dots = 0;
        for (int at = from; at < to; at++) {
            char c = text.charAt(at);
            if (c == '.') {
                if (digits == 0) {
                    return NOT_IPV4;
                }
                dots++;
                bits = bits << 8 | octet;
                octet = 0;
                digits = 0;
            } else {
                int digit = c - '0';
                if (digit < 0 || digit > 9 || (digits == 1 && octet == 0)) {
                    return NOT_IPV4;
                }
                octet = octet * 10 + digit;
                digits++;
                if (octet > 255) {
                    return NOT_IPV4;
                }
            }
        }
        return dots == 3 && digits > 0 ? bits << 8 | octet : NOT_IPV4;
    }

    /**
     * Shifts group after group in from the right. At {@code ::} what was read so far is put aside at its final place,
     * and shifting starts anew:
     *
     * <pre>
     *   2001:db8::1:2     put aside   2001 0db8    0    0 |   0    0    0    0
     *                     shifted in     0    0    0    0 |   0    0    1    2
     * </pre>
     */
    private static @Nullable IpAddress ipv6(String text, int from, int to) {
        long high = 0;
        long low = 0;
        long headHigh = 0;
        long headLow = 0;
        int groups = 0;
        int gap = text.startsWith("::", from) ? 0 : -1;
        int at = gap < 0 ? from : from + 2;
        while (at < to) {
            int start = at;
            int group = group(text, at, to);
            at += group >> GROUP_BITS;
            if (at < to && text.charAt(at) == '.') {
                long embedded = ipv4(text, start, to);
                if (embedded == NOT_IPV4) {
                    return null;
                }
                high = high << 32 | low >>> 32;
                low = low << 32 | embedded;
                groups += 2;
                break;
            }
            if (at == start || at - start > 4) {
                return null;
            }
            high = high << 16 | low >>> 48;
            low = low << 16 | (group & GROUP_VALUE);
            groups++;
            if (at == to) {
                break;
            }
            if (groups == 8 || text.charAt(at) != ':' || ++at == to) {
                return null;
            }
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = groups;
                headHigh = Bits.shiftedHigh(high, low, 128 - 16 * gap);
                headLow = Bits.shiftedLow(low, 128 - 16 * gap);
                high = 0;
                low = 0;
                at++;
            }
        }
        return isComplete(groups, gap) ? IpAddress.ofIpv6(headHigh | high, headLow | low) : null;
    }

    /** A gap stands for at least one group of zeros. */
    private static boolean isComplete(int groups, int gap) {
        return gap < 0 ? groups == 8 : groups < 8;
    }

    /** The value of up to four hexadecimal digits and, above it, their number; beyond four only the number counts. */
    private static int group(String text, int from, int to) {
        int value = 0;
        int at = from;
        int digit = 0;
        while (at < to && at - from <= 4 && (digit = hexDigit(text.charAt(at))) >= 0) {
            value = value << 4 | digit;
            at++;
        }
        return ((at - from) << GROUP_BITS) | (value & GROUP_VALUE);
    }

    private static int hexDigit(char c) {
        return c < HEX.length ? HEX[c] : -1;
    }
}
