package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableList;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;

/**
 * One entry of the policy in the shape that {@code acls} and {@code grants} share. An entry makes one rule for each
 * traffic that it lets pass to some destinations, so that a rule that is open at a node is open to the same traffic,
 * whichever of its destinations opens it; and rules of their own for {@code autogroup:self}, whose sources differ.
 */
public record Rule(
        RuleId id,
        List<Selector> sources,
        List<Target> targets,
        SortedMap<String, String> app,
        SortedSet<Tag> via,
        boolean self) {

    public Rule {
        Objects.requireNonNull(id, "id");
        sources = Copies.list(sources, "sources");
        targets = Copies.list(targets, "targets");
        app = Copies.sortedMap(app, "app");
        via = Copies.sortedSet(via, "via");
    }

    /** A destination and what may pass to it; nothing may where the rule only gives capabilities. */
    public record Target(Selector destination, List<Traffic> traffic) {

        public Target {
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

    /** {@return whether only routers with some tags carry the traffic} */
    public boolean isVia() {
        return !via.isEmpty();
    }

    /** The content of the rule without its place in the policy, as a key. */
    Object content() {
        return List.of(sources, targets, app, via, self);
    }

    /** Whether the content of another rule is the same. */
    @SuppressWarnings("ReferenceEquality") // a rule that was taken over needs no look
    boolean hasContentOf(Rule other) {
        return this == other
                || (self == other.self
                        && sources.equals(other.sources)
                        && targets.equals(other.targets)
                        && via.equals(other.via)
                        && app.equals(other.app));
    }

    /**
     * Reads a policy; the rules have the order of its entries. Each prefix of an IP set takes the place of the set, and
     * that of a host in the place of its name.
     *
     * @param policy what the administrators wrote
     * @param internet what {@code autogroup:internet} stands for
     * @return the rules
     */
    public static List<Rule> of(RoutingPolicy policy, AddressSet internet) {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(internet, "internet");
        Function<Selector, List<Selector>> spelling = spelling(policy, internet);
        List<Rule> rules = new ArrayList<>();
        RuleEntry.of(policy).forEach(entry -> split(rules, entry, spelling));
        return ImmutableList.copyOf(rules);
    }

    private static Function<Selector, List<Selector>> spelling(RoutingPolicy policy, AddressSet internet) {
        SortedMap<String, AddressSet> ipSets = policy.ipSets(internet);
        return selector -> {
            if (selector instanceof Selector.IpSet) {
                return ipSets.getOrDefault(selector.text(), AddressSet.empty()).prefixes().stream()
                        .<Selector>map(Selector.Network::new)
                        .toList();
            }
            Prefix host = selector instanceof Selector.Host ? policy.hosts().get(selector.text()) : null;
            return List.of(host == null ? selector : new Selector.Network(host));
        };
    }

    private static void split(List<Rule> rules, RuleEntry entry, Function<Selector, List<Selector>> spelling) {
        ImmutableList<Selector> sources = entry.sources().stream()
                .flatMap(source -> spelling.apply(source).stream())
                .collect(ImmutableList.toImmutableList());
        Map<List<Traffic>, List<Target>> plain = new LinkedHashMap<>();
        Set<List<Traffic>> self = new LinkedHashSet<>();
        for (Target target : entry.targets()) {
            if (target.destination() == Autogroup.SELF) {
                self.add(target.traffic());
            } else {
                spelling.apply(target.destination())
                        .forEach(destination -> plain.computeIfAbsent(target.traffic(), traffic -> new ArrayList<>())
                                .add(new Target(destination, target.traffic())));
            }
        }
        plain.values()
                .forEach(alike -> rules.add(new Rule(entry.id(), sources, alike, entry.app(), entry.via(), false)));
        // A grant with via opens nothing but prefixes, and autogroup:self is none.
        if (entry.via().isEmpty()) {
            self.forEach(traffic -> rules.add(new Rule(
                    entry.id(),
                    sources,
                    List.of(new Target(Autogroup.SELF, traffic)),
                    entry.app(),
                    entry.via(),
                    true)));
        }
    }
}
