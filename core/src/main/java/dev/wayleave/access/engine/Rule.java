package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.UnaryOperator;

/**
 * One entry of the policy in the shape that {@code acls} and {@code grants} share. An entry makes one rule for each
 * traffic that it lets pass to some destinations, so that a rule that is open at a node is open to the same traffic
 * whichever of its destinations says so; and rules of their own for {@code autogroup:self}, whose sources differ.
 */
public record Rule(
        RuleId id,
        List<Selector> sources,
        List<Opening> openings,
        SortedMap<String, String> app,
        SortedSet<Tag> via,
        boolean self) {

    public Rule {
        Objects.requireNonNull(id, "id");
        sources = Copies.list(sources, "sources");
        openings = Copies.list(openings, "openings");
        app = Copies.sortedMap(app, "app");
        via = Copies.sortedSet(via, "via");
    }

    /** A destination and what may pass to it; nothing may where the rule only gives capabilities. */
    public record Opening(Selector destination, List<Traffic> traffic) {

        public Opening {
            Objects.requireNonNull(destination, "destination");
            traffic = Copies.list(traffic, "traffic");
        }

        /** All ports of every protocol; whether port 0 is among them makes no difference. */
        public boolean passesEverything() {
            return traffic.stream()
                    .anyMatch(passing -> passing.protocol().isEmpty()
                            && passing.ports().stream()
                                    .anyMatch(range -> range.first() <= 1 && range.last() == PortRange.ALL.last()));
        }
    }

    /** {@return whether routers with some tags alone carry the traffic} */
    public boolean isVia() {
        return !via.isEmpty();
    }

    /** What the rule says, wherever it stands in the policy. */
    Object content() {
        return List.of(sources, openings, app, via, self);
    }

    /**
     * Reads a policy; grants come first, as the control planes of the field have it. Each prefix of an IP set stands in
     * the place of the set, and that of a host in the place of its name.
     *
     * @param policy what the administrators wrote
     * @param internet what {@code autogroup:internet} stands for
     * @return the rules
     */
    public static List<Rule> of(RoutingPolicy policy, AddressSet internet) {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(internet, "internet");
        List<Rule> rules = new ArrayList<>();
        if (policy.acls().isEmpty() && policy.grants().isEmpty()) {
            rules.add(new Rule(
                    RuleId.DEFAULT,
                    List.of(new Selector.Everything()),
                    List.of(new Opening(new Selector.Everything(), List.of(Traffic.ALL))),
                    ImmutableSortedMap.of(),
                    ImmutableSortedSet.of(),
                    false));
            return ImmutableList.copyOf(rules);
        }
        UnaryOperator<List<Selector>> spelled = spelling(policy, internet);
        List<Grant> grants = policy.grants().orElse(List.of());
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            List<Opening> openings = spelled.apply(grant.destinations()).stream()
                    .map(destination -> new Opening(destination, grant.ip()))
                    .toList();
            split(
                    rules,
                    new RuleId(RuleId.Section.GRANTS, i),
                    spelled.apply(grant.sources()),
                    openings,
                    grant.app(),
                    grant.via());
        }
        List<AclRule> acls = policy.acls().orElse(List.of());
        for (int i = 0; i < acls.size(); i++) {
            AclRule acl = acls.get(i);
            List<Opening> openings = new ArrayList<>();
            for (AclRule.Destination destination : acl.destinations()) {
                List<Traffic> traffic = List.of(new Traffic(acl.protocolOrNull(), destination.ports()));
                spelled.apply(List.of(destination.selector()))
                        .forEach(selector -> openings.add(new Opening(selector, traffic)));
            }
            split(
                    rules,
                    new RuleId(RuleId.Section.ACLS, i),
                    spelled.apply(acl.sources()),
                    openings,
                    ImmutableSortedMap.of(),
                    ImmutableSortedSet.of());
        }
        return ImmutableList.copyOf(rules);
    }

    private static UnaryOperator<List<Selector>> spelling(RoutingPolicy policy, AddressSet internet) {
        SortedMap<String, AddressSet> ipSets = policy.ipSets(internet);
        return selectors -> {
            List<Selector> result = new ArrayList<>(selectors.size());
            for (Selector selector : selectors) {
                Prefix host = selector instanceof Selector.Host ? policy.hosts().get(selector.text()) : null;
                if (selector instanceof Selector.IpSet ipSet) {
                    ipSets.getOrDefault(ipSet.text(), AddressSet.empty())
                            .prefixes()
                            .forEach(prefix -> result.add(new Selector.Network(prefix)));
                } else {
                    result.add(host == null ? selector : new Selector.Network(host));
                }
            }
            return result;
        };
    }

    private static void split(
            List<Rule> rules,
            RuleId id,
            List<Selector> sources,
            List<Opening> openings,
            SortedMap<String, String> app,
            SortedSet<Tag> via) {
        List<Opening> plain = openings.stream()
                .filter(opening -> opening.destination() != Autogroup.SELF)
                .toList();
        List<Opening> self = openings.stream()
                .filter(opening -> opening.destination() == Autogroup.SELF)
                .toList();
        Map<List<Traffic>, List<Opening>> byTraffic = new LinkedHashMap<>();
        plain.forEach(opening -> byTraffic
                .computeIfAbsent(opening.traffic(), traffic -> new ArrayList<>())
                .add(opening));
        byTraffic.values().forEach(alike -> rules.add(new Rule(id, sources, List.copyOf(alike), app, via, false)));
        // A grant with via opens nothing but prefixes, and autogroup:self is none.
        if (via.isEmpty()) {
            self.stream()
                    .map(Opening::traffic)
                    .distinct()
                    .forEach(traffic -> rules.add(
                            new Rule(id, sources, List.of(new Opening(Autogroup.SELF, traffic)), app, via, true)));
        }
    }
}
