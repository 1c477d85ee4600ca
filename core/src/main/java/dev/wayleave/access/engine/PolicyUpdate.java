package dev.wayleave.access.engine;

import dev.wayleave.access.NodeRoutes;
import java.util.ArrayList;
import java.util.List;
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
        RuleDifference rules = new RuleDifference(before.index, next);
        List<NodeRoutes> concerned = nodes(rules::concerns);
        AccessUpdate update = new AccessUpdate(before, next, AccessUpdate.byId(concerned), List.of());
        if (rules.concernsPrefixes()) {
            for (PrefixAccess access : before.prefixes()) {
                if (rules.concerns(access.prefix())) {
                    update.reread(access);
                }
            }
        }
        AccessUpdate.Result result = update.apply();
        return rules.hasOwnersAsSourcesAlone()
                ? new AccessRules(before, result)
                : new AccessRules(before.exitRule, result.tables(), result.classes(), SourceSums.of(result.tables()));
    }

    private List<NodeRoutes> nodes(Predicate<NodeRoutes> which) {
        List<NodeRoutes> nodes = new ArrayList<>();
        for (NodeAccess node : before.nodes()) {
            if (which.test(node.routes())) {
                nodes.add(node.routes());
            }
        }
        return nodes;
    }
}
