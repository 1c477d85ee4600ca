package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.NodeId;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Finds the nodes whose packet filter changed, and writes only filters that may have changed. */
final class FilterComparison {

    private final AccessRules before;
    private final AccessRules after;
    private final boolean samePolicy;

    /** Every node has the place that it had. */
    private final boolean sameNodes;

    /** Rules whose sources may be written in another way; of use only under the same policy. */
    private final RuleSet moved;

    FilterComparison(AccessRules before, AccessRules after) {
        this.before = before;
        this.after = after;
        this.samePolicy = before.hasPolicyOf(after);
        this.sameNodes = before.hasNodesOf(after);
        this.moved = samePolicy && before != after ? movedSources() : RuleSet.NONE;
    }

    /**
     * What spells out a node that changed, came or went; and the wildcard, if other prefixes are effective or other
     * addresses lie outside the overlay.
     */
    private RuleSet movedSources() {
        long[] bits = new long[after.index.words];
        for (int at = 0; at < after.nodes().size(); at++) {
            NodeAccess node = after.nodes().get(at);
            NodeAccess earlier = earlier(at);
            if (earlier == null || !hasSameAddresses(earlier, node)) {
                node.spelling().orInto(bits);
                if (earlier != null) {
                    earlier.spelling().orInto(bits);
                }
            }
        }
        for (NodeAccess earlier : sameNodes ? List.<NodeAccess>of() : before.nodes()) {
            int place = after.place(earlier.id());
            if (place < 0) {
                earlier.spelling().orInto(bits);
            }
        }
        List<PrefixAccess> old = before.prefixes();
        List<PrefixAccess> now = after.prefixes();
        boolean samePrefixes = old.size() == now.size();
        for (int i = 0; samePrefixes && i < now.size(); i++) {
            samePrefixes = old.get(i) == now.get(i)
                    || old.get(i).prefix().equals(now.get(i).prefix());
        }
        if (!samePrefixes || !before.nodeIndex.outside().equals(after.nodeIndex.outside())) {
            Masks.or(bits, after.index.wildcardSource);
        }
        return RuleSet.of(bits);
    }

    private @Nullable NodeAccess earlier(int at) {
        NodeAccess node = after.nodes().get(at);
        int place = sameNodes ? at : before.place(node.id());
        return place < 0 ? null : before.nodes().get(place);
    }

    private static boolean hasSameAddresses(NodeAccess earlier, NodeAccess now) {
        return earlier == now
                || (earlier.spelling().equals(now.spelling())
                        && earlier.routes()
                                .node()
                                .ipv4()
                                .equals(now.routes().node().ipv4())
                        && earlier.routes()
                                .node()
                                .ipv6()
                                .equals(now.routes().node().ipv6()));
    }

    SortedSet<NodeId> changed() {
        ImmutableSortedSet.Builder<NodeId> changed = ImmutableSortedSet.naturalOrder();
        if (before != after) {
            for (int at = 0; at < after.nodes().size(); at++) {
                NodeAccess node = after.nodes().get(at);
                NodeAccess earlier = earlier(at);
                boolean same = earlier != null && isSureToBeSame(earlier, node);
                if (!same && !before.filter(node.id()).equals(after.filter(node.id()))) {
                    changed.add(node.id());
                }
            }
        }
        return changed.build();
    }

    private boolean isSureToBeSame(NodeAccess earlier, NodeAccess now) {
        return samePolicy
                && (earlier == now
                        || (earlier.routes().equals(now.routes())
                                && earlier.destinationRules().equals(now.destinationRules())))
                && !now.destinationRules().meets(moved);
    }
}
