package dev.wayleave.foresight;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.access.engine.RuleEntry;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Lint checks of rules with {@code via}: that routers carry what the rules open. */
final class ViaChecks {

    /** As many routers are enough. */
    private static final int ENOUGH = 2;

    private final RoutingPolicy policy;
    private final FindingSink sink;
    private final AddressSet internet;
    private final Map<String, AddressSet> ipSets;
    private final List<RuleEntry> viaRules;
    private final Map<Tag, Routers> routersByTag = new TreeMap<>();

    /** The tags of nodes that advertise something, approved or not. */
    private final Set<Tag> tagsOfRouters = new TreeSet<>();

    /** The routers with one tag: who has each subnet route, who is an exit node, and who has a public route. */
    private record Routers(
            PrefixTable<List<NodeId>> subnetRoutes, TreeSet<NodeId> exitNodes, TreeSet<NodeId> publicRouters) {}

    ViaChecks(RoutingState state, FindingSink sink, List<RuleEntry> rules) {
        this.policy = state.policy();
        this.sink = sink;
        this.internet = state.settings().overlay().publicInternet();
        this.ipSets = policy.ipSets(internet);
        this.viaRules = rules.stream().filter(rule -> !rule.via().isEmpty()).toList();
        Set<Tag> tags = new HashSet<>();
        viaRules.forEach(rule -> tags.addAll(rule.via()));
        if (!tags.isEmpty()) {
            index(state, tags);
        }
    }

    private void index(RoutingState state, Set<Tag> tags) {
        Map<Tag, List<NodeState>> nodes = new TreeMap<>();
        for (NodeState node : state.nodes().values()) {
            if (node.facts().owner() instanceof Owner.Tagged tagged
                    && !node.advertised().isEmpty()) {
                tagsOfRouters.addAll(tagged.tags());
                if (!node.effective().isEmpty()) {
                    tagged.tags().stream()
                            .filter(tags::contains)
                            .forEach(tag -> nodes.computeIfAbsent(tag, t -> new ArrayList<>())
                                    .add(node));
                }
            }
        }
        nodes.forEach((tag, routers) -> routersByTag.put(tag, routers(routers)));
    }

    private Routers routers(List<NodeState> nodes) {
        Map<Prefix, List<NodeId>> subnetRoutes = new TreeMap<>();
        TreeSet<NodeId> exitNodes = new TreeSet<>();
        TreeSet<NodeId> publicRouters = new TreeSet<>();
        for (NodeState node : nodes) {
            for (Prefix prefix : node.effective()) {
                if (prefix.isExitRoute()) {
                    exitNodes.add(node.id());
                } else {
                    subnetRoutes
                            .computeIfAbsent(prefix, p -> new ArrayList<>(1))
                            .add(node.id());
                    if (internet.overlaps(prefix)) {
                        publicRouters.add(node.id());
                    }
                }
            }
        }
        return new Routers(PrefixTable.copyOf(subnetRoutes), exitNodes, publicRouters);
    }

    void check(RuleEntry rule) {
        if (rule.via().isEmpty()) {
            return;
        }
        Set<NodeId> carriers = carriers(rule);
        String tags = Texts.join(rule.via());
        EntryPlace place = EntryPlace.of(rule.id(), policy);
        if (carriers.isEmpty()) {
            boolean tagged = rule.via().stream().anyMatch(tagsOfRouters::contains);
            sink.addEntry(
                    LintCode.VIA_WITHOUT_ROUTER,
                    place,
                    FindingSink.ruleName(rule.id()) + " goes through " + tags
                            + (tagged
                                    ? ", and no router with such a tag has an approved route to its destinations"
                                    : ", and no router has such a tag"));
        } else if (carriers.size() == 1) {
            sink.addEntry(
                    LintCode.VIA_SINGLE_ROUTER,
                    place,
                    carriers,
                    List.of(),
                    FindingSink.ruleName(rule.id()) + " goes through " + tags + ", and " + sink.names(carriers)
                            + " is the only router with such a tag and a route to its destinations");
        }
    }

    /** The routers that carry something of what a rule opens; of more than two, two. */
    private Set<NodeId> carriers(RuleEntry rule) {
        Set<NodeId> found = new TreeSet<>();
        for (Tag tag : rule.via()) {
            Routers routers = routersByTag.get(tag);
            if (routers != null) {
                for (Selector destination : rule.destinations()) {
                    carriers(destination, routers, found);
                }
            }
        }
        return found;
    }

    private void carriers(Selector destination, Routers routers, Set<NodeId> found) {
        if (destination == Autogroup.INTERNET) {
            addSome(routers.exitNodes(), found);
            addSome(routers.publicRouters(), found);
        } else if (destination instanceof Selector.Everything) {
            addHolders(routers.subnetRoutes().entries(), found);
        } else {
            for (Prefix prefix : prefixes(destination)) {
                addHolders(routers.subnetRoutes().covering(prefix), found);
                addHolders(routers.subnetRoutes().coveredBy(prefix), found);
            }
        }
    }

    /** The tags of the routers to which rules lead traffic for a part of a subnet. */
    Set<Tag> tagsFor(Prefix subnet) {
        Set<Tag> tags = new TreeSet<>();
        for (RuleEntry rule : viaRules) {
            boolean leads = rule.destinations().stream()
                    .anyMatch(destination -> destination instanceof Selector.Everything
                            || (destination == Autogroup.INTERNET && internet.overlaps(subnet))
                            || prefixes(destination).stream().anyMatch(subnet::overlaps));
            if (leads) {
                tags.addAll(rule.via());
            }
        }
        return tags;
    }

    private Collection<Prefix> prefixes(Selector destination) {
        if (destination instanceof Selector.Address address) {
            return List.of(address.address().toPrefix());
        }
        if (destination instanceof Selector.Network network) {
            return List.of(network.prefix());
        }
        if (destination instanceof Selector.IpSet ipSet) {
            return ipSets.getOrDefault(ipSet.text(), AddressSet.empty()).prefixes();
        }
        Prefix host = destination instanceof Selector.Host ? policy.hosts().get(destination.text()) : null;
        return host == null ? List.of() : List.of(host);
    }

    private static void addHolders(List<PrefixTable.Entry<List<NodeId>>> routes, Set<NodeId> found) {
        for (PrefixTable.Entry<List<NodeId>> route : routes) {
            if (found.size() >= ENOUGH) {
                return;
            }
            addSome(route.value(), found);
        }
    }

    private static void addSome(Collection<NodeId> nodes, Set<NodeId> found) {
        for (NodeId node : nodes) {
            if (found.size() >= ENOUGH) {
                return;
            }
            found.add(node);
        }
    }
}
