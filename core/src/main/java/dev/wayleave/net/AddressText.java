package dev.wayleave.net;

/** Writes addresses: dotted decimal for IPv4, RFC 5952 for IPv6, IPv4-mapped addresses with a dotted end. */
final class AddressText {

    private static final int LONGEST_IPV6 = 45;
    private static final long MAPPED_LOW = 0x0000_ffff_0000_0000L;

    private AddressText() {}

    static String format(long high, long low, boolean ipv6) {
        StringBuilder text = new StringBuilder(LONGEST_IPV6);
        if (!ipv6) {
            appendDotted(text, (int) (high >>> 32));
        } else if (high == 0 && low >>> 32 == MAPPED_LOW >>> 32) {
            appendDotted(text.append("::ffff:"), (int) low);
        } else {
            appendGroups(text, high, low);
        }
        return text.toString();
    }

    private static void appendDotted(StringBuilder text, int bits) {
        text.append(bits >>> 24)
                .append('.')
                .append(bits >>> 16 & 0xff)
                .append('.')
                .append(bits >>> 8 & 0xff)
                .append('.')
                .append(bits & 0xff);
    }

    /** RFC 5952 section 4.2: the longest run of two or more zero groups is shortened, the first of equal runs. */
    private static void appendGroups(StringBuilder text, long high, long low) {
        int runStart = -1;
        int runLength = 1;
        for (int start = 0; start < 8; start++) {
            int end = start;
            while (end < 8 && group(high, low, end) == 0) {
                end++;
            }
            if (end - start > runLength) {
                runStart = start;
                runLength = end - start;
            }
            start = end;
        }
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (i > 0 && i != runStart + runLength) {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(high, low, i)));
            }
        }
    }

    private static int group(long high, long low, int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }
}
