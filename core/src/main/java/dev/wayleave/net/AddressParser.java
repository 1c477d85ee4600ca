package dev.wayleave.net;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads addresses and prefixes in one pass over the characters, allocating nothing but the result.
 *
 * <p>The pass knows only "value" or "no value". What was wrong is worked out by {@link AddressDiagnosis} in a second
 * look that costs time only when there is something to complain about.
 */
final class AddressParser {

    /** The value of a hexadecimal digit by its character, or -1: a table, since chains of comparisons cost twice. */
    private static final byte[] HEX = new byte[128];

    static {
        java.util.Arrays.fill(HEX, (byte) -1);
        for (int digit = 0; digit < 10; digit++) {
            HEX['0' + digit] = (byte) digit;
        }
        for (int digit = 10; digit < 16; digit++) {
            HEX['a' + digit - 10] = (byte) digit;
            HEX['A' + digit - 10] = (byte) digit;
        }
    }

    private static final long NOT_IPV4 = -1;

    private AddressParser() {}

    static IpAddress parseAddress(String text) {
        IpAddress address = address(text, 0, text.length());
        if (address == null) {
            throw AddressDiagnosis.ofAddress(text);
        }
        return address;
    }

    static Optional<IpAddress> tryParseAddress(String text) {
        return Optional.ofNullable(address(text, 0, text.length()));
    }

    static Prefix parsePrefix(String text) {
        Prefix prefix = prefix(text, false);
        if (prefix == null) {
            throw AddressDiagnosis.ofPrefix(text);
        }
        return prefix;
    }

    static Optional<Prefix> tryParsePrefix(String text) {
        return Optional.ofNullable(prefix(text, false));
    }

    static Prefix parseTruncating(String text) {
        Prefix prefix = prefix(text, true);
        if (prefix == null) {
            throw AddressDiagnosis.ofPrefix(text);
        }
        return prefix;
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

    static @Nullable IpAddress address(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
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

    private static long ipv4(String text, int from, int to) {
        long bits = 0;
        int octet = 0;
        int digits = 0;
        int dots = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (digits == 0 || ++dots > 3) {
                    return NOT_IPV4;
                }
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
     * Collects groups from the left, remembers where {@code ::} stood, and moves what came after it to the right end:
     *
     * <pre>
     *   2001:db8::1:2   groups read  2001 db8 1 2 | 0 0 0 0      gap after 2
     *                   shifted      2001 db8 0 0   0 0 1 2
     * </pre>
     */
    private static @Nullable IpAddress ipv6(String text, int from, int to) {
        long high = 0;
        long low = 0;
        int groups = 0;
        int gap = -1;
        int i = from;
        if (i + 1 < to && text.charAt(i) == ':') {
            if (text.charAt(i + 1) != ':') {
                return null;
            }
            gap = 0;
            i += 2;
        }
        while (i < to) {
            if (groups == 8) {
                return null;
            }
            int group = 0;
            int start = i;
            char c = 0;
            while (i < to) {
                c = text.charAt(i);
                int digit = c < 128 ? HEX[c] : -1;
                if (digit < 0) {
                    break;
                }
                group = group << 4 | digit;
                i++;
                if (i - start > 4) {
                    return null;
                }
            }
            if (i == start) {
                return null;
            }
            if (i < to && c == '.') {
                long embedded = groups <= 6 ? ipv4(text, start, to) : NOT_IPV4;
                if (embedded == NOT_IPV4) {
                    return null;
                }
                if (groups < 4) {
                    high |= group(embedded >>> 16, groups);
                } else {
                    low |= group(embedded >>> 16, groups);
                }
                groups++;
                if (groups < 4) {
                    high |= group(embedded & 0xffff, groups);
                } else {
                    low |= group(embedded & 0xffff, groups);
                }
                groups++;
                i = to;
                break;
            }
            if (groups < 4) {
                high |= group(group, groups);
            } else {
                low |= group(group, groups);
            }
            groups++;
            if (i == to) {
                break;
            }
            if (c != ':') {
                return null;
            }
            i++;
            if (i == to) {
                return null;
            }
            if (text.charAt(i) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = groups;
                i++;
            }
        }
        if (gap < 0) {
            return groups == 8 ? IpAddress.ofIpv6(high, low) : null;
        }
        // "::" stands for at least one group of zeros
        return groups < 8 ? spread(high, low, gap, groups) : null;
    }

    private static long group(long value, int index) {
        return value << (48 - 16 * (index & 3));
    }

    private static IpAddress spread(long high, long low, int gap, int groups) {
        long headHigh = high & Bits.highMask(16 * gap);
        long headLow = low & Bits.lowMask(16 * gap);
        long tailHigh = high ^ headHigh;
        long tailLow = low ^ headLow;
        int shift = 16 * (8 - groups);
        long movedHigh = shift >= 64 ? 0 : tailHigh >>> shift;
        long carried = shift >= 64 ? tailHigh >>> (shift - 64) : shift == 0 ? 0 : tailHigh << (64 - shift);
        long movedLow = shift >= 64 ? carried : carried | tailLow >>> shift;
        return IpAddress.ofIpv6(headHigh | movedHigh, headLow | movedLow);
    }
}
