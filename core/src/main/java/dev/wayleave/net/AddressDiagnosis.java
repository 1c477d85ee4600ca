package dev.wayleave.net;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import dev.wayleave.internal.Texts;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what is wrong with a refused text, and asks {@link AddressGuess} what was meant.
 *
 * <p>It names the first fault that it meets, from the outside in and from left to right. Reasons never repeat the text,
 * so that their length is bounded.
 */
final class AddressDiagnosis {

    private static final String HOST_BITS = "bits are set after the prefix length";

    private static final String EMBEDDED_NOT_LAST = "an embedded ipv4 address can only be at the end";

    /** Reports that this class has no text for a fault that the parser found. */
    static final String UNKNOWN = "it is malformed";

    private static final CharMatcher DIGIT = CharMatcher.inRange('0', '9');
    private static final CharMatcher HEX_DIGIT =
            DIGIT.or(CharMatcher.inRange('a', 'f')).or(CharMatcher.inRange('A', 'F'));
    private static final CharMatcher LETTER = CharMatcher.inRange('a', 'z').or(CharMatcher.inRange('A', 'Z'));

    private AddressDiagnosis() {}

    static AddressFormatException ofAddress(String text) {
        return new AddressFormatException(
                "an address",
                text,
                addressFault(text),
                AddressGuess.address(text).orElse(null));
    }

    static AddressFormatException ofPrefix(String text) {
        return new AddressFormatException(
                "a prefix", text, prefixFault(text), AddressGuess.prefix(text).orElse(null));
    }

    static AddressFormatException ofHostBits(String text, Prefix meant) {
        return new AddressFormatException("a prefix", text, HOST_BITS, meant);
    }

    static AddressFormatException ofRange(String text) {
        return new AddressFormatException(
                "an address, prefix or range",
                text,
                rangeFault(text),
                AddressGuess.range(text).orElse(null));
    }

    static AddressFormatException ofVia6Name(String text) {
        return new AddressFormatException("a 4via6 name", text, via6NameFault(text), null);
    }

    static AddressFormatException ofSite(String text) {
        return new AddressFormatException("a 4via6 site", text, siteFault(text), null);
    }

    private static Optional<String> faultOfAnyText(String text) {
        if (text.isEmpty()) {
            return Optional.of("it is empty");
        }
        return CharMatcher.whitespace().matchesAnyOf(text) ? Optional.of("it contains a blank") : Optional.empty();
    }

    private static String prefixFault(String text) {
        Optional<String> fault = faultOfAnyText(text);
        if (fault.isPresent()) {
            return fault.get();
        }
        int slash = text.indexOf('/');
        if (slash < 0) {
            return IpAddress.tryParse(text).isPresent()
                    ? "the length is missing"
                    : looksLikeRange(text) ? "it is a range" : addressFault(text);
        }
        if (text.indexOf('/', slash + 1) >= 0) {
            return "it has more than one slash";
        }
        if (slash == 0) {
            return "the address before the slash is missing";
        }
        String addressText = text.substring(0, slash);
        Optional<IpAddress> address = IpAddress.tryParse(addressText);
        return address.isPresent()
                ? lengthFault(text.substring(slash + 1), address.get().isIpv6())
                : addressFault(addressText);
    }

    private static String lengthFault(String text, boolean ipv6) {
        if (text.isEmpty()) {
            return "the length after the slash is missing";
        }
        Optional<IpAddress> mask = IpAddress.tryParse(text);
        if (mask.isPresent()) {
            return mask.get().isIpv6() == ipv6
                            && AddressGuess.length(text, ipv6).isEmpty()
                    ? "the length is written as a mask, and the ones in it are not all in front"
                    : "the length is written as a mask";
        }
        if (!DIGIT.matchesAllOf(text)) {
            return "the length is not a decimal number";
        }
        if (text.length() > 1 && text.charAt(0) == '0') {
            return "the length has a leading zero";
        }
        int longest = ipv6 ? 128 : 32;
        boolean tooLong = text.length() > 3 || Integer.parseInt(text) > longest;
        return tooLong ? "the length is above " + longest : HOST_BITS;
    }

    private static String rangeFault(String text) {
        int dash = text.indexOf('-');
        if (dash < 0 || faultOfAnyText(text).isPresent()) {
            return text.indexOf('/') < 0 ? addressFault(text) : prefixFault(text);
        }
        if (text.indexOf('-', dash + 1) >= 0) {
            return "it has more than one dash";
        }
        Optional<IpAddress> first = IpAddress.tryParse(text.substring(0, dash));
        if (first.isEmpty()) {
            return "its first address is wrong: " + addressFault(text.substring(0, dash));
        }
        Optional<IpAddress> last = IpAddress.tryParse(text.substring(dash + 1));
        if (last.isEmpty()) {
            return "its last address is wrong: " + addressFault(text.substring(dash + 1));
        }
        return first.get().isIpv6() == last.get().isIpv6()
                ? "its last address comes before its first"
                : "its addresses are of different families";
    }

    private static boolean looksLikeRange(String text) {
        int dash = text.indexOf('-');
        return dash > 0 && IpAddress.tryParse(text.substring(0, dash)).isPresent();
    }

    private static String addressFault(String text) {
        return faultOfAnyText(text).orElseGet(() -> {
            if (text.indexOf('/') >= 0) {
                return "it has a slash, as only a prefix has";
            }
            if (looksLikeRange(text)) {
                return "it is a range";
            }
            if (text.indexOf('%') >= 0) {
                return "it has a zone, which means something on one host only";
            }
            if (text.indexOf('[') >= 0 || text.indexOf(']') >= 0) {
                return "it has brackets";
            }
            if (text.indexOf('*') >= 0) {
                return "it has a wildcard";
            }
            int colon = text.indexOf(':');
            if (colon < 0) {
                return ipv4Fault(text);
            }
            boolean port = text.indexOf(':', colon + 1) < 0 && text.lastIndexOf('.', colon) >= 0;
            return port ? "it has a port" : ipv6Fault(text);
        });
    }

    private static String ipv4Fault(String text) {
        List<String> octets = Splitter.on('.').splitToList(text);
        if (DIGIT.matchesAllOf(text)) {
            return "it is a plain number";
        }
        if (text.startsWith("0x") || text.startsWith("0X")) {
            return "it is hexadecimal";
        }
        if (LETTER.matchesAnyOf(text) && (octets.size() != 4 || LETTER.matches(text.charAt(0)))) {
            return "it is a name, and names are not looked up";
        }
        if (octets.size() != 4) {
            return "it has " + octets.size() + (octets.size() == 1 ? " octet" : " octets") + ", not 4";
        }
        for (int i = 0; i < octets.size(); i++) {
            String octet = octets.get(i);
            String name = "octet " + (i + 1);
            if (octet.isEmpty()) {
                return name + " is empty";
            }
            if (!DIGIT.matchesAllOf(octet)) {
                return name + " is not a decimal number";
            }
            if (octet.length() > 1 && octet.charAt(0) == '0') {
                return name + " has a leading zero, which some programs read as octal";
            }
            if (octet.length() > 3 || Integer.parseInt(octet) > 255) {
                return name + " is above 255";
            }
        }
        return UNKNOWN;
    }

    private static String ipv6Fault(String text) {
        int gap = text.indexOf("::");
        if (text.contains(":::")) {
            return "it has more than two colons in a row";
        }
        if (gap >= 0 && text.indexOf("::", gap + 2) >= 0) {
            return "it has `::` twice";
        }
        if ((text.startsWith(":") && gap != 0) || (text.endsWith(":") && gap != text.length() - 2)) {
            return "it starts or ends with a single colon";
        }
        List<String> groups = Splitter.on(':').omitEmptyStrings().splitToList(text);
        int count = 0;
        for (int i = 0; i < groups.size(); i++) {
            String group = groups.get(i);
            boolean dotted = group.indexOf('.') >= 0;
            count += dotted ? 2 : 1;
            Optional<String> fault = dotted ? embeddedFault(group, i == groups.size() - 1) : groupFault(group, i + 1);
            if (fault.isPresent()) {
                return fault.get();
            }
        }
        if (gap < 0 && count != 8) {
            return "it has " + count + " groups, not 8";
        }
        if (gap >= 0 && count >= 8) {
            return "it has " + count + " groups, which leaves none for `::` to stand for";
        }
        // "1::1.2.3.4:" and the like: the dotted end is before the gap
        return text.endsWith("::") && text.indexOf('.') >= 0 ? EMBEDDED_NOT_LAST : UNKNOWN;
    }

    private static Optional<String> embeddedFault(String group, boolean last) {
        if (!last) {
            return Optional.of(EMBEDDED_NOT_LAST);
        }
        return IpAddress.tryParse(group).isPresent()
                ? Optional.empty()
                : Optional.of("its embedded ipv4 address is wrong: " + ipv4Fault(group));
    }

    private static Optional<String> groupFault(String group, int number) {
        if (!HEX_DIGIT.matchesAllOf(group)) {
            char wrong = group.charAt(HEX_DIGIT.negate().indexIn(group));
            return Optional.of(
                    Texts.quoted(String.valueOf(wrong)) + " in group " + number + " is not a hexadecimal digit");
        }
        return group.length() > 4 ? Optional.of("group " + number + " has more than 4 digits") : Optional.empty();
    }

    private static String via6NameFault(String text) {
        Optional<String> fault = faultOfAnyText(text);
        if (fault.isPresent()) {
            return fault.get();
        }
        String label = Via6.label(text);
        if (label.indexOf('.') >= 0) {
            return "its domain is neither ts.net nor tailscale.net";
        }
        int via = label.indexOf(Via6.BETWEEN);
        if (via < 0) {
            return "`" + Via6.BETWEEN + "` is missing between address and site";
        }
        String ipv4 = label.substring(0, via).replace('-', '.');
        if (ipv4.indexOf(':') >= 0) {
            return "its address is wrong: it is not ipv4";
        }
        return IpAddress.tryParse(ipv4).isPresent()
                ? "its site is wrong: " + siteFault(label.substring(via + Via6.BETWEEN.length()))
                : "its address is wrong: " + ipv4Fault(ipv4);
    }

    private static String siteFault(String text) {
        Optional<String> fault = faultOfAnyText(text);
        if (fault.isPresent()) {
            return fault.get();
        }
        boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X");
        String digits = hexadecimal ? text.substring(2) : text;
        if (digits.isEmpty() || !(hexadecimal ? HEX_DIGIT : DIGIT).matchesAllOf(digits)) {
            return hexadecimal ? "it is not a hexadecimal number" : "it is not a decimal number";
        }
        return digits.charAt(0) == '0' ? "it has leading zeros" : "it is above " + Via6.MAX_SITE;
    }
}
