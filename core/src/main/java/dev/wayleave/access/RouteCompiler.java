package dev.wayleave.access;

import com.google.common.collect.ImmutableList;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compiles what other {@link AccessRules} have to say once other routes are effective on some nodes. Most of it is the prefixes that came
 * or went and the nodes that were given. There is one thing more: {@code *} as a source stands for nodes outside the overlay only
 * while a route holds their address, and what names such a node speaks for the routes around it, and these for their holders.
 *
 * <pre>
 *   routes that came or went ──► nodes outside the overlay in them ──► prefixes around those ──► their holders
 * </pre>
 */
final class RouteCompiler extends AccessCompiler {

    private final AccessRules before;

    /** The places of the given nodes. */
    private final SortedSet<Integer> given;

    /** The prefixes that came to nodes or left them, with their holders now; nobody where they are gone. */
    private final SortedMap<Prefix, List<NodeId>> holders = new TreeMap<>();

    /** Nodes that rules name in another way than before. */
    private final SortedMap<Integer, Naming> renamed = new TreeMap<>();

    private final SortedMap<Prefix, PrefixAccess> compiled = new TreeMap<>();

    RouteCompiler(AccessRules before, SortedMap<Integer, NodeRoutes> given) {
        super(before.index, before.exitRule, before.nodeIndex.with(given));
        this.before = before;
        this.given = new TreeSet<>(given.keySet());
        given.forEach((place, now) -> {
            SortedSet<Prefix> old = before.nodes().get(place).routes().effective();
            NodeId id = now.node().id();
            old.stream()
                    .filter(prefix -> !now.effective().contains(prefix))
                    .forEach(prefix -> holders(prefix).remove(id));
            now.effective().stream()
                    .filter(prefix -> !old.contains(prefix))
                    .forEach(prefix -> holders(prefix).add(id));
        });
        holders.keySet().removeIf(Prefix::isExitRoute);
        holders.values().forEach(Collections::sort);
    }

    private List<NodeId> holders(Prefix prefix) {
        return holders.computeIfAbsent(
                prefix,
                p -> new ArrayList<>(
                        before.place(p) < 0
                                ? List.of()
                                : before.prefixes().get(before.place(p)).holders()));
    }

    AccessRules compile() {
        renameNodes();
        SortedSet<Integer> places = new TreeSet<>(given);
        places.addAll(renamed.keySet());
        compilePrefixes(places);
        List<NodeAccess> nodeList = new ArrayList<>(before.nodes());
        places.forEach(place -> nodeList.set(place, node(place)));
        return new AccessRules(before, nodes, ImmutableList.copyOf(nodeList), prefixes(), renamed.isEmpty());
    }

    /** Nodes whose addresses are within a prefix that is new or gone, and not in the overlay. */
    private void renameNodes() {
        Set<Integer> places = new TreeSet<>();
        holders.forEach((prefix, on) -> {
            if (on.isEmpty() || before.place(prefix) < 0) {
                nodes.nodesIn(prefix, place -> {
                    if (!nodes.nodes[place].node().addresses().stream().allMatch(policy.overlay::contains)) {
                        places.add(place);
                    }
                });
            }
        });
        for (int place : places) {
            Naming now = name(place);
            if (!now.equals(before.nodes().get(place).naming)) {
                renamed.put(place, now);
            }
        }
    }

    private void compilePrefixes(Set<Integer> places) {
        SortedSet<Prefix> respelled = new TreeSet<>();
        renamed.forEach((place, naming) -> {
            if (!naming.spelling().equals(before.nodes().get(place).naming.spelling())) {
                nodes.nodes[place].node().addresses().forEach(address -> respelled.addAll(around(address)));
            }
        });
        holders.forEach((prefix, on) -> {
            int place = before.place(prefix);
            if (!on.isEmpty() && !respelled.contains(prefix)) {
                compiled.put(
                        prefix,
                        place < 0
                                ? prefix(prefix, on)
                                : before.prefixes().get(place).on(on));
            }
        });
        for (Prefix prefix : respelled) {
            PrefixAccess access = prefix(prefix, holders(prefix));
            compiled.put(prefix, access);
            access.holders().forEach(holder -> places.add(nodes.place(holder)));
        }
    }

    /** The effective subnet prefixes that hold an address. */
    private List<Prefix> around(IpAddress address) {
        List<Prefix> around = new ArrayList<>();
        for (int length = 1; length <= (address.isIpv4() ? 32 : 128); length++) {
            Prefix prefix = Prefix.truncating(address, length);
            List<NodeId> on = holders.get(prefix);
            if (on == null ? before.place(prefix) >= 0 : !on.isEmpty()) {
                around.add(prefix);
            }
        }
        return around;
    }

    private ImmutableList<PrefixAccess> prefixes() {
        if (compiled.isEmpty() && holders.isEmpty()) {
            return before.prefixList();
        }
        ImmutableList.Builder<PrefixAccess> merged =
                ImmutableList.builderWithExpectedSize(before.prefixes().size() + compiled.size());
        Iterator<PrefixAccess> news = compiled.values().iterator();
        PrefixAccess next = news.hasNext() ? news.next() : null;
        for (PrefixAccess old : before.prefixes()) {
            while (next != null && next.prefix().compareTo(old.prefix()) < 0) {
                merged.add(next);
                next = news.hasNext() ? news.next() : null;
            }
            if (next != null && next.prefix().equals(old.prefix())) {
                merged.add(next);
                next = news.hasNext() ? news.next() : null;
            } else if (!holders.containsKey(old.prefix())) {
                merged.add(old);
            }
        }
        while (next != null) {
            merged.add(next);
            next = news.hasNext() ? news.next() : null;
        }
        return merged.build();
    }

    @Override
    Naming naming(int place) {
        Naming now = renamed.get(place);
        return now == null ? before.nodes().get(place).naming : now;
    }

    @Override
    PrefixAccess access(Prefix prefix) {
        PrefixAccess access = compiled.get(prefix);
        return access == null ? before.prefixes().get(before.place(prefix)) : access;
    }

    @Override
    boolean isRouted(IpAddress address) {
        return !around(address).isEmpty();
    }
}
