package dev.wayleave.access.engine;

import com.google.common.collect.Collections2;
import com.google.common.collect.Comparators;
import com.google.common.primitives.ImmutableIntArray;
import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.internal.SortedChunks;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.engine.PrefixGroups;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The one way from access rules to the next: some nodes come, change or go. Used once, by one thread.
 *
 * <pre>
 *   1. own addresses    of the given nodes
 *   2. naming           of the given nodes: which rules have their addresses as a source
 *   3. prefixes         that a given node gained or lost, or in which an address of one lies
 *   4. rules            of the given nodes, and of the holders of prefixes of which other rules are the source
 *   5. classes          that these nodes leave and enter
 * </pre>
 *
 * <p>Whom a rule names does not depend on routes, so nothing else changes.
 */
final class AccessUpdate {

    private static final SortedChunks<NodeId, NodeRoutes> NO_NODES =
            SortedChunks.empty(routes -> routes.node().id());

    private static final Comparator<NodeRoutes> BY_ID =
            Comparator.comparing(routes -> routes.node().id());

    private final AccessTables before;
    private final NodeClasses classesBefore;
    private final PolicyIndex index;
    private final NodeCompiler compiler;

    /** The nodes that come or change. */
    private final SortedChunks<NodeId, NodeRoutes> changed;

    /** The nodes that go. */
    private final Collection<NodeId> removed;

    private final Map<NodeId, NodeCompiler.NamedRules> namedRules = new HashMap<>();

    /** The prefixes that changed; null for those that are effective nowhere any more. New ones are in their order. */
    private final Map<Prefix, @Nullable PrefixAccess> prefixes = new LinkedHashMap<>();

    /** The compiled rules of nodes of which only the owner counts. */
    private final Map<Owner, NodeRules> ofOwner = new HashMap<>();

    private OwnAddresses addresses;

    /** Prefixes whose rules changed with the policy: they are compiled again, with the addresses inside. */
    private final List<PrefixAccess> recompiled = new ArrayList<>();

    AccessUpdate(
            AccessTables before,
            NodeClasses classesBefore,
            PolicyIndex index,
            ExitRule exitRule,
            SortedChunks<NodeId, NodeRoutes> changed,
            Collection<NodeId> removed) {
        this.before = before;
        this.classesBefore = classesBefore;
        this.index = index;
        this.compiler = new NodeCompiler(index, exitRule);
        this.changed = changed;
        this.removed = removed;
        this.addresses = before.addresses();
    }

    /** The given nodes in order; each may be given once. */
    static SortedChunks<NodeId, NodeRoutes> byId(Collection<NodeRoutes> nodes) {
        List<NodeRoutes> sorted = new ArrayList<>(nodes);
        if (!Comparators.isInStrictOrder(sorted, BY_ID)) {
            sorted.sort(BY_ID);
            for (int i = 1; i < sorted.size(); i++) {
                NodeId id = sorted.get(i).node().id();
                if (id.equals(sorted.get(i - 1).node().id())) {
                    throw givenTwice(id);
                }
            }
        }
        return NO_NODES.ofSorted(sorted);
    }

    static IllegalArgumentException givenTwice(NodeId id) {
        return new IllegalArgumentException("node " + id + " is given twice: give each node once");
    }

    AccessUpdate(
            AccessRules before,
            PolicyIndex index,
            SortedChunks<NodeId, NodeRoutes> changed,
            Collection<NodeId> removed) {
        this(before.tables, before.classes, index, before.exitRule, changed, removed);
    }

    /** The next tables and classes. */
    record Result(AccessTables tables, NodeClasses classes) {}

    /** Compiles a prefix again, because its rules changed with the policy. */
    void recompile(PrefixAccess prefix) {
        recompiled.add(prefix);
    }

    Result apply() {
        updateAddresses();
        updatePrefixes();
        NodeClasses.Editor classes = classesBefore.editor(index.numbers);
        List<NodeAccess> compiled = new ArrayList<>(changed.size());
        compileNodes(compiled, classes);
        AccessTables next = new AccessTables(index, nodes(compiled), addresses, nextPrefixes(), lengths());
        return new Result(next, classes.build());
    }

    private void compileNodes(List<NodeAccess> compiled, NodeClasses.Editor classes) {
        SortedSet<NodeId> holders = holdersOfPrefixesWithChangedRules();
        for (NodeRoutes now : changed.values()) {
            NodeId id = now.node().id();
            NodeAccess old = before.nodes().get(id);
            compiled.add(
                    old != null && isRenamed(old, now) && !holders.contains(id)
                            ? new NodeAccess(now, old.rules)
                            : compiled(old, now, classes));
        }
        for (NodeId id : holders) {
            NodeAccess old = before.nodes().get(id);
            if (old != null && !changed.contains(id) && !removed.contains(id)) {
                compiled.add(compiled(old, old.routes(), classes));
            }
        }
        for (NodeId id : removed) {
            NodeAccess old = before.nodes().get(id);
            if (old != null) {
                classes.remove(old.rules, id);
            }
        }
    }

    private SortedChunks<NodeId, NodeAccess> nodes(List<NodeAccess> compiled) {
        if (before.nodes().isEmpty()) {
            return before.nodes().ofSorted(compiled);
        }
        TreeMap<NodeId, @Nullable NodeAccess> edits = new TreeMap<>();
        compiled.forEach(node -> edits.put(node.id(), node));
        removed.forEach(id -> edits.put(id, null));
        return before.nodes().with(edits);
    }

    private SortedChunks<Prefix, PrefixAccess> nextPrefixes() {
        if (before.prefixes().isEmpty()) {
            return before.prefixes().ofSorted(new ArrayList<>(prefixes.values()));
        }
        return prefixes.isEmpty() ? before.prefixes() : before.prefixes().with(new TreeMap<>(prefixes));
    }

    /** Whether nothing changed about a node that any rule reads. */
    private boolean isRenamed(NodeAccess old, NodeRoutes now) {
        return index == before.index()
                && old.routes().node().hasAddressesOf(now.node())
                && old.routes().node().owner().equals(now.node().owner())
                && old.routes().effective().equals(now.effective());
    }

    @FunctionalInterface
    private interface NodeVisitor {
        void accept(NodeId id, @Nullable NodeAccess old, @Nullable NodeRoutes now);
    }

    private void forEachNode(NodeVisitor consumer) {
        for (NodeRoutes now : changed.values()) {
            NodeId id = now.node().id();
            consumer.accept(id, before.nodes().get(id), now);
        }
        removed.forEach(id -> consumer.accept(id, before.nodes().get(id), null));
    }

    private void updateAddresses() {
        if (before.nodes().isEmpty()) {
            addresses = OwnAddresses.of(Collections2.transform(changed.values(), NodeRoutes::node));
            return;
        }
        TreeMap<OwnAddresses.OwnAddress, OwnAddresses.@Nullable OwnAddress> edits = new TreeMap<>();
        forEachNode((id, old, now) -> {
            if (old != null && now != null && old.routes().node().hasAddressesOf(now.node())) {
                return;
            }
            if (old != null) {
                old.routes().node().addresses().forEach(each -> edits.put(new OwnAddresses.OwnAddress(each, id), null));
            }
            if (now != null) {
                for (IpAddress address : now.node().addresses()) {
                    OwnAddresses.OwnAddress own = new OwnAddresses.OwnAddress(address, id);
                    edits.put(own, own);
                }
            }
        });
        addresses = addresses.with(edits);
    }

    private void updatePrefixes() {
        updateHolders();
        Set<Prefix> complete = new HashSet<>();
        for (PrefixAccess old : recompiled) {
            PrefixAccess now = withAddresses(compiler.prefix(old.prefix(), old.holders()));
            complete.add(old.prefix());
            if (!now.isAlike(old)) {
                prefixes.put(old.prefix(), now);
            }
        }
        Map<Prefix, Map<RuleSet, Integer>> inside = new HashMap<>();
        if (!before.prefixes().isEmpty()) {
            forEachNode((id, old, now) -> moveAddresses(id, old, now, inside));
        }
        inside.forEach((prefix, more) -> {
            PrefixAccess known = complete.contains(prefix) ? null : known(prefix);
            if (known != null) {
                prefixes.put(prefix, known.with(more));
            }
        });
    }

    private void updateHolders() {
        List<Prefix> gained = new ArrayList<>();
        List<NodeId> gainers = new ArrayList<>();
        Map<Prefix, List<NodeId>> losers = new TreeMap<>();
        forEachNode((id, old, now) -> {
            Set<Prefix> previous = old == null ? Set.of() : old.routes().effective();
            Set<Prefix> current = now == null ? Set.of() : now.effective();
            for (Prefix prefix : previous) {
                if (!prefix.isExitRoute() && !current.contains(prefix)) {
                    losers.computeIfAbsent(prefix, p -> new ArrayList<>()).add(id);
                }
            }
            for (Prefix prefix : current) {
                if (!prefix.isExitRoute() && !previous.contains(prefix)) {
                    gained.add(prefix);
                    gainers.add(id);
                }
            }
        });
        PrefixGroups groups = PrefixGroups.of(gained);
        for (int group = 0; group < groups.count(); group++) {
            List<NodeId> come = new ArrayList<>(groups.size(group));
            for (int i = 0; i < groups.size(group); i++) {
                come.add(gainers.get(groups.place(group, i)));
            }
            List<NodeId> go = losers.remove(groups.prefix(group));
            updateHolders(groups.prefix(group), go == null ? List.of() : go, come);
        }
        losers.forEach((prefix, go) -> updateHolders(prefix, go, List.of()));
    }

    /** Adds and removes holders of a prefix; those that come are in order. */
    private void updateHolders(Prefix prefix, List<NodeId> go, List<NodeId> come) {
        PrefixAccess old = before.prefixes().get(prefix);
        if (old == null) {
            prefixes.put(prefix, withAddresses(compiler.prefix(prefix, come)));
            return;
        }
        List<NodeId> holders = new ArrayList<>(old.holders());
        holders.removeAll(new HashSet<>(go));
        holders.addAll(come);
        Collections.sort(holders); // two runs in order: linear
        prefixes.put(prefix, holders.isEmpty() ? null : old.on(holders));
    }

    /** A prefix that is new, with the addresses that lie in it. */
    private PrefixAccess withAddresses(PrefixAccess access) {
        Map<RuleSet, Integer> inside = new HashMap<>();
        addresses.within(access.prefix(), id -> inside.merge(ownerSources(id), 1, Integer::sum));
        return inside.isEmpty() ? access : access.with(inside);
    }

    private RuleSet ownerSources(NodeId id) {
        NodeRoutes now = changed.get(id);
        NodeAccess old = before.nodes().get(id);
        if (now != null && (old == null || !isRenamed(old, now))) {
            return namedRules(now).ownerSources();
        }
        return old == null ? RuleSet.NONE : old.rules.ownerSources;
    }

    private NodeCompiler.NamedRules namedRules(NodeRoutes now) {
        return namedRules.computeIfAbsent(now.node().id(), id -> compiler.namedRules(now.node()));
    }

    /** Counts what becomes of a node's addresses in the prefixes that were effective before. */
    private void moveAddresses(
            NodeId id, @Nullable NodeAccess old, @Nullable NodeRoutes now, Map<Prefix, Map<RuleSet, Integer>> inside) {
        if (old != null
                && now != null
                && old.routes().node().hasAddressesOf(now.node())
                && old.rules.ownerSources.equals(ownerSources(id))) {
            return;
        }
        if (old != null) {
            old.routes().node().addresses().forEach(address -> count(address, old.rules.ownerSources, -1, inside));
        }
        if (now != null) {
            RuleSet ownerSources = ownerSources(id);
            now.node().addresses().forEach(address -> count(address, ownerSources, 1, inside));
        }
    }

    private void count(IpAddress address, RuleSet ownerSources, int more, Map<Prefix, Map<RuleSet, Integer>> inside) {
        before.around(
                address,
                access -> inside.computeIfAbsent(access.prefix(), p -> new HashMap<>())
                        .merge(ownerSources, more, Integer::sum));
    }

    private SortedSet<NodeId> holdersOfPrefixesWithChangedRules() {
        SortedSet<NodeId> holders = new TreeSet<>();
        prefixes.forEach((prefix, now) -> {
            PrefixAccess old = before.prefixes().get(prefix);
            if (old != null && now != null && !old.hasRulesOf(now)) {
                holders.addAll(now.holders());
            }
        });
        return holders;
    }

    /** The compiled rules of a prefix so far; null if it is effective nowhere. */
    private @Nullable PrefixAccess known(Prefix prefix) {
        return prefixes.containsKey(prefix)
                ? prefixes.get(prefix)
                : before.prefixes().get(prefix);
    }

    private PrefixAccess access(Prefix prefix) {
        PrefixAccess access = known(prefix);
        if (access == null) {
            throw new IllegalStateException(prefix + " was not compiled");
        }
        return access;
    }

    private NodeAccess compiled(@Nullable NodeAccess old, NodeRoutes now, NodeClasses.Editor classes) {
        NodeRules rules = rules(now, classes);
        if (old != null && old.rules.equals(rules)) {
            return old.routes().equals(now) ? old : new NodeAccess(now, old.rules);
        }
        NodeId id = now.node().id();
        if (old != null) {
            classes.remove(old.rules, id);
        }
        return new NodeAccess(now, classes.add(rules, id));
    }

    private NodeRules rules(NodeRoutes now, NodeClasses.Editor classes) {
        if (changed.size() == 1 || !compiler.dependsOnOwnerOnly(now)) {
            return compiler.node(now, namedRules(now), this::access);
        }
        NodeRules known = ofOwner.get(now.node().owner());
        if (known == null) {
            known = classes.shared(compiler.node(now, namedRules(now), this::access));
            ofOwner.put(now.node().owner(), known);
        }
        return known;
    }

    private ImmutableIntArray lengths() {
        int[] lengths = null;
        for (Map.Entry<Prefix, @Nullable PrefixAccess> entry : prefixes.entrySet()) {
            boolean previous = before.prefixes().contains(entry.getKey());
            boolean current = entry.getValue() != null;
            if (previous != current) {
                lengths = lengths == null ? before.prefixLengths().toArray() : lengths;
                lengths[AccessTables.lengthPlace(entry.getKey())] += current ? 1 : -1;
            }
        }
        return lengths == null ? before.prefixLengths() : ImmutableIntArray.copyOf(lengths);
    }
}
