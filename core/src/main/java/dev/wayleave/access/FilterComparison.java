package dev.wayleave.access;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.NodeId;
import java.util.BitSet;
import java.util.Optional;
import java.util.SortedSet;

/** Finds the nodes whose packet filter is another one than before, and writes only filters that may be. */
final class FilterComparison {

    private final AccessRules before;
    private final AccessRules after;
    private final boolean samePolicy;
    private final BitSet compared = new BitSet();
    private final BitSet moved = new BitSet();

    FilterComparison(AccessRules before, AccessRules after) {
        this.before = before;
        this.after = after;
        this.samePolicy = before.index == after.index && before.exitRule == after.exitRule;
    }

    SortedSet<NodeId> changed() {
        ImmutableSortedSet.Builder<NodeId> changed = ImmutableSortedSet.naturalOrder();
        if (before != after) {
            for (NodeAccess node : after.nodes()) {
                Optional<NodeAccess> earlier = before.node(node.id());
                boolean same = earlier.isPresent() && isSureToBeSame(earlier.get(), node);
                if (!same && !before.filter(node.id()).equals(after.filter(node.id()))) {
                    changed.add(node.id());
                }
            }
        }
        return changed.build();
    }

    private boolean isSureToBeSame(NodeAccess earlier, NodeAccess now) {
        return samePolicy
                && earlier.routes().equals(now.routes())
                && earlier.open().equals(now.open())
                && haveSameSources(now.open());
    }

    private boolean haveSameSources(RuleSet rules) {
        boolean[] same = {true};
        rules.forEach(rule -> {
            if (same[0]) {
                same[0] = !sourcesMoved(rule);
            }
        });
        return same[0];
    }

    private boolean sourcesMoved(int rule) {
        if (!compared.get(rule)) {
            compared.set(rule);
            moved.set(rule, !before.sources(rule).equals(after.sources(rule)));
        }
        return moved.get(rule);
    }
}
