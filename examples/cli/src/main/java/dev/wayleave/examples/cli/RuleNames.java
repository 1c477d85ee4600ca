package dev.wayleave.examples.cli;

import dev.wayleave.access.RuleId;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Calls the entries of a policy by their place and by what they say. */
final class RuleNames {

    /** How much of a long list is enough to know an entry again. */
    private static final int LISTED = 4;

    private final RoutingPolicy policy;

    RuleNames(RoutingPolicy policy) {
        this.policy = policy;
    }

    /** For example {@code grants[0] (group:staff → intranet)}. */
    String of(RuleId rule) {
        return switch (rule.section()) {
            case GRANTS -> rule + " (" + summary(grant(rule)) + ")";
            case ACLS -> rule + " (" + summary(acl(rule)) + ")";
            case DEFAULT -> "the policy has no rules: everything is open";
        };
    }

    /** Whom an entry names as its sources. */
    String sources(RuleId rule) {
        return switch (rule.section()) {
            case GRANTS -> texts(grant(rule).sources(), Selector::text);
            case ACLS -> texts(acl(rule).sources(), Selector::text);
            case DEFAULT -> "*";
        };
    }

    private Grant grant(RuleId rule) {
        return policy.grants().orElse(List.of()).get(rule.index());
    }

    private AclRule acl(RuleId rule) {
        return policy.acls().orElse(List.of()).get(rule.index());
    }

    private static String summary(Grant grant) {
        String via = grant.via().isEmpty() ? "" : " via " + texts(grant.via(), Object::toString);
        String ip = grant.ip().isEmpty() || grant.ip().equals(List.of(Traffic.ALL))
                ? ""
                : " " + texts(grant.ip(), Traffic::toString);
        return texts(grant.sources(), Selector::text) + " → " + texts(grant.destinations(), Selector::text) + ip + via;
    }

    private static String summary(AclRule rule) {
        Optional<String> protocol = rule.protocol().map(found -> " " + found);
        return texts(rule.sources(), Selector::text)
                + " → "
                + texts(rule.destinations(), to -> to.selector().text() + ":" + texts(to.ports(), Object::toString))
                + protocol.orElse("");
    }

    private static <T> String texts(Collection<T> values, Function<T, String> text) {
        String listed = values.stream().limit(LISTED).map(text).collect(Collectors.joining(", "));
        return values.size() > LISTED ? listed + " and " + (values.size() - LISTED) + " more" : listed;
    }
}
