package dev.wayleave.net;

import com.google.common.collect.ImmutableList;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressSeqRange;
import inet.ipaddr.IPAddressSeqRangeList;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * The edge towards the IPAddress library, which does what it is good at: set algebra, ranges to prefixes, and reading
 * other notations. Its types stay in this class: their equality ignores the prefix length, and its sets are mutable.
 */
final class AddressAlgebra {

    /** Wildcards and masks, which have one meaning only. Octal octets and short forms have several. */
    private static final IPAddressStringParameters OTHER_NOTATIONS = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowPrefixOnly(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .allowBinary(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .allowBase85(false)
            .allowBinary(false)
            .getParentBuilder()
            .toParams();

    private AddressAlgebra() {}

    static List<IpRange> subtract(List<IpRange> ranges, List<IpRange> less) {
        return byFamily(ranges, less, IPAddressSeqRangeList::removeIntoList);
    }

    static List<IpRange> intersect(List<IpRange> some, List<IpRange> others) {
        return byFamily(some, others, IPAddressSeqRangeList::intersectIntoList);
    }

    static List<Prefix> prefixes(IpRange range) {
        ImmutableList.Builder<Prefix> prefixes = ImmutableList.builder();
        for (IPAddress block : theirs(range).spanWithPrefixBlocks()) {
            prefixes.add(Prefix.of(ours(block.getLower()), block.getNetworkPrefixLength()));
        }
        return prefixes.build();
    }

    /** The block that a text like {@code 10.1.*.*} or {@code 10.1.0-255.*} means, if it is one block. */
    static Optional<Prefix> blockInOtherNotation(String text) {
        try {
            IPAddress address = new IPAddressString(text, OTHER_NOTATIONS).toAddress();
            IPAddress block = address == null ? null : address.assignPrefixForSingleBlock();
            return block == null
                    ? Optional.empty()
                    : Optional.of(Prefix.of(ours(block.getLower()), block.getNetworkPrefixLength()));
        } catch (AddressStringException | IncompatibleAddressException unreadable) {
            return Optional.empty();
        }
    }

    /** Their lists hold one family each. */
    private static List<IpRange> byFamily(
            List<IpRange> some, List<IpRange> others, BinaryOperator<IPAddressSeqRangeList> operation) {
        ImmutableList.Builder<IpRange> result = ImmutableList.builder();
        for (boolean ipv6 : new boolean[] {false, true}) {
            IPAddressSeqRangeList list = operation.apply(theirs(some, ipv6), theirs(others, ipv6));
            for (IPAddressSeqRange range : list.getSeqRangeIterable()) {
                result.add(new IpRange(ours(range.getLower()), ours(range.getUpper())));
            }
        }
        return result.build();
    }

    private static IPAddressSeqRangeList theirs(List<IpRange> ranges, boolean ipv6) {
        IPAddressSeqRangeList list = new IPAddressSeqRangeList();
        for (IpRange range : ranges) {
            if (range.isIpv6() == ipv6) {
                list.add(theirs(range));
            }
        }
        return list;
    }

    private static IPAddressSeqRange theirs(IpRange range) {
        return theirs(range.first()).spanWithRange(theirs(range.last()));
    }

    private static IPAddress theirs(IpAddress address) {
        return address.isIpv4()
                ? new IPv4Address((int) (address.highBits() >>> 32))
                : new IPv6Address(address.highBits(), address.lowBits());
    }

    private static IpAddress ours(IPAddress address) {
        if (address.isIPv4()) {
            return IpAddress.ofIpv4(address.toIPv4().intValue());
        }
        long[] halves = address.toIPv6().longValues();
        return IpAddress.ofIpv6(halves[0], halves[1]);
    }
}
