package dev.wayleave.policy;

import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wayleave.internal.Texts;
import dev.wayleave.net.IpAddress;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The spelling of protocols, ports, traffic and of destinations with ports. */
final class TrafficText {

    private static final List<PortRange> ALL_PORTS = List.of(PortRange.ALL);

    /** The names that policies use, by IANA number. */
    private static final ImmutableBiMap<String, Integer> PROTOCOLS = ImmutableBiMap.<String, Integer>builder()
            .put("icmp", 1)
            .put("igmp", 2)
            .put("ipv4", 4)
            .put("tcp", 6)
            .put("egp", 8)
            .put("igp", 9)
            .put("udp", 17)
            .put("gre", 47)
            .put("esp", 50)
            .put("ah", 51)
            .put("ipv6-icmp", 58)
            .put("sctp", 132)
            .put("fc", 133)
            .buildOrThrow();

    private static final ImmutableMap<String, Integer> SYNONYMS = ImmutableMap.of("ip-in-ip", 4);

    /** In {@code tag:server} the last colon is not the one before the ports. */
    private static final Set<String> WORDS_BEFORE_COLON = Set.of("tag", "group", "autogroup", "ipset", "user");

    private TrafficText() {}

    /** Sorted copies of ports; only the range of every port if it is among them. */
    static List<PortRange> sorted(List<PortRange> ports) {
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("there are no ports: use `*` for every port");
        }
        return ports.contains(PortRange.ALL) ? ALL_PORTS : ImmutableList.sortedCopyOf(ports);
    }

    /** Reads a name or a number from 1 to 255; null after a complaint. */
    static @Nullable Protocol protocol(String text, ProblemSink complaint) {
        String name = text.toLowerCase(Locale.ROOT);
        Integer number = PROTOCOLS.get(name);
        if (number == null) {
            number = SYNONYMS.get(name);
        }
        if (number == null) {
            int digits = number(text, 255);
            number = digits > 0 ? digits : null;
        }
        if (number == null) {
            complaint.about(
                    Code.UNKNOWN_PROTOCOL,
                    Quotes.quoted(text) + " is not a protocol: write a number from 1 to 255 or one of "
                            + Texts.join(PROTOCOLS.keySet()));
            return null;
        }
        return new Protocol(number);
    }

    static String format(Protocol protocol) {
        String name = PROTOCOLS.inverse().get(protocol.number());
        return name == null ? Integer.toString(protocol.number()) : name;
    }

    /** Port 0, which in tests stands for a packet of a protocol that has no ports. */
    private static final List<PortRange> NO_PORT = List.of(new PortRange(0, 0));

    /** Reads {@code *}, or numbers and ranges between commas; null after a complaint. */
    static @Nullable List<PortRange> ports(String text, ProblemSink complaint) {
        if (text.equals("*")) {
            return ALL_PORTS;
        }
        List<PortRange> ranges = new ArrayList<>();
        int from = 0;
        while (from <= text.length()) {
            int comma = text.indexOf(',', from);
            int to = comma < 0 ? text.length() : comma;
            PortRange range = range(text.substring(from, to), complaint);
            if (range == null) {
                return null;
            }
            ranges.add(range);
            from = to + 1;
        }
        return ranges;
    }

    private static @Nullable PortRange range(String text, ProblemSink complaint) {
        int hyphen = text.indexOf('-');
        int first = number(hyphen < 0 ? text : text.substring(0, hyphen), 65_535);
        int last = hyphen < 0 ? first : number(text.substring(hyphen + 1), 65_535);
        if (first < 0 || last < 0) {
            complaint.about(
                    Code.MALFORMED_PORTS,
                    "port range " + Quotes.quoted(text)
                            + " is malformed: write `*`, or ports from 1 to 65535 such as `443` or `8000-8080`");
            return null;
        }
        if (first == 0 || last == 0) {
            complaint.about(
                    Code.PORT_ZERO,
                    "port range " + Quotes.quoted(text)
                            + " has port 0: name ports from 1 to 65535, or write `*` for every port");
            return null;
        }
        if (last < first) {
            complaint.about(
                    Code.MALFORMED_PORTS,
                    "port range " + Quotes.quoted(text) + " ends before it begins: write `" + last + "-" + first + "`");
            return null;
        }
        return new PortRange(first, last);
    }

    static String format(List<PortRange> ports) {
        return ports.stream().map(PortRange::toString).collect(Collectors.joining(","));
    }

    /** Reads an entry of a grant's {@code ip}: ports, or a protocol, a colon and ports; null after a complaint. */
    static @Nullable Traffic traffic(String text, ProblemSink complaint) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            List<PortRange> ports = ports(text, complaint);
            return ports == null ? null : new Traffic(null, ports);
        }
        List<PortRange> ports = ports(text.substring(colon + 1), complaint);
        if (text.startsWith("*:") && ports != null) {
            complaint.about(
                    Code.UNKNOWN_PROTOCOL,
                    "`*` is not a protocol: write " + Quotes.quoted(format(ports))
                            + " alone for these ports of every protocol that has ports");
            return null;
        }
        Protocol protocol = protocol(text.substring(0, colon), complaint);
        if (protocol == null || ports == null || !portsFit(protocol, ports, complaint)) {
            return null;
        }
        return new Traffic(protocol, ports);
    }

    static String format(Traffic traffic) {
        String ports = format(traffic.ports());
        return traffic.protocol()
                .map(protocol -> format(protocol) + ":" + ports)
                .orElse(ports);
    }

    private static boolean hasPorts(Protocol protocol) {
        return protocol.number() == 6 || protocol.number() == 17 || protocol.number() == 132;
    }

    static boolean portsFit(Protocol protocol, List<PortRange> ports, ProblemSink complaint) {
        if (hasPorts(protocol) || ports.equals(ALL_PORTS)) {
            return true;
        }
        complaint.about(
                Code.PROTOCOL_WITHOUT_PORTS,
                "protocol `" + format(protocol) + "` has no ports: write `*` in place of "
                        + Quotes.quoted(format(ports)));
        return false;
    }

    /** Reads a test's destination, where port 0 may stand for a protocol that has no ports; null after a complaint. */
    static AclRule.@Nullable Destination testedDestination(
            String text, @Nullable Protocol protocol, ProblemSink complaint) {
        boolean mayBeZero = protocol != null && !hasPorts(protocol);
        AclRule.Destination destination;
        if (mayBeZero && text.endsWith(":0")) {
            destination = destination(text.substring(0, text.length() - 1) + "*", complaint);
            return destination == null ? null : new AclRule.Destination(destination.selector(), NO_PORT);
        }
        destination = destination(text, complaint);
        return destination == null || (protocol != null && !portsFit(protocol, destination.ports(), complaint))
                ? null
                : destination;
    }

    /** Reads an ACL's destination: a selector, a colon and ports; null after a complaint. */
    static AclRule.@Nullable Destination destination(String text, ProblemSink complaint) {
        int colon = text.lastIndexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon);
        if (colon < 0 || WORDS_BEFORE_COLON.contains(name)) {
            complaint.about(
                    Code.MALFORMED_PORTS,
                    "destination " + Quotes.quoted(text) + " has no ports: write `" + Quotes.shortened(text)
                            + ":*` for every port");
            return null;
        }
        List<PortRange> ports = ports(text.substring(colon + 1), complaint);
        Selector selector = destinationSelector(name, complaint);
        return selector == null || ports == null ? null : new AclRule.Destination(selector, ports);
    }

    /**
     * Addresses of IPv6 need brackets, which their length may follow. One without either is refused: where it ends and
     * its ports begin is a guess.
     */
    private static @Nullable Selector destinationSelector(String name, ProblemSink complaint) {
        if (SelectorText.isRange(name.replace("[", "").replace("]", ""))) {
            return SelectorText.parse(name.replace("[", "").replace("]", ""), complaint);
        }
        int closing = name.indexOf(']');
        if (name.startsWith("[") && closing > 0) {
            String bare = name.substring(1, closing);
            if (IpAddress.tryParse(bare).filter(IpAddress::isIpv6).isEmpty()) {
                complaint.about(
                        Code.MALFORMED_SELECTOR,
                        Quotes.quoted(bare) + " is in brackets, which are for IPv6 addresses only: leave them out");
                return null;
            }
            String after = name.substring(closing + 1);
            if (!after.isEmpty() && !isLength(after)) {
                complaint.about(
                        Code.MALFORMED_SELECTOR,
                        Quotes.quoted(after)
                                + " cannot follow `]`: write a colon and the ports, or `/128`, a colon "
                                + "and the ports");
                return null;
            }
            return SelectorText.parse(bare + after, complaint);
        }
        Selector selector = SelectorText.parse(name, complaint);
        if (selector instanceof Selector.Address address && address.address().isIpv6()) {
            complaint.about(
                    Code.MALFORMED_SELECTOR,
                    "where " + Quotes.quoted(name) + " ends and its ports begin is not clear: write `[" + name
                            + "]` and a colon before the ports");
            return null;
        }
        return selector;
    }

    /** A slash and digits; whether they are a length is the prefix's own question. */
    private static boolean isLength(String text) {
        return text.length() > 1
                && text.charAt(0) == '/'
                && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
    }

    static String format(AclRule.Destination destination) {
        Selector selector = destination.selector();
        boolean brackets = selector instanceof Selector.Address address
                && address.address().isIpv6();
        String name = brackets ? "[" + selector.text() + "]" : selector.text();
        return name + ":" + format(destination.ports());
    }

    /** Decimal without sign or leading zeros, up to a highest value; else -1. */
    private static int number(String text, int highest) {
        if (text.isEmpty() || text.length() > 5 || (text.length() > 1 && text.charAt(0) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= highest ? value : -1;
    }
}
