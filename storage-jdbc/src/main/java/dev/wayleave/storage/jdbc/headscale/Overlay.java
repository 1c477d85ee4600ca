package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * The narrowest overlay that holds the addresses of nodes.
 *
 * @param ranges the ranges; without the family of a prefix that is too wide
 * @param tooWide the smallest prefixes that hold all addresses of their family, and are wider than an overlay from
 *     addresses alone may be; at most one for each family
 */
record Overlay(AddressSet ranges, List<Prefix> tooWide) {

    static Overlay of(Collection<IpAddress> addresses) {
        if (addresses.stream().allMatch(OverlayRanges.DEFAULT::contains)) {
            return new Overlay(OverlayRanges.DEFAULT.addresses(), List.of());
        }
        List<Prefix> fit = new ArrayList<>();
        List<Prefix> tooWide = new ArrayList<>();
        for (boolean ipv4 : List.of(true, false)) {
            List<IpAddress> family = addresses.stream()
                    .filter(address -> address.isIpv4() == ipv4)
                    .toList();
            if (!family.isEmpty()) {
                Prefix prefix = smallestPrefix(Collections.min(family), Collections.max(family));
                int widest = ipv4 ? OverlaySource.WIDEST_IPV4 : OverlaySource.WIDEST_IPV6;
                (prefix.length() < widest ? tooWide : fit).add(prefix);
            }
        }
        return new Overlay(AddressSet.ofPrefixes(fit), List.copyOf(tooWide));
    }

    /** A prefix that holds the lowest and the highest address holds all between them. */
    private static Prefix smallestPrefix(IpAddress lowest, IpAddress highest) {
        byte[] low = lowest.toBytes();
        byte[] high = highest.toBytes();
        int length = 0;
        for (int i = 0; i < low.length; i++) {
            int different = (low[i] ^ high[i]) & 0xff;
            if (different != 0) {
                length += Integer.numberOfLeadingZeros(different) - (Integer.SIZE - Byte.SIZE);
                break;
            }
            length += Byte.SIZE;
        }
        return Prefix.truncating(lowest, length);
    }
}
