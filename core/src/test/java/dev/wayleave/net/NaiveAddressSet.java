package dev.wayleave.net;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The slow twin of {@link AddressSet}: a question that is put to one address at a time, and the addresses between which
 * its answer can change.
 */
record NaiveAddressSet(Predicate<IpAddress> contains, List<IpRange> made) {

    static NaiveAddressSet of(IpRange... ranges) {
        List<IpRange> made = List.of(ranges);
        return new NaiveAddressSet(
                address -> made.stream()
                        .anyMatch(
                                range -> range.first().compareTo(address) <= 0 && address.compareTo(range.last()) <= 0),
                made);
    }

    NaiveAddressSet union(NaiveAddressSet other) {
        return new NaiveAddressSet(contains.or(other.contains), both(other));
    }

    NaiveAddressSet subtract(NaiveAddressSet other) {
        return new NaiveAddressSet(contains.and(other.contains.negate()), both(other));
    }

    NaiveAddressSet intersect(NaiveAddressSet other) {
        return new NaiveAddressSet(contains.and(other.contains), both(other));
    }

    private List<IpRange> both(NaiveAddressSet other) {
        return Stream.concat(made.stream(), other.made.stream()).toList();
    }

    /** The fewest blocks: from the whole of each family down, each block is in the set, or outside, or halved. */
    List<Prefix> prefixes() {
        return Stream.of(KnownRanges.EXIT_IPV4, KnownRanges.EXIT_IPV6)
                .flatMap(family -> halved(family).stream())
                .toList();
    }

    private List<Prefix> halved(Prefix block) {
        boolean mayChange = made.stream()
                .anyMatch(range -> range.isIpv6() == block.isIpv6()
                        && (startsInside(range.first(), block) || endsInside(range.last(), block)));
        if (!mayChange) {
            return contains.test(block.first()) ? List.of(block) : List.of();
        }
        Prefix lower = Prefix.of(block.first(), block.length() + 1);
        Prefix upper = Prefix.truncating(block.last(), block.length() + 1);
        List<Prefix> halves = new ArrayList<>(halved(lower));
        halves.addAll(halved(upper));
        return halves.equals(List.of(lower, upper)) ? List.of(block) : halves;
    }

    private static boolean startsInside(IpAddress first, Prefix block) {
        return block.contains(first) && !first.equals(block.first());
    }

    private static boolean endsInside(IpAddress last, Prefix block) {
        return block.contains(last) && !last.equals(block.last());
    }

    /** The ends of all ranges, and their neighbours. */
    List<IpAddress> probes() {
        return made.stream()
                .flatMap(range -> Stream.of(range.first(), range.last()))
                .flatMap(end -> Stream.of(-1, 0, 1).map(by -> moved(end, by)))
                .toList();
    }

    /** The address so many further on; behind the last comes the first. */
    static IpAddress moved(IpAddress address, int by) {
        byte[] bytes = address.toBytes();
        BigInteger size = BigInteger.ONE.shiftLeft(8 * bytes.length);
        byte[] sum =
                new BigInteger(1, bytes).add(BigInteger.valueOf(by)).mod(size).toByteArray();
        byte[] moved = new byte[bytes.length];
        for (int i = 1; i <= Math.min(sum.length, moved.length); i++) {
            moved[moved.length - i] = sum[sum.length - i];
        }
        return IpAddress.ofBytes(moved);
    }
}
