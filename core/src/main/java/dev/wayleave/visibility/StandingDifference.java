package dev.wayleave.visibility;

import dev.wayleave.access.NodeAccess;
import dev.wayleave.access.PrefixAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The routes that differ between the views of two standings, one before and one after; no reasons yet. */
final class StandingDifference {

    private record Route(
            Prefix prefix, @Nullable NodeId from, @Nullable NodeId to) {}

    private final Visibility after;
    private final List<Route> routes = new ArrayList<>();

    private StandingDifference(Visibility after) {
        this.after = after;
    }

    /** Compares two standings; -1 for a viewer that was not there. */
    static StandingDifference of(Visibility before, int was, Visibility after, int is) {
        StandingDifference difference = new StandingDifference(after);
        difference.subnets(before, was, is);
        difference.exits(before, was, is);
        return difference;
    }

    private void subnets(Visibility before, int was, int is) {
        List<PrefixAccess> old = was < 0 ? List.of() : before.rules().prefixes();
        List<PrefixAccess> now = after.rules().prefixes();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            int order = i == old.size()
                    ? 1
                    : j == now.size()
                            ? -1
                            : old.get(i).prefix().compareTo(now.get(j).prefix());
            Prefix prefix = order <= 0 ? old.get(i).prefix() : now.get(j).prefix();
            NodeId from = order <= 0 ? id(before, before.row(i++).carrierFor(was)) : null;
            NodeId to = order >= 0 ? id(after, after.row(j++).carrierFor(is)) : null;
            if (from == null ? to != null : !from.equals(to)) {
                routes.add(new Route(prefix, from, to));
            }
        }
    }

    static @Nullable NodeId id(Visibility visibility, int place) {
        return place < 0 ? null : visibility.rules().nodes().get(place).id();
    }

    private void exits(Visibility before, int was, int is) {
        Map<NodeId, Set<Prefix>> old = was < 0 ? new TreeMap<>() : exits(before, was);
        Map<NodeId, Set<Prefix>> now = exits(after, is);
        TreeSet<NodeId> all = new TreeSet<>(old.keySet());
        all.addAll(now.keySet());
        for (NodeId node : all) {
            Set<Prefix> from = old.getOrDefault(node, Set.of());
            Set<Prefix> to = now.getOrDefault(node, Set.of());
            from.stream().filter(prefix -> !to.contains(prefix)).forEach(p -> routes.add(new Route(p, node, null)));
            to.stream().filter(prefix -> !from.contains(prefix)).forEach(p -> routes.add(new Route(p, null, node)));
        }
    }

    private static Map<NodeId, Set<Prefix>> exits(Visibility visibility, int standing) {
        TreeMap<NodeId, Set<Prefix>> exits = new TreeMap<>();
        int[] exitNodes = visibility.standings().exitNodes();
        for (int i = 0; i < exitNodes.length; i++) {
            if (visibility.standings().mayUseExit(i, standing)) {
                NodeAccess node = visibility.rules().nodes().get(exitNodes[i]);
                TreeSet<Prefix> routes = new TreeSet<>(node.routes().effective());
                routes.removeIf(prefix -> !prefix.isExitRoute());
                exits.put(node.id(), routes);
            }
        }
        return exits;
    }

    /** The changes for one viewer with their reasons: without the prefixes that it has itself, and without its own exit routes. */
    List<ViewChange.RouteChange> routes(int viewer, Set<Prefix> own) {
        if (routes.isEmpty()) {
            return List.of();
        }
        NodeId self = after.rules().nodes().get(viewer).id();
        RouteComparison comparison = new RouteComparison(after, viewer);
        for (Route route : routes) {
            boolean isOwn = route.prefix().isExitRoute()
                    ? self.equals(route.from()) || self.equals(route.to())
                    : own.contains(route.prefix());
            if (!isOwn) {
                comparison.add(route.prefix(), route.from(), route.to());
            }
        }
        return comparison.changes();
    }
}
