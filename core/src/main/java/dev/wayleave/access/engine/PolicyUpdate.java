package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableSortedMap;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.Owner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The way from access rules to those of the same nodes under another policy, or with other users. Used once, by one
 * thread.
 */
final class PolicyUpdate {

    private final AccessRules before;
    private final PolicyIndex next;

    PolicyUpdate(AccessRules before, PolicyIndex next) {
        this.before = before;
        this.next = next;
    }

    AccessRules apply() {
        if (!next.numbers.isComparableTo(before.index.numbers)) {
            return AccessRules.compile(next, before.exitRule, AccessUpdate.byId(nodes(node -> true)));
        }
        return next.numbers.hasRulesOf(before.index.numbers) ? otherOwners() : otherRules();
    }

    /** The rules are the same and name other owners: groups, users or roles changed. */
    private AccessRules otherOwners() {
        Map<Owner, Boolean> alike = new HashMap<>();
        List<NodeRoutes> changed = nodes(node ->
                !alike.computeIfAbsent(node.routes().node().owner(), owner -> next.namesAlike(before.index, owner)));
        return new AccessRules(before, new AccessUpdate(before, next, AccessUpdate.byId(changed), List.of()).apply());
    }

    private AccessRules otherRules() {
        AccessUpdate.Result result = new AccessUpdate(before, next, ImmutableSortedMap.of(), List.of())
                .rereadAll()
                .apply();
        return new AccessRules(before.exitRule, result.tables(), result.classes(), SourceSums.of(result.tables()));
    }

    private List<NodeRoutes> nodes(Predicate<NodeAccess> which) {
        List<NodeRoutes> nodes = new ArrayList<>();
        for (NodeAccess node : before.nodes()) {
            if (which.test(node)) {
                nodes.add(node.routes());
            }
        }
        return nodes;
    }
}
