package dev.wayleave.access.engine;

import com.google.common.collect.Collections2;
import java.util.List;

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
            return AccessRules.compile(
                    next,
                    before.exitRule,
                    AccessUpdate.byId(Collections2.transform(before.nodes(), NodeAccess::routes)));
        }
        RuleDifference rules = new RuleDifference(before.index, next);
        AccessUpdate update = new AccessUpdate(before, next, AccessUpdate.byId(rules.nodes(before)), List.of());
        if (rules.concernsPrefixes()) {
            for (PrefixAccess access : before.prefixes()) {
                if (rules.concerns(access)) {
                    update.recompile(access);
                }
            }
        }
        AccessUpdate.Result result = update.apply();
        return rules.hasOnlyOwnersAsSources()
                ? new AccessRules(before, result)
                : new AccessRules(before.exitRule, result.tables(), result.classes(), SourceSums.of(result.tables()));
    }
}
