package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A rule of the policy in the shape that both sections share.
 *
 * @param id where it stands
 * @param sources who may send
 * @param destinations where to
 * @param via the tags of the routers that carry the traffic; empty for no steering
 * @param passesTraffic false for a grant of capabilities alone
 */
record PolicyRule(
        RuleId id, List<Selector> sources, List<Selector> destinations, SortedSet<Tag> via, boolean passesTraffic) {

    /** The rules of a policy in their order; that of a policy without rules opens everything. */
    static List<PolicyRule> of(RoutingPolicy policy) {
        List<PolicyRule> rules = new ArrayList<>();
        if (policy.grants().isEmpty() && policy.acls().isEmpty()) {
            List<Selector> everything = List.of(new Selector.Everything());
            rules.add(new PolicyRule(RuleId.DEFAULT, everything, everything, ImmutableSortedSet.of(), true));
        }
        List<Grant> grants = policy.grants().orElse(List.of());
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            rules.add(new PolicyRule(
                    new RuleId(RuleId.Section.GRANTS, i),
                    grant.sources(),
                    grant.destinations(),
                    grant.via(),
                    !grant.ip().isEmpty()));
        }
        List<AclRule> acls = policy.acls().orElse(List.of());
        for (int i = 0; i < acls.size(); i++) {
            List<Selector> destinations = acls.get(i).destinations().stream()
                    .map(AclRule.Destination::selector)
                    .toList();
            rules.add(new PolicyRule(
                    new RuleId(RuleId.Section.ACLS, i),
                    acls.get(i).sources(),
                    destinations,
                    ImmutableSortedSet.of(),
                    true));
        }
        return rules;
    }

    /** How messages call the rule. */
    String name() {
        return id.equals(RuleId.DEFAULT) ? "a policy without rules" : "`" + id + "`";
    }

    /** Whether the rule lets traffic of every node pass, by a source that stands for all addresses. */
    boolean isFromEverywhere(RoutingPolicy policy) {
        return passesTraffic
                && sources.stream()
                        .anyMatch(source -> source instanceof Selector.Everything
                                || source == Autogroup.DANGER_ALL
                                || wholeFamily(source, policy).isPresent());
    }

    /** What the rule opens on every router by a destination that stands for all addresses: no, one or both families. */
    SortedSet<Prefix> familiesOpened(RoutingPolicy policy) {
        TreeSet<Prefix> opened = new TreeSet<>();
        if (passesTraffic && via.isEmpty()) {
            for (Selector destination : destinations) {
                if (destination instanceof Selector.Everything) {
                    opened.add(KnownRanges.EXIT_IPV4);
                    opened.add(KnownRanges.EXIT_IPV6);
                }
                wholeFamily(destination, policy).ifPresent(opened::add);
            }
        }
        return opened;
    }

    /** All of IPv4 or all of IPv6, where a selector spells that out. */
    private static Optional<Prefix> wholeFamily(Selector selector, RoutingPolicy policy) {
        Prefix host = selector instanceof Selector.Host ? policy.hosts().get(selector.text()) : null;
        Prefix prefix = selector instanceof Selector.Network network ? network.prefix() : host;
        return Optional.ofNullable(prefix).filter(all -> all.length() == 0);
    }
}
