package dev.wayleave.net;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Addresses and prefixes that make trouble: they nest, touch, repeat, fill a whole family or hold one address.
 *
 * <p>Uniform ones would hardly ever meet. So most are drawn from a few small neighbourhoods, and only some from the
 * whole space. That bias takes the place of jqwik's edge cases, which multiply beyond use in tables and sets.
 */
@SuppressWarnings("exports") // public for the tests of other packages, never exported
public final class NetArbitraries {

    /** The neighbourhoods: everything, private and overlay blocks, 4via6, both ends of both families, mapped IPv4. */
    private static final List<Prefix> NEIGHBOURHOODS = List.of(
            Prefix.parse("10.0.0.0/8"),
            Prefix.parse("100.115.88.0/21"),
            Prefix.parse("192.168.1.0/24"),
            Prefix.parse("0.0.0.0/30"),
            Prefix.parse("255.255.255.240/28"),
            Prefix.parse("fd7a:115c:a1e0:b1a::/96"),
            Prefix.parse("fd7a:115c:a1e0:b1a:0:7::/96"),
            Prefix.parse("fd7a:115c:a1e0:b1a::/64"),
            Prefix.parse("2001:db8::/60"),
            Prefix.parse("::/124"),
            Prefix.parse("::ffff:10.0.0.0/108"),
            Prefix.parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124"),
            KnownRanges.EXIT_IPV4,
            KnownRanges.EXIT_IPV6);

    private NetArbitraries() {}

    /** Addresses of both families, most of them near others. */
    public static Arbitrary<IpAddress> addresses() {
        return Combinators.combine(
                        Arbitraries.of(NEIGHBOURHOODS),
                        halves(),
                        halves(),
                        Arbitraries.integers().between(0, 7))
                .as(NetArbitraries::address)
                .withoutEdgeCases();
    }

    /** Addresses of a block, with its first and last more often than others, and many with few bits set. */
    public static Arbitrary<IpAddress> addressesIn(Prefix block) {
        return Combinators.combine(halves(), halves(), Arbitraries.integers().between(0, 7))
                .as((high, low, kind) -> address(block, high, low, kind))
                .withoutEdgeCases();
    }

    private static IpAddress address(Prefix block, long high, long low, int kind) {
        long highs = block.highBits() | (high & ~Bits.highMask(block.length()));
        long lows = block.lowBits() | (low & ~Bits.lowMask(block.length()));
        return switch (kind) {
            case 0 -> block.first();
            case 1 -> block.last();
            default -> block.isIpv4() ? IpAddress.ofIpv4((int) (highs >>> 32)) : IpAddress.ofIpv6(highs, lows);
        };
    }

    private static Arbitrary<Long> halves() {
        Arbitrary<Long> sparse = Arbitraries.of(
                LongStream.concat(LongStream.of(0, -1), IntStream.range(0, 64).mapToLong(bit -> 1L << bit))
                        .boxed()
                        .toList());
        return Arbitraries.oneOf(sparse, Arbitraries.longs());
    }

    /** Prefixes of both families: nested, siblings, whole families, single addresses, 4via6, and often equal ones. */
    public static Arbitrary<Prefix> prefixes() {
        Arbitrary<Prefix> around = Combinators.combine(
                        addresses(),
                        Arbitraries.integers().between(0, 128),
                        Arbitraries.integers().between(0, 5))
                .as(NetArbitraries::prefix);
        return Arbitraries.oneOf(around, fixedPrefixes()).withoutEdgeCases();
    }

    private static Prefix prefix(IpAddress address, int number, int kind) {
        int longest = address.isIpv4() ? 32 : 128;
        int length = switch (kind) {
            case 0 -> List.of(0, 1, longest - 1, longest).get(number % 4);
            case 1, 2 -> longest - number % 13;
            default -> number % (longest + 1);
        };
        return Prefix.truncating(address, length);
    }

    /** Prefixes of one family. */
    public static Arbitrary<Prefix> prefixes(boolean ipv6) {
        return prefixes().filter(prefix -> prefix.isIpv6() == ipv6);
    }

    /** Prefixes that mean something to the rules, so that equal ones come up often. */
    public static Arbitrary<Prefix> fixedPrefixes() {
        return Arbitraries.of(List.of(
                KnownRanges.EXIT_IPV4,
                KnownRanges.EXIT_IPV6,
                KnownRanges.PRIVATE_10,
                Prefix.parse("10.0.0.0/9"),
                Prefix.parse("10.128.0.0/9"),
                Prefix.parse("10.1.0.0/16"),
                Prefix.parse("10.1.2.0/24"),
                Prefix.parse("10.1.2.3/32"),
                KnownRanges.CGNAT,
                KnownRanges.CHROME_OS_VMS,
                KnownRanges.TAILSCALE_ULA,
                KnownRanges.VIA6,
                Prefix.parse("fd7a:115c:a1e0:b1a:0:7:a01:200/120"),
                Prefix.parse("fd7a:115c:a1e0:b1a:0:7:a01:203/128"),
                Prefix.parse("::/1"),
                Prefix.parse("8000::/1"),
                Prefix.parse("::/128")));
    }

    /** Ranges of one family each, many of them exact blocks or touching another. */
    public static Arbitrary<IpRange> ranges() {
        Arbitrary<IpRange> free = Combinators.combine(addresses(), addresses()).as(NetArbitraries::range);
        return Arbitraries.oneOf(free, prefixes().map(IpRange::of), addresses().map(IpRange::of))
                .withoutEdgeCases();
    }

    /** From the lower to the higher, or only the one if the other is of the other family. */
    private static IpRange range(IpAddress one, IpAddress other) {
        return IpRange.tryOf(one, other).or(() -> IpRange.tryOf(other, one)).orElseGet(() -> IpRange.of(one));
    }

    /** Sets of up to a dozen ranges. */
    public static Arbitrary<AddressSet> addressSets() {
        return ranges().list().ofMaxSize(12).map(AddressSet::ofRanges).withoutEdgeCases();
    }

    /** 4via6 blocks, with site 0 and the highest sites more often than others. */
    public static Arbitrary<Via6> via6s() {
        Arbitrary<Long> sites = Arbitraries.oneOf(
                Arbitraries.of(0L, 7L, Via6.MAX_ADVERTISED_SITE, Via6.MAX_ADVERTISED_SITE + 1, 0xffff_ffffL),
                Arbitraries.longs().between(0, 0xffff_ffffL));
        return Combinators.combine(sites, prefixes(false)).as(Via6::new).withoutEdgeCases();
    }
}
