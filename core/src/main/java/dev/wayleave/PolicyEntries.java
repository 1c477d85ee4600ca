package dev.wayleave;

import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Approver;
import dev.wayleave.internal.Optionals;
import dev.wayleave.internal.Texts;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The words for the entries of one policy, each by its path: the line, and for a rule its content. */
final class PolicyEntries {

    private PolicyEntries() {}

    /** {@code O(rules + approvers)}. */
    static Map<String, String> of(RoutingPolicy policy) {
        Map<String, String> entries = new HashMap<>();
        add(entries, policy, RuleId.Section.GRANTS, policy.grants().orElse(List.of()), PolicyEntries::said);
        add(entries, policy, RuleId.Section.ACLS, policy.acls().orElse(List.of()), PolicyEntries::said);
        policy.autoApprovers()
                .routes()
                .forEach((key, approvers) -> approvers.forEach(approver -> entries.put(
                        new Approver.RouteApprover(key, approver).entry(),
                        line(Optionals.orNull(policy.lineOfRouteApprover(key, approver))))));
        policy.autoApprovers()
                .exitNode()
                .forEach(approver -> entries.put(
                        new Approver.ExitNodeApprover(approver).entry(),
                        line(Optionals.orNull(policy.lineOfExitNodeApprover(approver)))));
        return entries;
    }

    private static <T> void add(
            Map<String, String> entries,
            RoutingPolicy policy,
            RuleId.Section section,
            List<T> rules,
            Function<T, String> said) {
        for (int i = 0; i < rules.size(); i++) {
            RuleId id = new RuleId(section, i);
            entries.put(
                    id.toString(), line(Optionals.orNull(id.lineIn(policy))) + " (" + said.apply(rules.get(i)) + ")");
        }
    }

    private static String line(@Nullable Integer line) {
        return line == null ? "" : ", line " + line;
    }

    private static String said(Grant grant) {
        String via = grant.via().isEmpty() ? "" : " via " + Texts.first(grant.via(), Object::toString);
        String ip = grant.ip().isEmpty() || grant.ip().equals(List.of(Traffic.ALL))
                ? ""
                : " " + Texts.first(grant.ip(), Traffic::toString);
        return Texts.first(grant.sources(), Selector::text)
                + " → "
                + Texts.first(grant.destinations(), Selector::text)
                + ip
                + via;
    }

    private static String said(AclRule rule) {
        return Texts.first(rule.sources(), Selector::text)
                + " → "
                + Texts.first(
                        rule.destinations(),
                        to -> to.selector().text() + ":" + Texts.first(to.ports(), Object::toString))
                + rule.protocol().map(protocol -> " " + protocol).orElse("");
    }
}
