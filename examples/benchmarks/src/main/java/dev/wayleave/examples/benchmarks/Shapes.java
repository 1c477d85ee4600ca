package dev.wayleave.examples.benchmarks;

import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Prefixes and addresses such as tailnets have them, the same in every run.
 *
 * <p>IPv4: private subnets of all usual sizes, many of them nested, and single hosts of the overlay. IPv6: subnets of
 * unique local sites, 4via6 routes, and single hosts of the overlay.
 */
final class Shapes {

    /** The number of different inputs that a benchmark walks through: enough that the processor predicts no branch. */
    static final int INPUTS = 4096;

    private Shapes() {}

    /** Different IPv4 prefixes, in no order. */
    static List<Prefix> ipv4Prefixes(int count) {
        return distinct(count, 4, Shapes::ipv4Prefix);
    }

    /** Different IPv6 prefixes, in no order. */
    static List<Prefix> ipv6Prefixes(int count) {
        return distinct(count, 6, Shapes::ipv6Prefix);
    }

    /** Different 4via6 prefixes, in no order. */
    static List<Prefix> via6Prefixes(int count) {
        return distinct(count, 46, Shapes::via6Prefix);
    }

    /** Addresses of which about seven in ten lie in one of the prefixes, for certain. */
    static IpAddress[] addresses(List<Prefix> prefixes) {
        Random random = new Random(7);
        boolean ipv6 = prefixes.get(0).isIpv6();
        return Stream.generate(() -> {
                    Prefix around = random.nextInt(10) < 7
                            ? prefixes.get(random.nextInt(prefixes.size()))
                            : ipv6 ? Prefix.parse("fd00::/8") : Prefix.parse("0.0.0.0/0");
                    return within(around, random);
                })
                .limit(INPUTS)
                .toArray(IpAddress[]::new);
    }

    private static IpAddress within(Prefix block, Random random) {
        byte[] first = block.first().toBytes();
        byte[] last = block.last().toBytes();
        for (int i = 0; i < first.length; i++) {
            first[i] |= (byte) (random.nextInt() & (first[i] ^ last[i]));
        }
        return IpAddress.ofBytes(first);
    }

    private static Prefix ipv4Prefix(Random random) {
        int kind = random.nextInt(100);
        Prefix block = kind < 40
                ? KnownRanges.PRIVATE_10
                : kind < 50 ? KnownRanges.PRIVATE_172_16 : kind < 60 ? KnownRanges.PRIVATE_192_168 : KnownRanges.CGNAT;
        int length = kind < 60 ? Math.max(block.length(), lengthOfASubnet(random)) : 32;
        return Prefix.truncating(within(block, random), length);
    }

    private static int lengthOfASubnet(Random random) {
        int[] usual = {16, 20, 22, 23, 24, 24, 24, 24, 25, 26, 27, 28, 29, 32};
        return usual[random.nextInt(usual.length)];
    }

    private static Prefix ipv6Prefix(Random random) {
        int kind = random.nextInt(10);
        if (kind < 4) {
            return via6Prefix(random);
        }
        if (kind < 7) {
            return Prefix.truncating(within(KnownRanges.TAILSCALE_ULA, random), 128);
        }
        // A thousand sites of a /48 each, some of them advertised as a whole, with subnets of /56 and /64.
        Prefix site = Prefix.truncating(
                IpAddress.ofIpv6((0xfd00_0000_0000L | random.nextInt(1000) * 0x1_0001L) << 16, 0), 48);
        int length = kind == 7 ? (random.nextInt(10) == 0 ? 48 : 56) : 64;
        return Prefix.truncating(within(site, random), length);
    }

    private static Prefix via6Prefix(Random random) {
        Prefix ipv4 = ipv4Prefix(random);
        return new Via6(random.nextInt(2000), ipv4).toPrefix();
    }

    private static List<Prefix> distinct(int count, long seed, Function<Random, Prefix> shape) {
        Random random = new Random(seed);
        Set<Prefix> prefixes = new LinkedHashSet<>();
        while (prefixes.size() < count) {
            prefixes.add(shape.apply(random));
        }
        return List.copyOf(prefixes);
    }
}
