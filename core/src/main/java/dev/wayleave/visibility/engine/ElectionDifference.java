package dev.wayleave.visibility.engine;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.NodeFact;
import dev.wayleave.visibility.ViewChange;
import dev.wayleave.visibility.ViewChanges;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The difference of two views where only results of elections and the presence of nodes changed: the carriers and the
 * peers, for whole viewer classes at a time, and the routes of the co-routers of these prefixes.
 */
final class ElectionDifference {

    private final Visibility before;
    private final Visibility after;
    private final ViewerClasses viewerClasses;
    private final List<NodeAccess> nodes;

    /** For each viewer class the places of the prefixes that moved for it. */
    private final SortedMap<Integer, List<Integer>> moved = new TreeMap<>();

    /** For each viewer that has a changed prefix itself the places of these prefixes. */
    private final SortedMap<Integer, List<Integer>> own = new TreeMap<>();

    /** For each viewer class what changed about the peers that it sees, by peer. */
    private final SortedMap<Integer, List<ViewChange.PeerChange>> peers = new TreeMap<>();

    ElectionDifference(Visibility before, Visibility after, Map<NodeId, SortedSet<NodeFact>> facts) {
        this.before = before;
        this.after = after;
        this.viewerClasses = after.viewerClasses();
        this.nodes = after.rules().nodes();
        new TreeMap<>(facts).forEach(this::addPeer);
    }

    private void addPeer(NodeId peer, SortedSet<NodeFact> facts) {
        int seen = viewerClasses.of(after.rules().place(peer));
        ViewChange.PeerChange change = new ViewChange.PeerChanged(peer, facts);
        for (int viewerClass = 0; viewerClass < viewerClasses.count(); viewerClass++) {
            if (viewerClasses.sees(viewerClass, seen)) {
                peers.computeIfAbsent(viewerClass, c -> new ArrayList<>()).add(change);
            }
        }
    }

    ViewChanges changes() {
        for (int chunk = 0; chunk < after.chunkCount(); chunk++) {
            CarrierRow[] old = before.chunk(chunk);
            CarrierRow[] now = after.chunk(chunk);
            for (int i = 0; old != now && i < now.length; i++) {
                if (old[i] != now[i]) {
                    compare(after.prefix(chunk, i), old[i], now[i]);
                }
            }
        }
        List<ViewChange> changes = new ArrayList<>();
        moved.forEach((viewerClass, prefixes) -> ofViewerClass(changes, viewerClass, prefixes));
        own.forEach((viewer, prefixes) -> ofHolder(changes, viewer, prefixes));
        ofPeersAlone(changes);
        return changes.isEmpty() ? ViewChanges.NONE : new ViewChanges(changes);
    }

    /** The viewer classes for which no prefix moved: those of which the same peers changed get one change. */
    private void ofPeersAlone(List<ViewChange> changes) {
        Map<List<ViewChange.PeerChange>, BitSet> alike = new LinkedHashMap<>();
        peers.forEach((viewerClass, changed) -> {
            if (!moved.containsKey(viewerClass)) {
                BitSet viewers = alike.computeIfAbsent(changed, c -> new BitSet(nodes.size()));
                for (int member : viewerClasses.members(viewerClass)) {
                    viewers.set(member);
                }
            }
        });
        alike.forEach((changed, viewers) -> {
            own.keySet().forEach(viewers::clear);
            if (changed.size() == 1) {
                // a node is not its own peer
                viewers.clear(after.rules().place(changed.get(0).peer()));
            }
            if (!viewers.isEmpty()) {
                changes.add(new ViewChange(
                        viewers.stream()
                                .mapToObj(place -> nodes.get(place).id())
                                .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder())),
                        ViewChange.SelfChange.NONE,
                        changed,
                        List.of(),
                        ViewChange.FilterChange.NONE));
            }
        });
    }

    private void compare(PrefixAccess prefix, CarrierRow old, CarrierRow now) {
        int place = after.rules().place(prefix.prefix());
        for (int viewerClass = 0; viewerClass < viewerClasses.count(); viewerClass++) {
            if (old.carrierFor(viewerClasses, viewerClass) != now.carrierFor(viewerClasses, viewerClass)) {
                moved.computeIfAbsent(viewerClass, s -> new ArrayList<>()).add(place);
            }
        }
        for (NodeId holder : prefix.holders()) {
            own.computeIfAbsent(after.rules().place(holder), h -> new ArrayList<>())
                    .add(place);
        }
    }

    private void ofViewerClass(List<ViewChange> changes, int viewerClass, List<Integer> prefixes) {
        SortedSet<NodeId> viewers = new TreeSet<>();
        int first = -1;
        for (int member : viewerClasses.members(viewerClass)) {
            if (!own.containsKey(member)) {
                viewers.add(nodes.get(member).id());
                first = first < 0 ? member : first;
            }
        }
        if (!viewers.isEmpty()) {
            List<ViewChange.RouteChange> routes = routes(first, prefixes);
            changes.add(new ViewChange(
                    ImmutableSortedSet.copyOfSorted(viewers),
                    ViewChange.SelfChange.NONE,
                    peers.getOrDefault(viewerClass, List.of()),
                    routes,
                    ViewChange.FilterChange.NONE));
        }
    }

    private void ofHolder(List<ViewChange> changes, int viewer, List<Integer> ownPrefixes) {
        SortedSet<Integer> prefixes = new TreeSet<>(ownPrefixes);
        prefixes.addAll(moved.getOrDefault(viewerClasses.of(viewer), List.of()));
        List<Prefix> gained = new ArrayList<>();
        List<Prefix> lost = new ArrayList<>();
        for (int prefix : ownPrefixes) {
            boolean previous = before.row(prefix).primary == viewer;
            boolean current = after.row(prefix).primary == viewer;
            if (previous != current) {
                (current ? gained : lost)
                        .add(after.rules().prefixes().get(prefix).prefix());
            }
        }
        NodeId id = nodes.get(viewer).id();
        ViewChange change = new ViewChange(
                        ImmutableSortedSet.of(id),
                        new ViewChange.SelfChange(ImmutableSortedSet.of(), List.of(), List.of(), gained, lost),
                        peers.getOrDefault(viewerClasses.of(viewer), List.of()),
                        routes(viewer, prefixes),
                        ViewChange.FilterChange.NONE)
                .forViewer(id);
        if (!change.isEmpty()) {
            changes.add(change);
        }
    }

    private List<ViewChange.RouteChange> routes(int viewer, Iterable<Integer> prefixes) {
        RouteComparison comparison = new RouteComparison(after, viewer);
        for (int prefix : prefixes) {
            comparison.add(
                    after.rules().prefixes().get(prefix).prefix(),
                    before.id(before.carrierFor(prefix, viewer)),
                    after.id(after.carrierFor(prefix, viewer)));
        }
        return comparison.changes();
    }
}
