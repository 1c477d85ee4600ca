package dev.wayleave.access.engine;

import com.google.common.primitives.ImmutableIntArray;
import dev.wayleave.internal.SortedChunks;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The nodes, own addresses and effective prefixes of a tailnet, each found by its key.
 *
 * @param prefixLengths for each length of IPv4, then for each of IPv6, how many effective prefixes have it
 */
record AccessTables(
        PolicyIndex index,
        SortedChunks<NodeId, NodeAccess> nodes,
        OwnAddresses addresses,
        SortedChunks<Prefix, PrefixAccess> prefixes,
        ImmutableIntArray prefixLengths) {

    private static final int IPV6_LENGTHS = 33;

    static AccessTables empty(PolicyIndex index) {
        return new AccessTables(
                index,
                SortedChunks.empty(NodeAccess::id),
                OwnAddresses.NONE,
                SortedChunks.empty(PrefixAccess::prefix),
                ImmutableIntArray.copyOf(new int[IPV6_LENGTHS + 129]));
    }

    static int lengthPlace(Prefix prefix) {
        return prefix.isIpv4() ? prefix.length() : IPV6_LENGTHS + prefix.length();
    }

    /** Hands out the effective prefixes that contain an address; one look-up for each length in use. */
    void around(IpAddress address, Consumer<PrefixAccess> consumer) {
        int first = address.isIpv4() ? 0 : IPV6_LENGTHS;
        int end = address.isIpv4() ? IPV6_LENGTHS : prefixLengths.length();
        for (int place = first; place < end; place++) {
            if (prefixLengths.get(place) > 0) {
                PrefixAccess access = prefixes.get(Prefix.truncating(address, place - first));
                if (access != null) {
                    consumer.accept(access);
                }
            }
        }
    }

    /** The rules whose packet filters list an address or prefix among their sources. */
    RuleSet rulesWithSource(Prefix pattern) {
        List<NodeAccess> holders = new ArrayList<>(1);
        for (NodeId id : addresses.equalTo(pattern)) {
            NodeAccess node = nodes.get(id);
            if (node != null) {
                holders.add(node);
            }
        }
        return rulesWithSource(pattern, holders);
    }

    /** The same, where the nodes that have the address are known. */
    RuleSet rulesWithSource(Prefix pattern, List<NodeAccess> holders) {
        RuleSet listing = index.sourceLiterals
                .get(pattern)
                .map(bits -> index.rules(bits, -1))
                .orElse(RuleSet.NONE);
        for (NodeAccess node : holders) {
            listing = listing.union(node.rules.ownerSources);
        }
        return !index.wildcardRules.isEmpty() && isSpelledByWildcard(pattern, !holders.isEmpty())
                ? listing.union(index.wildcardRules)
                : listing;
    }

    private boolean isSpelledByWildcard(Prefix pattern, boolean own) {
        return prefixes.get(pattern) != null
                || index.overlay.addresses().ranges().contains(IpRange.of(pattern))
                || (own && !index.overlay.contains(pattern.first()));
    }
}
