package dev.wayleave.examples.cli.report;

import dev.wayleave.access.RuleId;
import dev.wayleave.policy.RoutingPolicy;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** An entry of a policy in documents, for example {@code grants[3]} on line 14. */
record RuleEntry(String entry, @Nullable Integer line) {

    static RuleEntry of(RuleId rule, RoutingPolicy policy) {
        OptionalInt line = rule.lineIn(policy);
        return new RuleEntry(rule.toString(), line.isPresent() ? line.getAsInt() : null);
    }
}
