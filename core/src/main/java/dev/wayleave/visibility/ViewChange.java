package dev.wayleave.visibility;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.ExplainedRule;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.MemberSet;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One change of views, the same for several viewers.
 *
 * <p>A viewer is never its own peer: where {@link #peers} names one of the viewers, that viewer leaves itself out, as
 * {@link #forViewer} does. A change that the library made lists peers, routes and packet filters when it is first asked
 * for them, so that it costs little to say that 90,000 viewers see one new peer; until it is dropped it keeps both
 * views in memory. Kinds of change may gain members in a minor version.
 */
public final class ViewChange {

    /** The parts of a change that are listed when they are asked for. Each answer is always the same. */
    public interface Content {

        /** {@return peers added, changed or removed, by number} */
        List<PeerChange> peers();

        /** {@return routes gained, lost or moved, in {@link RouteChange#ORDER}} */
        List<RouteChange> routes();

        /**
         * {@return packet filter rules that a viewer gained or lost}
         *
         * @param viewer one of the viewers
         */
        FilterChange filter(NodeId viewer);
    }

    private record ContentLists(
            List<PeerChange> peers, List<RouteChange> routes, SortedMap<NodeId, FilterChange> filters)
            implements Content {

        @Override
        public FilterChange filter(NodeId viewer) {
            return filters.getOrDefault(viewer, FilterChange.NONE);
        }
    }

    private final SortedSet<NodeId> viewers;
    private final SelfChange self;
    private final Content content;

    /** What was listed once; two threads may both list it, and list the same. */
    private @Nullable ImmutableList<PeerChange> peers;

    private @Nullable ImmutableList<RouteChange> routes;

    private ViewChange(SortedSet<NodeId> viewers, SelfChange self, Content content) {
        this.viewers = viewers;
        this.self = self;
        this.content = content;
    }

    /**
     * Returns a change.
     *
     * @param viewers whom it concerns
     * @param self what changed of the viewers themselves
     * @param peers peers added, changed or removed
     * @param routes routes gained, lost or moved
     * @param filters packet filter rules gained or lost, for each viewer of which any were
     * @return the change
     * @throws IllegalArgumentException if a filter is one of another node
     */
    public static ViewChange of(
            Collection<NodeId> viewers,
            SelfChange self,
            List<PeerChange> peers,
            List<RouteChange> routes,
            Map<NodeId, FilterChange> filters) {
        Objects.requireNonNull(self, "self");
        SortedSet<NodeId> whom = Copies.sortedSet(viewers, "viewers");
        Copies.refuseNull(filters, "filters");
        for (NodeId viewer : filters.keySet()) {
            if (!whom.contains(viewer)) {
                throw new IllegalArgumentException("node " + viewer + " has a filter and is none of the viewers");
            }
        }
        TreeMap<NodeId, FilterChange> changed = new TreeMap<>(filters);
        changed.values().removeIf(FilterChange.NONE::equals);
        return new ViewChange(
                whom,
                self,
                new ContentLists(
                        Copies.list(peers, "peers"),
                        Copies.list(routes, "routes"),
                        ImmutableSortedMap.copyOfSorted(changed)));
    }

    /**
     * Returns a change whose parts are listed when they are asked for.
     *
     * @param viewers whom it concerns
     * @param self what changed of the viewers themselves
     * @param content lists the rest
     * @return the change
     */
    public static ViewChange deferred(SortedSet<NodeId> viewers, SelfChange self, Content content) {
        Objects.requireNonNull(viewers, "viewers");
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(content, "content");
        // the views' own sets are immutable, and may be large
        boolean immutable = viewers instanceof MemberSet || viewers instanceof ImmutableSortedSet;
        return new ViewChange(immutable ? viewers : Copies.sortedSet(viewers, "viewers"), self, content);
    }

    /** {@return whom it concerns, in order; at least one} */
    public SortedSet<NodeId> viewers() {
        return viewers;
    }

    /** {@return what changed of the viewers themselves} */
    public SelfChange self() {
        return self;
    }

    /** {@return peers added, changed or removed, by number} */
    public List<PeerChange> peers() {
        ImmutableList<PeerChange> known = peers;
        if (known == null) {
            known = ImmutableList.copyOf(content.peers());
            peers = known;
        }
        return known;
    }

    /** {@return routes gained, lost or moved, by prefix, then by the peer that has it now, or had it} */
    public List<RouteChange> routes() {
        ImmutableList<RouteChange> known = routes;
        if (known == null) {
            known = ImmutableList.copyOf(content.routes());
            routes = known;
        }
        return known;
    }

    /**
     * Returns packet filter rules that a viewer gained or lost. Viewers of one change may differ in them, since a
     * filter names the addresses of its node.
     *
     * @param viewer one of the viewers
     * @return the rules; {@link FilterChange#NONE} if its filter reads as before. Both filters are written
     * @throws IllegalArgumentException if the change does not concern the node
     */
    public FilterChange filter(NodeId viewer) {
        requireViewer(viewer);
        return content.filter(viewer);
    }

    private void requireViewer(NodeId viewer) {
        Objects.requireNonNull(viewer, "viewer");
        if (!viewers.contains(viewer)) {
            throw new IllegalArgumentException("node " + viewer + " is none of the viewers");
        }
    }

    /**
     * The change of a viewer itself.
     *
     * @param facts which of the facts that its host states about it changed: all of them if it is new. Never
     *     {@link NodeFact#ONLINE}, which a netmap has for peers only
     * @param gained prefixes that became effective on it
     * @param lost prefixes that are no longer effective on it
     * @param primaryGained prefixes of which it became the tailnet's primary
     * @param primaryLost prefixes of which it no longer is
     */
    public record SelfChange(
            SortedSet<NodeFact> facts,
            List<Prefix> gained,
            List<Prefix> lost,
            List<Prefix> primaryGained,
            List<Prefix> primaryLost) {

        /** No change. */
        public static final SelfChange NONE =
                new SelfChange(ImmutableSortedSet.of(), List.of(), List.of(), List.of(), List.of());

        public SelfChange {
            facts = Copies.sortedSet(facts, "facts");
            gained = Copies.list(gained, "gained");
            lost = Copies.list(lost, "lost");
            primaryGained = Copies.list(primaryGained, "primaryGained");
            primaryLost = Copies.list(primaryLost, "primaryLost");
        }
    }

    /**
     * Packet filter rules that a viewer gained and lost, each with the entries of the policy that open or opened it; a
     * rule that changed is one of each. A rule that other entries open now, and that reads the same, is not a change.
     *
     * @param gained rules of the new filter that the old one did not have, in their order, with entries of the policy
     *     as it is
     * @param lost rules of the old filter that the new one does not have, in their order, with entries of the policy as
     *     it was
     */
    public record FilterChange(List<ExplainedRule> gained, List<ExplainedRule> lost) {

        /** No change. */
        public static final FilterChange NONE = new FilterChange(List.of(), List.of());

        public FilterChange {
            gained = Copies.list(gained, "gained");
            lost = Copies.list(lost, "lost");
        }
    }

    /**
     * Returns the change for one of the viewers, without itself among its peers.
     *
     * @param viewer one of the viewers
     * @return the same change only for this viewer
     * @throws IllegalArgumentException if the change does not concern the node
     */
    public ViewChange forViewer(NodeId viewer) {
        requireViewer(viewer);
        return new ViewChange(ImmutableSortedSet.of(viewer), self, new Content() {
            @Override
            public List<PeerChange> peers() {
                List<PeerChange> all = ViewChange.this.peers();
                return all.stream().anyMatch(peer -> peer.peer().equals(viewer))
                        ? all.stream()
                                .filter(peer -> !peer.peer().equals(viewer))
                                .toList()
                        : all;
            }

            @Override
            public List<RouteChange> routes() {
                return ViewChange.this.routes();
            }

            @Override
            public FilterChange filter(NodeId each) {
                return content.filter(each);
            }
        });
    }

    /** {@return whether nothing changed; lists everything} */
    public boolean isEmpty() {
        return self.equals(SelfChange.NONE)
                && peers().isEmpty()
                && routes().isEmpty()
                && filters().isEmpty();
    }

    /**
     * {@return for each viewer whose packet filter changed the rules that it gained or lost; writes the filters of all
     * viewers}
     */
    public SortedMap<NodeId, FilterChange> filters() {
        ImmutableSortedMap.Builder<NodeId, FilterChange> filters = ImmutableSortedMap.naturalOrder();
        for (NodeId viewer : viewers) {
            FilterChange filter = content.filter(viewer);
            if (!filter.equals(FilterChange.NONE)) {
                filters.put(viewer, filter);
            }
        }
        return filters.buildOrThrow();
    }

    /** {@return whether the other is a change for the same viewers with the same content; lists everything} */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ViewChange that
                && viewers.equals(that.viewers)
                && self.equals(that.self)
                && peers().equals(that.peers())
                && routes().equals(that.routes())
                && filters().equals(that.filters());
    }

    @Override
    public int hashCode() {
        return Objects.hash(viewers, self, peers(), routes());
    }

    /** {@return the change for a person to read; lists everything} */
    @Override
    public String toString() {
        return "ViewChange[viewers=" + viewers + ", self=" + self + ", peers=" + peers() + ", routes=" + routes()
                + ", filters=" + filters() + "]";
    }
}
