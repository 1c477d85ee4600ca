package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.Rule;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The content of a rule, with groups spelled out, so that rules of two policies with the same meaning are equal.
 *
 * @param sources users, domains, tags, prefixes, autogroups, {@code *}
 * @param destinations the same, {@code autogroup:internet}, and for {@code self} the one {@code autogroup:self}
 * @param traffic what passes to each of them; empty where the rule gives only capabilities
 * @param app the capabilities
 * @param via the tags of the routers that it leads to
 * @param self whether it is about the source's own devices
 * @param nodesAlone whether its capabilities are about the own addresses of nodes, and not about what is behind them
 */
record ComparedRule(
        Set<Selector> sources,
        Set<Selector> destinations,
        Set<Traffic> traffic,
        SortedMap<String, String> app,
        SortedSet<Tag> via,
        boolean self,
        boolean nodesAlone) {

    /** Destinations of which the capabilities of a rule are only about nodes. */
    private static final List<Selector> WITHOUT_PREFIX = List.of(new Selector.Everything(), Autogroup.INTERNET);

    /** Whether a route that it opens is shown: a capability for {@code *} shows the router, and no route. */
    boolean showsRoutes() {
        return !traffic.isEmpty() || !nodesAlone || destinations.contains(Autogroup.INTERNET);
    }

    boolean isVia() {
        return !via.isEmpty();
    }

    /** All ports of every protocol, in one entry. */
    boolean passesEverything() {
        return new Rule.Target(new Selector.Everything(), List.copyOf(traffic)).passesEverything();
    }

    /** The rules of a policy, each with its entries. */
    static Map<ComparedRule, SortedSet<RuleId>> of(RoutingPolicy policy, AddressSet internet) {
        Map<ComparedRule, SortedSet<RuleId>> rules = new LinkedHashMap<>();
        for (Rule rule : Rule.of(policy, internet)) {
            for (ComparedRule each : spelledOut(rule, policy)) {
                if (!each.sources().isEmpty() && !each.destinations().isEmpty()) {
                    rules.computeIfAbsent(each, r -> new TreeSet<>()).add(rule.id());
                }
            }
        }
        return rules;
    }

    private static List<ComparedRule> spelledOut(Rule rule, RoutingPolicy policy) {
        Set<Selector> sources = spelledOut(rule.sources(), policy);
        Set<Selector> destinations =
                spelledOut(rule.targets().stream().map(Rule.Target::destination).toList(), policy);
        Set<Traffic> traffic = Set.copyOf(rule.targets().get(0).traffic());
        if (rule.isVia()) {
            // Selectors that name nodes are not prefixes, and open nothing with via.
            destinations = destinations.stream().filter(ComparedRule::isPlace).collect(Collectors.toSet());
        }
        List<ComparedRule> result = new ArrayList<>();
        for (Selector apart : rule.app().isEmpty() ? List.<Selector>of() : WITHOUT_PREFIX) {
            if (destinations.contains(apart)) {
                result.add(
                        new ComparedRule(sources, Set.of(apart), traffic, rule.app(), rule.via(), rule.self(), true));
                destinations = destinations.stream()
                        .filter(each -> !each.equals(apart))
                        .collect(Collectors.toSet());
            }
        }
        result.add(new ComparedRule(sources, destinations, traffic, rule.app(), rule.via(), rule.self(), false));
        return result;
    }

    private static boolean isPlace(Selector selector) {
        return selector instanceof Selector.Everything
                || selector == Autogroup.INTERNET
                || selector instanceof Selector.Network;
    }

    /** The selectors with the members of groups in their place, each in one spelling. */
    static Set<Selector> spelledOut(Iterable<? extends Selector> selectors, RoutingPolicy policy) {
        Set<Selector> result = new HashSet<>();
        for (Selector selector : selectors) {
            if (selector instanceof Selector.Group group) {
                result.addAll(spelledOut(policy.groups().getOrDefault(group.text(), List.of()), policy));
            } else if (selector instanceof Selector.UserName name) {
                result.add(name.text().endsWith("@") ? name : new Selector.UserName(lowerCase(name.text())));
            } else if (selector instanceof Selector.UserDomain domain) {
                result.add(new Selector.UserDomain(lowerCase(domain.domain())));
            } else if (selector instanceof Selector.Address address) {
                result.add(new Selector.Network(address.address().toPrefix()));
            } else if (!(selector instanceof Selector.Host || selector instanceof Selector.IpSet)) {
                result.add(selector);
            }
        }
        return Set.copyOf(result);
    }

    /** E-mail addresses match in any case. */
    private static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
