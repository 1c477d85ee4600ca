package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableList;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Compiles what other {@link AccessRules} have to say once other routes are effective on some nodes: the prefixes that
 * came or went, and the nodes that were given. Whom a rule names does not depend on routes, so nothing else changes.
 */
final class RouteCompiler extends AccessCompiler {

    private final AccessRules before;

    /** The places of the given nodes. */
    private final Set<Integer> given;

    /** The prefixes that became effective on a node, or no longer are, with the nodes where they are effective now. */
    private final SortedMap<Prefix, List<NodeId>> holders = new TreeMap<>();

    private final SortedMap<Prefix, PrefixAccess> compiled = new TreeMap<>();

    RouteCompiler(AccessRules before, SortedMap<Integer, NodeRoutes> given) {
        super(before.index, before.exitRule, before.nodeIndex.with(given));
        this.before = before;
        this.given = given.keySet();
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
        holders.forEach((prefix, on) -> {
            int place = before.place(prefix);
            if (!on.isEmpty()) {
                compiled.put(
                        prefix,
                        place < 0
                                ? prefix(prefix, on)
                                : before.prefixes().get(place).on(on));
            }
        });
        List<NodeAccess> nodeList = new ArrayList<>(before.nodes());
        given.forEach(place -> nodeList.set(place, node(place)));
        return new AccessRules(before, nodes, ImmutableList.copyOf(nodeList), prefixes());
    }

    private ImmutableList<PrefixAccess> prefixes() {
        if (holders.isEmpty()) {
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
        return before.nodes().get(place).naming;
    }

    @Override
    PrefixAccess access(Prefix prefix) {
        PrefixAccess access = compiled.get(prefix);
        return access == null ? before.prefixes().get(before.place(prefix)) : access;
    }
}
