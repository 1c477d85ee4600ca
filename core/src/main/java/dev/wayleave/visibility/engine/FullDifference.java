package dev.wayleave.visibility.engine;

import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Lists;
import com.google.common.primitives.Ints;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The difference of two views of a tailnet whose access rules changed too. It groups the viewers by pairs: the viewer
 * class before, and the viewer class after. All viewers of a pair get the same changes of peers and routes. Nodes with
 * effective routes, changed facts or a changed filter are compared alone.
 */
final class FullDifference {

    /** The viewer classes of a node before and after; -1 where the node did not exist. */
    private record Pair(int before, int after) {}

    private final Visibility before;
    private final Visibility after;
    private final List<NodeAccess> nodes;
    private final SortedSet<NodeId> filters;

    private final boolean samePolicy;

    private final ViewerClassDifference viewerClasses;

    /** The index that a node had before, by its index now; -1 for a new node. */
    private final IntUnaryOperator earlier;

    /** The nodes of each pair, by number; removed nodes are in pairs whose {@code after} is -1. */
    private final Map<Pair, List<NodeId>> pairs = new LinkedHashMap<>();

    /** Pairs whose rules changed. Visibility between two unchanged pairs did not change. */
    private final Set<Pair> changed = new LinkedHashSet<>();

    /** What changed about nodes that existed before. */
    private final Map<NodeId, SortedSet<NodeFact>> facts;

    /** The nodes, by index, whose changes may differ from those of the other nodes of their pair. */
    private final Map<Pair, SortedSet<Integer>> comparedAlone = new HashMap<>();

    FullDifference(Visibility before, Visibility after, Map<NodeId, SortedSet<NodeFact>> facts) {
        this.before = before;
        this.after = after;
        this.facts = facts;
        this.nodes = after.rules().nodes();
        this.samePolicy = after.rules().hasPolicyOf(before.rules());
        this.filters = after.rules().filtersChangedSince(before.rules());
        this.viewerClasses = new ViewerClassDifference(before, after);
        if (after.rules().hasNodesOf(before.rules()) && after.viewerClasses().hasIndexOf(before.viewerClasses())) {
            this.earlier = place -> place;
            pairViewerClasses();
        } else {
            this.earlier = earlier(before.rules(), nodes);
            pairNodes();
        }
        for (Pair pair : pairs.keySet()) {
            if (isChanged(pair)) {
                changed.add(pair);
            }
        }
    }

    private static IntUnaryOperator earlier(AccessRules before, List<NodeAccess> nodes) {
        int[] earlier = new int[nodes.size()];
        for (int place = 0; place < earlier.length; place++) {
            earlier[place] = before.place(nodes.get(place).id());
        }
        return place -> earlier[place];
    }

    /**
     * Pairs the nodes where viewer classes and nodes kept their numbers: only the few nodes whose viewer class changed
     * are handled one by one.
     */
    private void pairViewerClasses() {
        Map<Integer, int[]> stayed = new HashMap<>();
        for (int place = 0; place < nodes.size(); place++) {
            if (nodes.get(place) != before.rules().nodes().get(place)) {
                compareAlone(place);
                Pair pair = pair(place);
                if (pair.before() != pair.after()) {
                    pairs.computeIfAbsent(pair, p -> new ArrayList<>())
                            .add(nodes.get(place).id());
                    int gone = place;
                    int[] members = stayed.getOrDefault(
                            pair.after(), after.viewerClasses().members(pair.after()));
                    stayed.put(
                            pair.after(),
                            IntStream.of(members).filter(other -> other != gone).toArray());
                }
            }
        }
        for (int viewerClass = 0; viewerClass < after.viewerClasses().count(); viewerClass++) {
            int[] members =
                    stayed.getOrDefault(viewerClass, after.viewerClasses().members(viewerClass));
            if (members.length > 0) {
                pairs.put(
                        new Pair(viewerClass, viewerClass),
                        Lists.transform(
                                Ints.asList(members), place -> nodes.get(place).id()));
            }
        }
        filters.forEach(id -> compareAlone(after.rules().place(id)));
        for (Prefix prefix : viewerClasses.changedPrefixes()) {
            int place = after.rules().place(prefix);
            if (place >= 0) {
                after.rules()
                        .prefixes()
                        .get(place)
                        .holders()
                        .forEach(id -> compareAlone(after.rules().place(id)));
            }
        }
    }

    private void pairNodes() {
        for (int place = 0; place < nodes.size(); place++) {
            NodeAccess node = nodes.get(place);
            Pair pair = pair(place);
            pairs.computeIfAbsent(pair, p -> new ArrayList<>()).add(node.id());
            if (!isClassOnly(place)) {
                compareAlone(place);
            }
        }
        List<NodeAccess> old = before.rules().nodes();
        for (int place = 0; place < old.size(); place++) {
            if (after.rules().place(old.get(place).id()) < 0) {
                pairs.computeIfAbsent(new Pair(before.viewerClasses().of(place), -1), p -> new ArrayList<>())
                        .add(old.get(place).id());
            }
        }
    }

    private void compareAlone(int place) {
        comparedAlone.computeIfAbsent(pair(place), p -> new TreeSet<>()).add(place);
    }

    private boolean isChanged(Pair pair) {
        return pair.before() < 0
                || pair.after() < 0
                || !samePolicy
                || !before.viewerClasses()
                        .sourceRules(pair.before())
                        .equals(after.viewerClasses().sourceRules(pair.after()))
                || !before.viewerClasses()
                        .destinationRules(pair.before())
                        .equals(after.viewerClasses().destinationRules(pair.after()));
    }

    private Pair pair(int place) {
        int previous =
                earlier.applyAsInt(place) < 0 ? -1 : before.viewerClasses().of(earlier.applyAsInt(place));
        return new Pair(previous, after.viewerClasses().of(place));
    }

    /** What the host says otherwise about a node that existed before. */
    private SortedSet<NodeFact> hostFacts(int place) {
        return facts.getOrDefault(nodes.get(place).id(), Collections.emptySortedSet())
                .headSet(NodeFact.ONLINE);
    }

    ViewChanges changes() {
        List<ViewChange> changes = new ArrayList<>();
        pairs.forEach((pair, members) -> {
            if (pair.after() >= 0) {
                ofPair(changes, pair, members);
            }
        });
        return changes.isEmpty() ? ViewChanges.NONE : new ViewChanges(changes);
    }

    private void ofPair(List<ViewChange> changes, Pair pair, List<NodeId> members) {
        List<ViewChange.PeerChange> peers = peers(pair);
        List<ViewerClassDifference.Route> shared =
                viewerClasses.of(pair.before(), pair.after(), !changed.contains(pair));
        SortedSet<Integer> others = comparedAlone.getOrDefault(pair, Collections.emptySortedSet());
        Map<FilterDifference, SortedSet<NodeId>> byFilter = new LinkedHashMap<>();
        for (int place : others) {
            if (isClassAndFilterOnly(place)) {
                byFilter.computeIfAbsent(filter(place), f -> new TreeSet<>())
                        .add(nodes.get(place).id());
            } else {
                add(changes, ofOne(place, peers, shared));
            }
        }
        byFilter.forEach((filter, viewers) -> addAll(changes, viewers, peers, shared, filter.change()));
        if (peers.isEmpty() && shared.isEmpty()) {
            return;
        }
        SortedSet<NodeId> plain = new TreeSet<>(members);
        others.forEach(place -> plain.remove(nodes.get(place).id()));
        addAll(changes, plain, peers, shared, ViewChange.FilterChange.NONE);
    }

    /** Adds the change of several nodes of a pair that have no effective routes, and so get the same change. */
    private void addAll(
            List<ViewChange> changes,
            SortedSet<NodeId> viewers,
            List<ViewChange.PeerChange> peers,
            List<ViewerClassDifference.Route> shared,
            ViewChange.FilterChange filter) {
        if (shared.isEmpty() && peers.size() == 1 && filter.equals(ViewChange.FilterChange.NONE)) {
            // a node is not its own peer
            viewers.remove(peers.get(0).peer());
        }
        if (viewers.isEmpty()) {
            return;
        }
        NodeId first = viewers.first();
        ViewChange change = new ViewChange(
                viewers,
                ViewChange.SelfChange.NONE,
                peers,
                viewerClasses.explain(shared, after.rules().place(first), Set.of()),
                filter);
        add(changes, viewers.size() == 1 ? change.forViewer(first) : change);
    }

    private static void add(List<ViewChange> changes, ViewChange change) {
        if (!change.isEmpty()) {
            changes.add(change);
        }
    }

    /** Whether only the change of its viewer class can concern the node. */
    private boolean isClassOnly(int place) {
        return isClassAndFilterOnly(place) && !filters.contains(nodes.get(place).id());
    }

    /** Whether only the change of its viewer class, and of its own filter, can concern the node. */
    private boolean isClassAndFilterOnly(int place) {
        return earlier.applyAsInt(place) >= 0
                && nodes.get(place).routes().effective().isEmpty()
                && before.rules()
                        .nodes()
                        .get(earlier.applyAsInt(place))
                        .routes()
                        .effective()
                        .isEmpty()
                && hostFacts(place).isEmpty();
    }

    private ViewChange ofOne(int place, List<ViewChange.PeerChange> peers, List<ViewerClassDifference.Route> shared) {
        NodeId id = nodes.get(place).id();
        Set<Prefix> own = new TreeSet<>(nodes.get(place).routes().effective());
        if (earlier.applyAsInt(place) >= 0) {
            own.addAll(before.rules()
                    .nodes()
                    .get(earlier.applyAsInt(place))
                    .routes()
                    .effective());
        }
        List<ViewChange.RouteChange> routes = viewerClasses.explain(shared, place, own);
        if (!own.isEmpty()) {
            RouteComparison comparison = new RouteComparison(after, place);
            for (Prefix prefix : own) {
                if (!prefix.isExitRoute()) {
                    comparison.add(
                            prefix,
                            earlier.applyAsInt(place) < 0 ? null : before.carrierOf(prefix, earlier.applyAsInt(place)),
                            after.carrierOf(prefix, place));
                }
            }
            routes = new ArrayList<>(routes);
            routes.addAll(comparison.changes());
            routes.sort(ViewChange.RouteChange.ORDER);
        }
        return new ViewChange(
                        ImmutableSortedSet.of(id),
                        self(place),
                        peers,
                        routes,
                        filter(place).change())
                .forViewer(id);
    }

    private List<ViewChange.PeerChange> peers(Pair viewer) {
        List<ViewChange.PeerChange> changes = new ArrayList<>();
        for (Pair peer : changed.contains(viewer) ? pairs.keySet() : changed) {
            List<NodeId> members = pairs.getOrDefault(peer, List.of());
            boolean saw = sees(before, viewer.before(), peer.before());
            boolean sees = sees(after, viewer.after(), peer.after());
            if (sees && !saw) {
                int rule = after.viewerClasses().ruleBetween(viewer.after(), peer.after());
                RuleId why = after.rules().id(rule);
                members.forEach(member -> changes.add(new ViewChange.PeerAdded(member, why)));
            } else if (saw && !sees) {
                ViewChange.PeerLoss why = loss(viewer, peer);
                members.forEach(member -> changes.add(new ViewChange.PeerRemoved(member, why)));
            }
        }
        facts.forEach((peer, changed) -> {
            Pair pair = pair(after.rules().place(peer));
            if (sees(before, viewer.before(), pair.before()) && sees(after, viewer.after(), pair.after())) {
                changes.add(new ViewChange.PeerChanged(peer, changed));
            }
        });
        changes.sort(Comparator.comparing(ViewChange.PeerChange::peer));
        return changes;
    }

    private ViewChange.PeerLoss loss(Pair viewer, Pair peer) {
        if (peer.after() < 0) {
            return new ViewChange.NodeRemoved();
        }
        int rule = before.viewerClasses().ruleBetween(viewer.before(), peer.before());
        RuleId previous = before.rules().id(rule);
        if (!samePolicy) {
            return new ViewChange.NoRule(previous, ViewChange.Ended.POLICY_REPLACED);
        }
        boolean towards = before.viewerClasses().sourceRules(viewer.before()).contains(rule)
                && before.viewerClasses().destinationRules(peer.before()).contains(rule);
        ViewerClasses now = after.viewerClasses();
        boolean viewerMatches =
                (towards ? now.sourceRules(viewer.after()) : now.destinationRules(viewer.after())).contains(rule);
        boolean peerMatches =
                (towards ? now.destinationRules(peer.after()) : now.sourceRules(peer.after())).contains(rule);
        ViewChange.Ended ended = viewerMatches ? ViewChange.Ended.PEER_CHANGED : ViewChange.Ended.VIEWER_CHANGED;
        return new ViewChange.NoRule(previous, viewerMatches || peerMatches ? ended : ViewChange.Ended.BOTH_CHANGED);
    }

    private static boolean sees(Visibility visibility, int viewer, int peer) {
        return viewer >= 0 && peer >= 0 && visibility.viewerClasses().sees(viewer, peer);
    }

    private ViewChange.SelfChange self(int place) {
        NodeRoutes now = nodes.get(place).routes();
        if (earlier.applyAsInt(place) < 0) {
            return new ViewChange.SelfChange(
                    NodeFact.ofHost(), List.copyOf(now.effective()), List.of(), primary(after, place), List.of());
        }
        NodeRoutes old = before.rules().nodes().get(earlier.applyAsInt(place)).routes();
        List<Prefix> primary = primary(after, place);
        List<Prefix> wasPrimary = primary(before, earlier.applyAsInt(place));
        return new ViewChange.SelfChange(
                hostFacts(place),
                minus(now.effective(), old.effective()),
                minus(old.effective(), now.effective()),
                minus(primary, wasPrimary),
                minus(wasPrimary, primary));
    }

    private static List<Prefix> primary(Visibility visibility, int place) {
        return visibility.rules().nodes().get(place).routes().effective().stream()
                .filter(prefix -> visibility
                        .row(prefix)
                        .filter(row -> row.primary == place)
                        .isPresent())
                .toList();
    }

    private FilterDifference filter(int place) {
        NodeId id = nodes.get(place).id();
        return filters.contains(id)
                ? FilterDifference.of(
                        before.rules().explainedFilter(id), after.rules().explainedFilter(id))
                : FilterDifference.NONE;
    }

    private static <T> List<T> minus(Iterable<T> these, Collection<T> those) {
        List<T> rest = new ArrayList<>();
        Set<T> others = new HashSet<>(those);
        for (T item : these) {
            if (!others.contains(item)) {
                rest.add(item);
            }
        }
        return rest;
    }
}
