package dev.wayleave.visibility.engine;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Iterables;
import com.google.common.collect.Iterators;
import com.google.common.collect.Lists;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.visibility.PeerRoutes;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a viewer class with those of a few peers replaced, as an immutable map that copies nothing: each of
 * thousands of routers differs from its class in itself and a few peers.
 *
 * <pre>
 *   shared    1  2  3  4  5  6  7       instead   3: none   6: other routes
 *   the map   1  2     4  5  6' 7       which is read in pieces: [1 2] [4 5] [6'] [7]
 * </pre>
 */
final class ReplacedRoutes extends AbstractMap<NodeId, PeerRoutes> implements SortedMap<NodeId, PeerRoutes> {

    /** If more than one peer of so many is replaced, a copy is read faster and not much larger. */
    private static final int FEW = 4;

    private final ImmutableSortedMap<NodeId, PeerRoutes> shared;
    private final ImmutableSortedMap<NodeId, PeerRoutes> instead;
    private final int size;

    private ReplacedRoutes(
            ImmutableSortedMap<NodeId, PeerRoutes> shared, ImmutableSortedMap<NodeId, PeerRoutes> instead) {
        this.shared = shared;
        this.instead = instead;
        int peers = shared.size();
        for (Map.Entry<NodeId, PeerRoutes> entry : instead.entrySet()) {
            peers += (entry.getValue().isEmpty() ? 0 : 1) - (shared.containsKey(entry.getKey()) ? 1 : 0);
        }
        this.size = peers;
    }

    /**
     * {@return the routes of each peer that has any: those in {@code instead} if there are such, else the shared ones}
     *
     * @param shared peers with routes
     * @param instead peers with other routes, or with none
     */
    static SortedMap<NodeId, PeerRoutes> of(
            ImmutableSortedMap<NodeId, PeerRoutes> shared, ImmutableSortedMap<NodeId, PeerRoutes> instead) {
        if (instead.isEmpty()) {
            return shared;
        }
        return FEW * instead.size() <= shared.size() ? new ReplacedRoutes(shared, instead) : copy(shared, instead);
    }

    private static ImmutableSortedMap<NodeId, PeerRoutes> copy(
            Map<NodeId, PeerRoutes> shared, Map<NodeId, PeerRoutes> instead) {
        TreeMap<NodeId, PeerRoutes> routes = new TreeMap<>(shared);
        routes.putAll(instead);
        routes.values().removeIf(PeerRoutes::isEmpty);
        return ImmutableSortedMap.copyOfSorted(routes);
    }

    /** The parts of this map in their order, none of them empty. */
    private List<ImmutableSortedMap<NodeId, PeerRoutes>> pieces() {
        List<ImmutableSortedMap<NodeId, PeerRoutes>> pieces = new ArrayList<>(2 * instead.size() + 1);
        ImmutableSortedMap<NodeId, PeerRoutes> rest = shared;
        for (Map.Entry<NodeId, PeerRoutes> entry : instead.entrySet()) {
            pieces.add(rest.headMap(entry.getKey()));
            if (!entry.getValue().isEmpty()) {
                pieces.add(ImmutableSortedMap.of(entry.getKey(), entry.getValue()));
            }
            rest = rest.tailMap(entry.getKey(), false);
        }
        pieces.add(rest);
        pieces.removeIf(Map::isEmpty);
        return pieces;
    }

    @Override
    public Set<Map.Entry<NodeId, PeerRoutes>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<NodeId, PeerRoutes>> iterator() {
                return Iterators.unmodifiableIterator(Iterables.concat(Iterables.transform(pieces(), Map::entrySet))
                        .iterator());
            }

            @Override
            public int size() {
                return size;
            }

            @Override
            public boolean contains(@Nullable Object element) {
                return element instanceof Map.Entry<?, ?> entry
                        && entry.getValue() != null
                        && entry.getValue().equals(get(entry.getKey()));
            }
        };
    }

    @Override
    public void forEach(BiConsumer<? super NodeId, ? super PeerRoutes> action) {
        pieces().forEach(piece -> piece.forEach(action));
    }

    @Override
    public @Nullable PeerRoutes get(@Nullable Object peer) {
        PeerRoutes own = instead.get(peer);
        if (own == null) {
            return shared.get(peer);
        }
        return own.isEmpty() ? null : own;
    }

    @Override
    public boolean containsKey(@Nullable Object peer) {
        return get(peer) != null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable Comparator<? super NodeId> comparator() {
        return shared.comparator();
    }

    @Override
    public NodeId firstKey() {
        return pieces().iterator().next().firstKey();
    }

    @Override
    public NodeId lastKey() {
        return Lists.reverse(pieces()).iterator().next().lastKey();
    }

    @Override
    public SortedMap<NodeId, PeerRoutes> subMap(NodeId from, NodeId to) {
        return of(shared.subMap(from, to), instead.subMap(from, to));
    }

    @Override
    public SortedMap<NodeId, PeerRoutes> headMap(NodeId to) {
        return of(shared.headMap(to), instead.headMap(to));
    }

    @Override
    public SortedMap<NodeId, PeerRoutes> tailMap(NodeId from) {
        return of(shared.tailMap(from), instead.tailMap(from));
    }
}
