package dev.wayleave.visibility.engine;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.FilterComparison;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.NodeClasses;
import dev.wayleave.access.engine.NodeRules;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.internal.MemberSet;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The difference between all views of a tailnet at two moments.
 *
 * <p>{@link ChangedParts} has the nodes, rows and exit nodes that changed. Most viewers are of a class that is the same
 * before and after, and changed in nothing themselves. They are answered a class at a time, by sets of classes:
 *
 * <pre>
 *   a node that changed class      the classes that saw its old class, and those that see its new one
 *   a row that changed             the classes that had one carrier, and have another one
 *   an exit node that changed      the classes that could use it, and those that can
 *   sources of rules that changed  the classes at which such a rule is open: their packet filters
 * </pre>
 *
 * <p>Answered one by one are the nodes that changed, and those whose own routes may matter: the holders of a row that
 * changed, or of a row whose primary changed class. Nodes that changed alike and have no routes are answered together.
 */
final class Difference {

    /** Viewers that are answered together: they changed in the same way, and have no routes. */
    private record ViewerGroup(@Nullable NodeRules before, NodeRules after, ViewChange.SelfChange self) {}

    private static final SortedSet<NodeId> NO_VIEWERS = ImmutableSortedSet.of();

    private final Visibility before;
    private final Visibility after;
    private final ChangedParts parts;
    private final FilterComparison filters;

    /** The viewers that are answered one by one, or with others that changed alike. */
    private final SortedSet<NodeId> apart = new TreeSet<>();

    private final List<ViewChange> changes = new ArrayList<>();

    /** The changes of classes by slot, and those of nodes that are answered apart. */
    private final @Nullable ViewChange[] ofClass;

    private final Map<NodeId, ViewChange> ofNode = new HashMap<>();

    Difference(Visibility before, Visibility after) {
        this.before = before;
        this.after = after;
        this.parts = new ChangedParts(before, after);
        this.filters = new FilterComparison(before.rules(), after.rules());
        this.ofClass = new ViewChange[after.rules().classes().count()];
    }

    ViewChanges changes() {
        gatherApart();
        if (parts.isComparable()) {
            classes();
        }
        apart();
        return ViewChanges.of(changes, finder(after.rules(), ofClass, ofNode));
    }

    /** Keeps nothing else of what was needed to compare. */
    private static Function<NodeId, Optional<ViewChange>> finder(
            AccessRules rules, @Nullable ViewChange[] ofClass, Map<NodeId, ViewChange> ofNode) {
        return viewer -> {
            ViewChange alone = ofNode.get(viewer);
            return alone != null
                    ? Optional.of(alone)
                    : rules.node(viewer)
                            .flatMap(node ->
                                    Optional.ofNullable(ofClass[rules.classes().slot(node.rules())]));
        };
    }

    private void add(ViewChange change, SortedSet<NodeId> viewers) {
        changes.add(change);
        viewers.forEach(viewer -> ofNode.put(viewer, change));
    }

    private void gatherApart() {
        Set<NodeId> moved = new TreeSet<>();
        for (NodeChange node : parts.nodes()) {
            if (node.after() != null && !node.isPresenceAlone()) {
                apart.add(node.id());
            }
            if (node.isOfOtherClass()) {
                moved.add(node.id());
            }
        }
        for (RowChange row : parts.rows()) {
            row.holders().filter(id -> after.rules().node(id).isPresent()).forEach(apart::add);
        }
        // A co-router follows the primary if it sees it.
        for (NodeId id : moved) {
            after.rules()
                    .node(id)
                    .ifPresent(node -> after.carriedBy(node).forEach(row -> apart.addAll(row.access.holders())));
        }
    }

    // Whole classes

    private void classes() {
        Map<Integer, SortedSet<NodeId>> apartOfClass = new HashMap<>();
        NodeClasses classes = after.rules().classes();
        for (NodeId id : apart) {
            after.rules()
                    .node(id)
                    .ifPresent(node -> apartOfClass
                            .computeIfAbsent(classes.slot(node.rules()), s -> new TreeSet<>())
                            .add(id));
        }
        long[] touched = parts.touchedClasses();
        long[] concerned = filters.concerned();
        BitArrays.keep(concerned, parts.stable());
        BitArrays.add(concerned, touched);
        BitArrays.forEach(concerned, slot -> {
            NodeClasses.NodeClass nodeClass = classes.at(slot);
            if (nodeClass != null) {
                SortedSet<NodeId> excluded = apartOfClass.isEmpty() ? null : apartOfClass.get(slot);
                ofClass(slot, nodeClass, BitArrays.contains(touched, slot), excluded == null ? NO_VIEWERS : excluded);
            }
        });
    }

    private void ofClass(int slot, NodeClasses.NodeClass nodeClass, boolean touched, SortedSet<NodeId> apartOfClass) {
        FilterComparison.Answer filter = filters.compare(nodeClass.rules(), nodeClass.rules());
        SortedSet<NodeId> excluded = apartOfClass;
        if (filter == FilterComparison.Answer.UNSURE) {
            excluded = new TreeSet<>(apartOfClass);
            for (NodeId id : nodeClass.members().values()) {
                if (!apartOfClass.contains(id) && filters.isChanged(id)) {
                    apart.add(id);
                    excluded.add(id);
                }
            }
        }
        boolean filterChanged = filter == FilterComparison.Answer.CHANGED;
        if (!touched && !filterChanged) {
            return;
        }
        ChangedParts.PeerGroup onlyPeer = filterChanged || parts.movesRoutesOf(slot) ? null : parts.onlyPeerOf(slot);
        if (onlyPeer != null && onlyPeer.slot() == slot) {
            // a node is not its own peer
            excluded = new TreeSet<>(excluded);
            excluded.addAll(onlyPeer.ids());
        }
        if (excluded.size() < nodeClass.members().size()) {
            SortedSet<NodeId> viewers = new MemberSet<>(nodeClass.members(), excluded);
            ViewChange change = ViewChange.deferred(
                    viewers,
                    ViewChange.SelfChange.NONE,
                    new ChangeLister(
                            before, after, parts, nodeClass.rules(), nodeClass.rules(), viewers, filterChanged));
            changes.add(change);
            ofClass[slot] = change;
        }
    }

    // One by one

    private void apart() {
        Map<ViewerGroup, SortedSet<NodeId>> groups = new LinkedHashMap<>();
        for (NodeId id : apart) {
            NodeAccess now = after.rules().node(id).orElseThrow();
            NodeAccess old = before.rules().node(id).orElse(null);
            ViewChange.SelfChange self = parts.self(id, old, now);
            if (hasRoutes(now) || (old != null && hasRoutes(old))) {
                ofRouter(old, now, self);
            } else {
                groups.computeIfAbsent(
                                new ViewerGroup(old == null ? null : old.rules(), now.rules(), self),
                                a -> new TreeSet<>())
                        .add(id);
            }
        }
        groups.forEach(this::ofGroup);
    }

    private static boolean hasRoutes(NodeAccess node) {
        return !node.routes().effective().isEmpty();
    }

    private void ofRouter(@Nullable NodeAccess old, NodeAccess now, ViewChange.SelfChange self) {
        SortedSet<NodeId> alone = ImmutableSortedSet.of(now.id());
        ChangeLister lister =
                new ChangeLister(before, after, parts, old == null ? null : old.rules(), now.rules(), alone, true);
        boolean changed = !self.equals(ViewChange.SelfChange.NONE)
                || !isOnly(lister.someChangedPeers(), now.id())
                || isFilterChanged(old, now)
                || lister.hasRoutes();
        if (changed) {
            add(ViewChange.deferred(alone, self, lister).forViewer(now.id()), alone);
        }
    }

    /** Whether the list has no node other than the viewer. */
    private static boolean isOnly(List<NodeId> peers, NodeId viewer) {
        return peers.isEmpty() || (peers.size() == 1 && peers.get(0).equals(viewer));
    }

    private void ofGroup(ViewerGroup key, SortedSet<NodeId> viewers) {
        ChangeLister lister = new ChangeLister(before, after, parts, key.before(), key.after(), viewers, true);
        SortedSet<NodeId> changed = viewers;
        if (key.self().equals(ViewChange.SelfChange.NONE) && key.before() != null) {
            List<NodeId> peers = lister.someChangedPeers();
            FilterComparison.Answer filter = filters.compare(key.before(), key.after());
            boolean all = peers.size() > 1 || filter == FilterComparison.Answer.CHANGED || lister.hasRoutes();
            if (!all) {
                boolean unsure = filter == FilterComparison.Answer.UNSURE;
                changed = new TreeSet<>();
                for (NodeId id : viewers) {
                    if (!isOnly(peers, id) || (unsure && filters.isChanged(id))) {
                        changed.add(id);
                    }
                }
            }
        }
        if (!changed.isEmpty()) {
            add(ViewChange.deferred(ImmutableSortedSet.copyOfSorted(changed), key.self(), lister), changed);
        }
    }

    /** Whether the filter changed of a viewer of which nothing else may have changed. */
    private boolean isFilterChanged(@Nullable NodeAccess old, NodeAccess now) {
        FilterComparison.Answer answer = old == null || !old.routes().equals(now.routes())
                ? FilterComparison.Answer.UNSURE
                : filters.compare(old.rules(), now.rules());
        return answer == FilterComparison.Answer.CHANGED
                || (answer == FilterComparison.Answer.UNSURE && filters.isChanged(now.id()));
    }
}
