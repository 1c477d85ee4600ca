package dev.wayleave.visibility.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.RuleId;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerRoutes;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.ViewerRoutes;
import dev.wayleave.visibility.Withheld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The routes of one viewer: those of its viewer class, and what differs because of its own routes. */
final class ComputedViewerRoutes implements ViewerRoutes {

    private final Visibility visibility;
    private final NodeAccess viewer;
    private final ViewerClassView shared;

    /** What differs from the viewer class's view: for each peer the routes that this viewer gets instead. */
    private final ImmutableSortedMap<NodeId, PeerRoutes> instead;

    ComputedViewerRoutes(Visibility visibility, NodeAccess viewer) {
        this.visibility = visibility;
        this.viewer = viewer;
        this.shared = visibility.classView(viewer.rules());
        this.instead = instead();
    }

    private ImmutableSortedMap<NodeId, PeerRoutes> instead() {
        if (viewer.routes().effective().isEmpty()) {
            return ImmutableSortedMap.of();
        }
        Map<NodeId, SortedSet<Prefix>> primaries = new TreeMap<>();
        for (Prefix prefix : viewer.routes().effective()) {
            CarrierRow row = visibility.rows().get(prefix);
            if (row != null) {
                NodeId carrier = row.carrierFor(viewer.rules());
                NodeId own = visibility.coRouterCarrier(row, viewer);
                if (carrier != null && !carrier.equals(own) && !carrier.equals(viewer.id())) {
                    primaries.computeIfAbsent(carrier, this::sharedPrimaries).remove(prefix);
                }
                if (own != null && !own.equals(carrier)) {
                    primaries.computeIfAbsent(own, this::sharedPrimaries).add(prefix);
                }
            }
        }
        TreeMap<NodeId, PeerRoutes> changed = new TreeMap<>();
        primaries.forEach((peer, primary) -> changed.put(
                peer,
                new PeerRoutes(ImmutableList.copyOf(primary), sharedRoutes(peer).exit())));
        if (shared.routes().containsKey(viewer.id())) {
            changed.put(viewer.id(), PeerRoutes.NONE);
        }
        return ImmutableSortedMap.copyOfSorted(changed);
    }

    private SortedSet<Prefix> sharedPrimaries(NodeId peer) {
        return new TreeSet<>(sharedRoutes(peer).primary());
    }

    private PeerRoutes sharedRoutes(NodeId peer) {
        return shared.routes().getOrDefault(peer, PeerRoutes.NONE);
    }

    @Override
    public NodeId viewer() {
        return viewer.id();
    }

    @Override
    public NodeRoutes self() {
        return viewer.routes();
    }

    @Override
    public SortedSet<Prefix> selfPrimary() {
        return visibility.carriedBy(viewer).stream()
                .map(row -> row.prefix)
                .collect(ImmutableSortedSet.toImmutableSortedSet(Prefix::compareTo));
    }

    @Override
    public boolean sees(NodeId peer) {
        Objects.requireNonNull(peer, "peer");
        return peers().contains(peer);
    }

    @Override
    public SortedSet<NodeId> peers() {
        return new PeerSet(visibility.rules(), viewer);
    }

    @Override
    public SortedMap<NodeId, PeerRoutes> routes() {
        return ReplacedRoutes.of(shared.routes(), instead);
    }

    @Override
    public PeerRoutes routes(NodeId peer) {
        Objects.requireNonNull(peer, "peer");
        PeerRoutes own = instead.get(peer);
        return own != null ? own : sharedRoutes(peer);
    }

    @Override
    public RouteAnswer explain(NodeId peer, Prefix prefix) {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(prefix, "prefix");
        return new Explanation(visibility, viewer).of(peer, prefix);
    }

    @Override
    public List<Withheld> withheld() {
        Explanation explanation = new Explanation(visibility, viewer);
        List<Withheld> withheld = new ArrayList<>();
        for (NodeAccess peer : visibility.rules().nodes()) {
            if (!peer.id().equals(viewer.id())) {
                PeerRoutes given = routes(peer.id());
                for (Prefix prefix : peer.routes().effective()) {
                    boolean isGiven = (prefix.isExitRoute() ? given.exit() : given.primary()).contains(prefix);
                    if (!isGiven && explanation.of(peer.id(), prefix) instanceof Withheld answer) {
                        withheld.add(answer);
                    }
                }
            }
        }
        return List.copyOf(withheld);
    }

    @Override
    public List<RouteAnswer.Given> given() {
        Explanation explanation = new Explanation(visibility, viewer);
        List<RouteAnswer.Given> given = new ArrayList<>();
        routes().forEach((peer, routes) -> routes.all().forEach(prefix -> {
            if (explanation.of(peer, prefix) instanceof RouteAnswer.Given answer) {
                given.add(answer);
            }
        }));
        return List.copyOf(given);
    }

    @Override
    public Optional<RuleId> seenByRule(NodeId peer) {
        Objects.requireNonNull(peer, "peer");
        AccessRules rules = visibility.rules();
        return peer.equals(viewer.id())
                ? Optional.empty()
                : rules.node(peer)
                        .map(other -> rules.between(viewer.rules(), other.rules()))
                        .filter(rule -> rule >= 0)
                        .map(rules::id);
    }
}
