package dev.wayleave.visibility.engine;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.NodeClasses;
import dev.wayleave.access.engine.NodeRules;
import dev.wayleave.access.engine.RuleSet;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.internal.SortedChunks;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.ViewChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The nodes, rows and exit nodes that differ between two views, and the classes of viewers that these concern. */
final class ChangedParts {

    /**
     * Nodes that changed alike, as their peers see it.
     *
     * @param before the rules before; null for new nodes
     * @param after the rules now; null for nodes that are gone
     * @param facts what changed about nodes that are in both
     * @param ids the nodes, in order
     * @param seen the classes, the same before and after, whose view of these nodes changed
     * @param slot the class of these nodes now; -1 for nodes that are gone
     */
    @SuppressWarnings("ArrayRecordComponent") // nothing writes it, and nothing compares the record
    record PeerGroup(
            @Nullable NodeRules before,
            @Nullable NodeRules after,
            SortedSet<NodeFact> facts,
            List<NodeId> ids,
            long[] seen,
            int slot) {

        /** Whether the views of nodes with some rules change: not if they never saw the group. */
        boolean changesFor(@Nullable NodeRules viewerBefore, NodeRules viewerAfter) {
            boolean saw = sawBy(viewerBefore);
            boolean sees = after != null && viewerAfter.sees(after);
            return saw != sees || (saw && !facts.isEmpty());
        }

        boolean sawBy(@Nullable NodeRules viewer) {
            return viewer != null && before != null && viewer.sees(before);
        }
    }

    /** An exit node that other viewers may use, or for other routes. */
    @SuppressWarnings("ArrayRecordComponent") // nothing writes it, and nothing compares the record
    record ExitChange(
            NodeId id,
            @Nullable NodeAccess before,
            @Nullable NodeAccess after,
            long[] moved) {}

    /** Rules by which a viewer sends or is sent to, and by which it did not before, or the other way round. */
    private record RulesMoved(RuleSet source, RuleSet destination) {}

    private record GroupKey(
            @Nullable NodeRules before, @Nullable NodeRules after, SortedSet<NodeFact> facts) {}

    private final Visibility before;
    private final Visibility after;
    private final boolean comparable;
    private final SortedMap<NodeId, NodeChange> nodes = new TreeMap<>();
    private final List<PeerGroup> groups = new ArrayList<>();
    private final SortedMap<Prefix, RowChange> rows = new TreeMap<>();
    private final List<ExitChange> exits = new ArrayList<>();

    /** For each node the prefixes of which it became the primary, and those of which it no longer is, in order. */
    private final Map<NodeId, List<Prefix>> became = new HashMap<>();

    private final Map<NodeId, List<Prefix>> ceased = new HashMap<>();

    /** Filled when routes are listed, by the threads that list them. */
    private final Map<RulesMoved, List<Prefix>> rowsByRules = new ConcurrentHashMap<>();

    /** The classes of which the slot has the same class before and after. */
    private final long[] stable;

    /** The stable classes of which routes changed. */
    private final long[] otherRoutes;

    ChangedParts(Visibility before, Visibility after) {
        this.before = before;
        this.after = after;
        this.comparable = after.rules().isComparableTo(before.rules());
        NodeClasses classes = after.rules().classes();
        this.stable = comparable ? classes.sameAs(before.rules().classes()) : new long[classes.words()];
        findNodes();
        groupNodes();
        findRows();
        findExits();
        this.otherRoutes = new long[stable.length];
        rows.values().forEach(row -> BitArrays.add(otherRoutes, row.moved()));
        exits.forEach(exit -> BitArrays.add(otherRoutes, exit.moved()));
    }

    private void findNodes() {
        SortedSet<NodeId> presence = new TreeSet<>(after.presences().changedSince(before.presences()));
        after.rules().nodesChangedSince(before.rules(), (old, now) -> {
            NodeId id = now == null ? Objects.requireNonNull(old).id() : now.id();
            nodes.put(id, new NodeChange(id, old, now, facts(old, now, presence.remove(id))));
        });
        for (NodeId id : presence) {
            NodeAccess node = after.rules().node(id).orElse(null);
            if (node != null) {
                nodes.put(id, new NodeChange(id, node, node, ImmutableSortedSet.of(NodeFact.ONLINE)));
            }
        }
    }

    private static SortedSet<NodeFact> facts(@Nullable NodeAccess old, @Nullable NodeAccess now, boolean presence) {
        if (old == null || now == null) {
            return ImmutableSortedSet.of();
        }
        SortedSet<NodeFact> changed =
                NodeFact.changed(old.routes().node(), now.routes().node());
        return presence
                ? ImmutableSortedSet.<NodeFact>naturalOrder()
                        .addAll(changed)
                        .add(NodeFact.ONLINE)
                        .build()
                : changed;
    }

    private void groupNodes() {
        Map<GroupKey, List<NodeId>> alike = new LinkedHashMap<>();
        for (NodeChange node : nodes.values()) {
            GroupKey key = new GroupKey(
                    node.before() == null ? null : node.before().rules(),
                    node.after() == null ? null : node.after().rules(),
                    node.facts());
            alike.computeIfAbsent(key, k -> new ArrayList<>()).add(node.id());
        }
        NodeClasses classes = after.rules().classes();
        alike.forEach((key, ids) -> groups.add(new PeerGroup(
                key.before(),
                key.after(),
                key.facts(),
                ids,
                seen(key),
                key.after() == null ? -1 : classes.slot(key.after()))));
    }

    private long[] seen(GroupKey key) {
        if (!comparable) {
            return stable;
        }
        long[] saw =
                key.before() == null ? new long[0] : before.rules().classes().seenBy(key.before());
        long[] sees =
                key.after() == null ? new long[0] : after.rules().classes().seenBy(key.after());
        long[] changed = new long[stable.length];
        BitArrays.add(changed, saw);
        BitArrays.add(changed, sees);
        if (key.facts().isEmpty()) {
            BitArrays.removeCommon(changed, saw, sees);
        }
        BitArrays.keep(changed, stable);
        return changed;
    }

    private void findRows() {
        SortedChunks.difference(before.rows(), after.rows(), (old, now) -> {
            long[] moved = stable;
            if (comparable) {
                moved = CarrierRow.moved(
                        old, before.rules().classes(), now, after.rules().classes());
                BitArrays.keep(moved, stable);
            }
            RowChange row = new RowChange(old, now, moved);
            rows.put(row.prefix(), row);
            NodeId previous = old == null ? null : old.primary();
            NodeId primary = now == null ? null : now.primary();
            if (!Objects.equals(previous, primary)) {
                addTo(ceased, previous, row.prefix());
                addTo(became, primary, row.prefix());
            }
        });
    }

    private static void addTo(Map<NodeId, List<Prefix>> prefixes, @Nullable NodeId primary, Prefix prefix) {
        if (primary != null) {
            prefixes.computeIfAbsent(primary, id -> new ArrayList<>(2)).add(prefix);
        }
    }

    private void findExits() {
        ExitNodes old = new ExitNodes(before.rules());
        ExitNodes now = new ExitNodes(after.rules());
        for (NodeChange node : nodes.values()) {
            NodeAccess one = exitNode(node.before());
            NodeAccess other = exitNode(node.after());
            if ((one != null || other != null) && node.before() != node.after()) {
                long[] moved = stable;
                if (comparable) {
                    boolean sameRoutes = one != null
                            && other != null
                            && ChangeLister.exitRoutes(one).equals(ChangeLister.exitRoutes(other));
                    moved = new long[stable.length];
                    long[] used = one == null ? new long[0] : old.users(one.rules());
                    long[] uses = other == null ? new long[0] : now.users(other.rules());
                    BitArrays.add(moved, used);
                    BitArrays.add(moved, uses);
                    if (sameRoutes) {
                        BitArrays.removeCommon(moved, used, uses);
                    }
                    BitArrays.keep(moved, stable);
                }
                exits.add(new ExitChange(node.id(), one, other, moved));
            }
        }
    }

    private static @Nullable NodeAccess exitNode(@Nullable NodeAccess node) {
        return node != null && !node.exit().isEmpty() ? node : null;
    }

    boolean isComparable() {
        return comparable;
    }

    boolean isChanged(NodeId id) {
        return nodes.containsKey(id);
    }

    Collection<NodeChange> nodes() {
        return nodes.values();
    }

    List<PeerGroup> groups() {
        return groups;
    }

    Collection<RowChange> rows() {
        return rows.values();
    }

    @Nullable
    RowChange row(Prefix prefix) {
        return rows.get(prefix);
    }

    /**
     * The prefixes whose row did not change, but whose carrier may differ for this viewer because the rules of the
     * viewer changed. Viewers of many classes change by the same few rules, so that the answer is kept for each change
     * of rules.
     */
    List<Prefix> rowsReadOtherwise(NodeRules viewerBefore, NodeRules viewerAfter) {
        RulesMoved moved = new RulesMoved(
                viewerBefore.source().exclusive(viewerAfter.source()),
                viewerBefore.destination().exclusive(viewerAfter.destination()));
        return rowsByRules.computeIfAbsent(moved, rules -> {
            List<Prefix> some = new ArrayList<>();
            for (CarrierRow row : after.rows().values()) {
                if (!rows.containsKey(row.prefix) && row.reads(rules.source(), rules.destination())) {
                    some.add(row.prefix);
                }
            }
            return some;
        });
    }

    /** Whether the set of nodes that see the primary of a prefix may have changed. */
    boolean hasMovedPrimary(Prefix prefix) {
        CarrierRow row = after.rows().get(prefix);
        NodeChange primary = row == null || row.primary() == null ? null : nodes.get(row.primary());
        return primary != null && (!comparable || primary.isOfOtherClass());
    }

    List<ExitChange> exits() {
        return exits;
    }

    long[] stable() {
        return stable;
    }

    boolean isStable(int slot) {
        return BitArrays.contains(stable, slot);
    }

    /** The stable classes of which peers or routes changed. */
    long[] touchedClasses() {
        long[] touched = otherRoutes.clone();
        groups.forEach(group -> BitArrays.add(touched, group.seen()));
        return touched;
    }

    boolean movesRoutesOf(int slot) {
        return BitArrays.contains(otherRoutes, slot);
    }

    /** The changed peers of a stable class, if that is only one node; else null. */
    @Nullable
    PeerGroup onlyPeerOf(int slot) {
        PeerGroup only = null;
        for (PeerGroup group : groups) {
            if (BitArrays.contains(group.seen(), slot)) {
                if (only != null || group.ids().size() > 1) {
                    return null;
                }
                only = group;
            }
        }
        return only;
    }

    /** What changed of a viewer itself. */
    ViewChange.SelfChange self(NodeId id, @Nullable NodeAccess old, NodeAccess now) {
        if (old == null) {
            return new ViewChange.SelfChange(
                    NodeFact.ofHost(),
                    List.copyOf(now.routes().effective()),
                    List.of(),
                    became.getOrDefault(id, List.of()),
                    List.of());
        }
        NodeChange change = nodes.get(id);
        SortedSet<NodeFact> facts = change == null ? ImmutableSortedSet.of() : ofHost(change.facts());
        ViewChange.SelfChange self = new ViewChange.SelfChange(
                facts,
                minus(now.routes().effective(), old.routes().effective()),
                minus(old.routes().effective(), now.routes().effective()),
                became.getOrDefault(id, List.of()),
                ceased.getOrDefault(id, List.of()));
        return self.equals(ViewChange.SelfChange.NONE) ? ViewChange.SelfChange.NONE : self;
    }

    private static SortedSet<NodeFact> ofHost(SortedSet<NodeFact> facts) {
        return facts.contains(NodeFact.ONLINE)
                ? facts.stream()
                        .filter(fact -> fact != NodeFact.ONLINE)
                        .collect(ImmutableSortedSet.toImmutableSortedSet(NodeFact::compareTo))
                : facts;
    }

    private static List<Prefix> minus(Set<Prefix> these, Set<Prefix> those) {
        if (these.isEmpty() || these.equals(those)) {
            return List.of();
        }
        SortedSet<Prefix> rest = new TreeSet<>(these);
        those.forEach(rest::remove);
        return List.copyOf(rest);
    }
}
