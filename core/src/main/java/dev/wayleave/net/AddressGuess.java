package dev.wayleave.net;

import com.google.common.base.CharMatcher;
import java.util.Optional;

/**
 * Guesses what a refused text was meant to be. Every guess is a value, so that its text is one that the parser accepts.
 *
 * <p>What programs read in different ways, such as octets with leading zeros, is not guessed at.
 */
final class AddressGuess {

    /** Longer texts are not an attempt at an address. */
    private static final int LONGEST = 100;

    private static final CharMatcher DIGIT = CharMatcher.inRange('0', '9');

    private AddressGuess() {}

    /** Without blanks around, brackets, zone, port, or prefix length. */
    static Optional<IpAddress> address(String text) {
        return bareAddress(before(stripped(text), '/'));
    }

    private static Optional<IpAddress> bareAddress(String text) {
        return IpAddress.tryParse(withoutPort(withoutZone(inBrackets(stripped(text)))));
    }

    static Optional<Prefix> prefix(String text) {
        String stripped = stripped(text);
        int slash = stripped.indexOf('/');
        if (slash < 0) {
            return bareAddress(stripped)
                    .map(IpAddress::toPrefix)
                    .or(() -> IpRange.tryParse(stripped).flatMap(IpRange::toPrefix))
                    .or(() -> AddressAlgebra.blockInOtherNotation(stripped));
        }
        String lengthText = stripped(stripped.substring(slash + 1));
        String addressText = stripped.substring(0, slash);
        return bareAddress(addressText)
                .or(() -> IpAddress.tryParse(withAllOctets(addressText)))
                .flatMap(address ->
                        length(lengthText, address.isIpv6()).map(length -> Prefix.truncating(address, length)));
    }

    static Optional<IpRange> range(String text) {
        String stripped = stripped(text);
        int dash = stripped.indexOf('-');
        if (dash < 0) {
            return stripped.indexOf('/') < 0
                    ? address(stripped)
                            .map(IpRange::of)
                            .or(() -> AddressAlgebra.blockInOtherNotation(stripped)
                                    .map(IpRange::of))
                    : prefix(stripped).map(IpRange::of);
        }
        Optional<IpAddress> first = bareAddress(stripped.substring(0, dash));
        String lastText = stripped.substring(dash + 1);
        return first.flatMap(from -> bareAddress(lastText)
                .or(() -> inSameNetwork(from, lastText))
                .flatMap(to -> IpRange.tryOf(from, to).or(() -> IpRange.tryOf(to, from))));
    }

    /** The length that was written with a sign, with leading zeros, or as a mask of ones or of zeros in front. */
    static Optional<Integer> length(String text, boolean ipv6) {
        int longest = ipv6 ? 128 : 32;
        String digits = CharMatcher.is('0').trimLeadingFrom(text.startsWith("+") ? text.substring(1) : text);
        if (!text.isEmpty() && digits.length() <= 3 && DIGIT.matchesAllOf(digits)) {
            int value = digits.isEmpty() ? 0 : Integer.parseInt(digits);
            return value <= longest ? Optional.of(value) : Optional.empty();
        }
        return IpAddress.tryParse(text)
                .filter(mask -> mask.isIpv6() == ipv6)
                .flatMap(mask -> ones(mask.highBits(), mask.lowBits(), longest)
                        .or(() -> ones(~mask.highBits(), ~mask.lowBits(), longest)));
    }

    /** The number of leading ones, if nothing but zeros follows up to the longest length. */
    private static Optional<Integer> ones(long high, long low, int longest) {
        int ones = Math.min(longest, Bits.commonLength(high, low, -1, -1));
        boolean mask = Bits.samePrefix(high, low, Bits.highMask(ones), Bits.lowMask(ones), longest);
        return mask ? Optional.of(ones) : Optional.empty();
    }

    /** {@code 10.0.0.1-9}: the last octet only. */
    private static Optional<IpAddress> inSameNetwork(IpAddress first, String octet) {
        return first.isIpv4()
                ? IpAddress.tryParse(first.toString().replaceFirst("\\d+$", "") + octet)
                : Optional.empty();
    }

    /** {@code 10/8} and {@code 192.168/16}, as people write networks. */
    private static String withAllOctets(String text) {
        if (text.indexOf(':') >= 0) {
            return text;
        }
        StringBuilder octets = new StringBuilder(text);
        for (int dots = CharMatcher.is('.').countIn(text); dots < 3; dots++) {
            octets.append(".0");
        }
        return octets.toString();
    }

    private static String stripped(String text) {
        return text.length() > LONGEST ? "" : CharMatcher.whitespace().trimFrom(text);
    }

    private static String inBrackets(String text) {
        return text.startsWith("[") && text.indexOf(']') > 0 ? text.substring(1, text.indexOf(']')) : text;
    }

    private static String withoutZone(String text) {
        return before(text, '%');
    }

    private static String withoutPort(String text) {
        int colon = text.indexOf(':');
        return text.indexOf(':', colon + 1) < 0 ? before(text, ':') : text;
    }

    private static String before(String text, char end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }
}
