package dev.wayleave.net;

import java.util.List;

/**
 * The blocks and ranges that have a name: the two exit routes, what mesh VPNs use for themselves, and the reserved
 * ranges of the Internet.
 */
public final class KnownRanges {

    /** All of IPv4: the IPv4 exit route. */
    public static final Prefix EXIT_IPV4 = Prefix.parse("0.0.0.0/0");

    /** All of IPv6: the IPv6 exit route. */
    public static final Prefix EXIT_IPV6 = Prefix.parse("::/0");

    /** The carriers' shared space, from which mesh VPNs take the IPv4 addresses of their nodes (RFC 6598). */
    public static final Prefix CGNAT = Prefix.parse("100.64.0.0/10");

    /** The part of {@link #CGNAT} that ChromeOS uses for its virtual machines; no node gets an address from it. */
    public static final Prefix CHROME_OS_VMS = Prefix.parse("100.115.92.0/23");

    /** The unique local block from which Tailscale and Headscale take the IPv6 addresses of their nodes. */
    public static final Prefix TAILSCALE_ULA = Prefix.parse("fd7a:115c:a1e0::/48");

    /** The part of {@link #TAILSCALE_ULA} that holds 4via6 routes, see {@link Via6}. */
    public static final Prefix VIA6 = Prefix.parse("fd7a:115c:a1e0:b1a::/64");

    /** The first private block (RFC 1918). */
    public static final Prefix PRIVATE_10 = Prefix.parse("10.0.0.0/8");

    /** The second private block (RFC 1918). */
    public static final Prefix PRIVATE_172_16 = Prefix.parse("172.16.0.0/12");

    /** The third private block (RFC 1918). */
    public static final Prefix PRIVATE_192_168 = Prefix.parse("192.168.0.0/16");

    /** Unique local addresses (RFC 4193). */
    public static final Prefix UNIQUE_LOCAL = Prefix.parse("fc00::/7");

    /** Addresses that mean something on one link only (RFC 3927). */
    public static final Prefix LINK_LOCAL_IPV4 = Prefix.parse("169.254.0.0/16");

    /** Addresses that mean something on one link only (RFC 4291). */
    public static final Prefix LINK_LOCAL_IPV6 = Prefix.parse("fe80::/10");

    /** The host itself (RFC 1122). */
    public static final Prefix LOOPBACK_IPV4 = Prefix.parse("127.0.0.0/8");

    /** The host itself (RFC 4291). */
    public static final Prefix LOOPBACK_IPV6 = Prefix.parse("::1/128");

    /** Groups of receivers (RFC 5771). */
    public static final Prefix MULTICAST_IPV4 = Prefix.parse("224.0.0.0/4");

    /** Groups of receivers (RFC 4291). */
    public static final Prefix MULTICAST_IPV6 = Prefix.parse("ff00::/8");

    /** IPv4 addresses in IPv6 clothes (RFC 4291); they are IPv6 addresses here and equal no IPv4 address. */
    public static final Prefix IPV4_MAPPED = Prefix.parse("::ffff:0.0.0.0/96");

    /** What IANA has given out so far for global unicast (RFC 4291 and IANA's registry). */
    public static final Prefix GLOBAL_UNICAST_IPV6 = Prefix.parse("2000::/3");

    /** Every address of both families. */
    public static final AddressSet EVERYTHING = AddressSet.of(EXIT_IPV4, EXIT_IPV6);

    /**
     * What {@code autogroup:internet} stands for: IPv4 without the private blocks, {@link #CGNAT} and
     * {@link #LINK_LOCAL_IPV4}, and {@link #GLOBAL_UNICAST_IPV6}.
     *
     * <p>Loopback, multicast and {@code 0.0.0.0/8} are inside, because Tailscale's control plane sends exactly these
     * ranges (recorded in Headscale's captures b17 and b18).
     */
    public static final AddressSet PUBLIC_INTERNET = AddressSet.ofRanges(List.of(
            IpRange.parse("0.0.0.0-9.255.255.255"),
            IpRange.parse("11.0.0.0-100.63.255.255"),
            IpRange.parse("100.128.0.0-169.253.255.255"),
            IpRange.parse("169.255.0.0-172.15.255.255"),
            IpRange.parse("172.32.0.0-192.167.255.255"),
            IpRange.parse("192.169.0.0-255.255.255.255"),
            IpRange.of(GLOBAL_UNICAST_IPV6)));

    private KnownRanges() {}
}
