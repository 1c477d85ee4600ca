package dev.wayleave.net;

import com.google.common.base.Ascii;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 block at a site, which mesh VPNs write as an IPv6 block so that equal IPv4 blocks at several sites can be
 * distinguished ("4via6").
 *
 * <p>The IPv6 block is plain arithmetic:
 *
 * <pre>
 *   fd7a:115c:a1e0:0b1a  : ssss:ssss : iiii:iiii  / 96 + length of the IPv4 block
 *   KnownRanges.VIA6       site        IPv4
 * </pre>
 *
 * <p>The source is Tailscale's 4via6 documentation and client. Clients refuse such routes to addresses that mean
 * something on one host only, as loopback does; that is not a question of the arithmetic, and not looked at here.
 *
 * @param site the number of the site, 0 to 4294967295
 * @param ipv4 the IPv4 block at the site
 */
public record Via6(long site, Prefix ipv4) {

    /** The highest site number that a node may advertise; Tailscale reserves those above. */
    public static final long MAX_ADVERTISED_SITE = 0xffff;

    static final long MAX_SITE = 0xffff_ffffL;
    private static final int SHORTEST = 96;
    private static final Pattern SITE = Pattern.compile("0[xX]([0-9a-fA-F]{1,8})|0|[1-9][0-9]{0,9}");
    static final String BETWEEN = "-via-";

    /**
     * Creates the block at a site.
     *
     * @throws IllegalArgumentException if the site is negative or above 4294967295, or the block is not IPv4
     */
    public Via6 {
        Objects.requireNonNull(ipv4, "ipv4");
        if (site < 0 || site > MAX_SITE) {
            throw new IllegalArgumentException("site " + site + " is not between 0 and " + MAX_SITE);
        }
        if (ipv4.isIpv6()) {
            throw new IllegalArgumentException("`" + ipv4 + "` is ipv6: a site maps ipv4 blocks");
        }
    }

    /**
     * Reads the site and the IPv4 block out of an IPv6 block.
     *
     * @param prefix any prefix
     * @return what it maps, or empty if it does not lie in {@link KnownRanges#VIA6} or is shorter than {@code /96}
     */
    public static Optional<Via6> of(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        if (!KnownRanges.VIA6.contains(prefix) || prefix.length() < SHORTEST) {
            return Optional.empty();
        }
        IpAddress ipv4 = IpAddress.ofIpv4((int) prefix.lowBits());
        return Optional.of(new Via6(prefix.lowBits() >>> 32, Prefix.of(ipv4, prefix.length() - SHORTEST)));
    }

    /**
     * {@return the IPv6 block that stands for this one: what a node advertises and a policy names; a prefix in
     * {@link KnownRanges#VIA6} of length 96 to 128}
     */
    public Prefix toPrefix() {
        long low = site << 32 | ipv4.highBits() >>> 32;
        return Prefix.ofBits(KnownRanges.VIA6.highBits(), low, SHORTEST + ipv4.length(), true);
    }

    /**
     * Returns whether a node may advertise a prefix, as far as 4via6 is concerned. A prefix in {@link KnownRanges#VIA6}
     * must map an IPv4 block, and its site must not be above {@link #MAX_ADVERTISED_SITE}; any other prefix may be
     * advertised.
     *
     * @param prefix any prefix
     * @return false if it looks like a 4via6 route and no client would use it as one
     */
    public static boolean isAdvertisable(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return !KnownRanges.VIA6.contains(prefix)
                || of(prefix).filter(via -> via.site <= MAX_ADVERTISED_SITE).isPresent();
    }

    /**
     * {@return the DNS name by which clients ask for the one address of this block, for example
     * {@code 10-1-1-16-via-7}, or empty if the block holds more than one address}
     */
    public Optional<String> name() {
        return ipv4.isSingleAddress()
                ? Optional.of(ipv4.first().toString().replace('.', '-') + BETWEEN + site)
                : Optional.empty();
    }

    /**
     * Reads the name of an address at a site: four decimal octets, {@code via} and the site, joined by dashes; the site
     * is decimal without leading zeros, or hexadecimal after {@code 0x}.
     *
     * <p>The name has no domain, or is under {@code ts.net} or {@code tailscale.net}, at any depth and with or without
     * a final dot. A control plane with a domain of its own cuts its domain off first. Case does not matter, as in all
     * of DNS.
     *
     * @param name for example {@code 10-1-1-16-via-7} or {@code 10-1-1-16-via-0x7.tail1234.ts.net}
     * @return the address as a block of one
     * @throws AddressFormatException if the text is anything else
     */
    public static Via6 parseName(String name) {
        Objects.requireNonNull(name, "name");
        return tryParseName(name).orElseThrow(() -> AddressDiagnosis.ofVia6Name(name));
    }

    /**
     * Reads the name of an address at a site as {@link #parseName} does, without an exception for what is none.
     *
     * @param name any text
     * @return the address as a block of one, or empty if the text is anything else
     */
    public static Optional<Via6> tryParseName(String name) {
        Objects.requireNonNull(name, "name");
        String label = label(name);
        int between = label.indexOf(BETWEEN);
        if (between < 0 || label.indexOf('.') >= 0) {
            return Optional.empty();
        }
        Optional<IpAddress> ipv4 =
                IpAddress.tryParse(label.substring(0, between).replace('-', '.'));
        Optional<Long> site = tryParseSite(label.substring(between + BETWEEN.length()));
        return ipv4.filter(IpAddress::isIpv4).isPresent() && site.isPresent()
                ? Optional.of(new Via6(site.get(), ipv4.get().toPrefix()))
                : Optional.empty();
    }

    /** The part before one of the two domains, or else everything; in lower case, since case means nothing in DNS. */
    static String label(String name) {
        String lower = Ascii.toLowerCase(name);
        String bare = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        boolean underKnownDomain = bare.endsWith(".ts.net") || bare.endsWith(".tailscale.net");
        return underKnownDomain ? bare.substring(0, bare.indexOf('.')) : bare;
    }

    /**
     * Reads the number of a site as people write it: decimal without leading zeros, or hexadecimal after {@code 0x}.
     *
     * @param text for example {@code 7} or {@code 0x7}
     * @return 0 to 4294967295
     * @throws AddressFormatException if the text is anything else
     */
    public static long parseSite(String text) {
        Objects.requireNonNull(text, "text");
        return tryParseSite(text).orElseThrow(() -> AddressDiagnosis.ofSite(text));
    }

    private static Optional<Long> tryParseSite(String text) {
        Matcher matcher = SITE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String hexadecimal = matcher.group(1);
        long site = hexadecimal != null ? Long.parseLong(hexadecimal, 16) : Long.parseLong(text);
        return site <= MAX_SITE ? Optional.of(site) : Optional.empty();
    }

    /**
     * {@return the site in decimal and in hexadecimal, as in names and in addresses, and the block, for example
     * {@code site 7 (0x7), 10.1.1.0/24}}
     */
    @Override
    public String toString() {
        return "site " + site + " (0x" + Long.toHexString(site) + "), " + ipv4;
    }
}
