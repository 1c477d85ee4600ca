package dev.wayleave.visibility.engine;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.RuleId;
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
    private final int place;
    private final ViewerClassView shared;

    /** What differs from the viewer class's view: for each peer the routes that this viewer gets instead. */
    private final ImmutableSortedMap<NodeId, PeerRoutes> instead;

    ComputedViewerRoutes(Visibility visibility, int place) {
        this.visibility = visibility;
        this.place = place;
        this.viewer = visibility.rules().nodes().get(place);
        this.shared = visibility.classView(visibility.viewerClasses().of(place));
        this.instead = instead();
    }

    private ImmutableSortedMap<NodeId, PeerRoutes> instead() {
        if (viewer.routes().effective().isEmpty()) {
            return ImmutableSortedMap.of();
        }
        TreeMap<NodeId, PeerRoutes> changed = new TreeMap<>();
        for (Prefix prefix : viewer.routes().effective()) {
            visibility.row(prefix).ifPresent(row -> {
                int viewerClass = visibility.viewerClasses().of(place);
                int carrier = row.carrierFor(visibility.viewerClasses(), viewerClass);
                int own = visibility.coRouterCarrier(row, place);
                if (carrier != own) {
                    change(changed, carrier, prefix, false);
                    change(changed, own, prefix, true);
                }
            });
        }
        if (shared.routes().containsKey(viewer.id())) {
            changed.put(viewer.id(), PeerRoutes.NONE);
        }
        return ImmutableSortedMap.copyOfSorted(changed);
    }

    private void change(Map<NodeId, PeerRoutes> changed, int peer, Prefix prefix, boolean add) {
        if (peer >= 0 && peer != place) {
            NodeId id = visibility.rules().nodes().get(peer).id();
            PeerRoutes before = changed.getOrDefault(id, shared.routes().getOrDefault(id, PeerRoutes.NONE));
            List<Prefix> primary = new ArrayList<>(before.primary());
            if (add) {
                primary.add(prefix);
                primary.sort(null);
            } else {
                primary.remove(prefix);
            }
            changed.put(id, new PeerRoutes(primary, before.exit()));
        }
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
        return viewer.routes().effective().stream()
                .filter(prefix -> visibility
                        .row(prefix)
                        .filter(row -> row.primary == place)
                        .isPresent())
                .collect(ImmutableSortedSet.toImmutableSortedSet(Prefix::compareTo));
    }

    @Override
    public boolean sees(NodeId peer) {
        Objects.requireNonNull(peer, "peer");
        int other = visibility.rules().place(peer);
        return other >= 0 && visibility.sees(place, other);
    }

    @Override
    public SortedSet<NodeId> peers() {
        ViewerClasses viewerClasses = visibility.viewerClasses();
        List<NodeAccess> nodes = visibility.rules().nodes();
        TreeSet<NodeId> peers = new TreeSet<>();
        viewerClasses.seenBy(viewerClasses.of(place)).forEach(viewerClass -> {
            for (int member : viewerClasses.members(viewerClass)) {
                if (member != place) {
                    peers.add(nodes.get(member).id());
                }
            }
        });
        return ImmutableSortedSet.copyOfSorted(peers);
    }

    @Override
    public SortedMap<NodeId, PeerRoutes> routes() {
        if (instead.isEmpty()) {
            return shared.routes();
        }
        TreeMap<NodeId, PeerRoutes> routes = new TreeMap<>(shared.routes());
        routes.putAll(instead);
        routes.values().removeIf(PeerRoutes::isEmpty);
        return ImmutableSortedMap.copyOfSorted(routes);
    }

    @Override
    public PeerRoutes routes(NodeId peer) {
        Objects.requireNonNull(peer, "peer");
        PeerRoutes own = instead.get(peer);
        return own != null ? own : shared.routes().getOrDefault(peer, PeerRoutes.NONE);
    }

    @Override
    public RouteAnswer explain(NodeId peer, Prefix prefix) {
        Objects.requireNonNull(peer, "peer");
        Objects.requireNonNull(prefix, "prefix");
        return new Explanation(visibility, place).of(peer, prefix);
    }

    @Override
    public List<Withheld> withheld() {
        Explanation explanation = new Explanation(visibility, place);
        List<Withheld> withheld = new ArrayList<>();
        for (NodeAccess peer : visibility.rules().nodes()) {
            if (peer != viewer) {
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
        Explanation explanation = new Explanation(visibility, place);
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
        int other = visibility.rules().place(peer);
        if (other < 0 || other == place) {
            return Optional.empty();
        }
        ViewerClasses viewerClasses = visibility.viewerClasses();
        int rule = viewerClasses.ruleBetween(viewerClasses.of(place), viewerClasses.of(other));
        return rule < 0 ? Optional.empty() : Optional.of(visibility.rules().id(rule));
    }
}
