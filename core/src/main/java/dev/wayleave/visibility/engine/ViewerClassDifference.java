package dev.wayleave.visibility.engine;

import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.PrefixAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.ViewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the routes that differ between the views of two viewer classes, one before and one after. It finds the
 * unchanged prefixes and exit nodes once, and compares these only for viewer classes that changed themselves.
 */
final class ViewerClassDifference {

    /** A route of a viewer class that was at one node and is at another; no reason yet. */
    record Route(
            Prefix prefix, @Nullable NodeId from, @Nullable NodeId to) {}

    /** A prefix or exit node by its places before and after, -1 where it is not there. */
    private record Places(int before, int after) {}

    private final Visibility before;
    private final Visibility after;
    private final List<Places> changedPrefixes = new ArrayList<>();
    private final List<Places> allExits = new ArrayList<>();
    private final List<Places> changedExits = new ArrayList<>();

    ViewerClassDifference(Visibility before, Visibility after) {
        this.before = before;
        this.after = after;
        forEachPrefix(places -> {
            if (places.before() < 0 || places.after() < 0 || !isSameRow(places)) {
                changedPrefixes.add(places);
            }
        });
        mergeExits();
    }

    private void forEachPrefix(Consumer<Places> consumer) {
        List<PrefixAccess> old = before.rules().prefixes();
        List<PrefixAccess> now = after.rules().prefixes();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            int order = order(old, i, now, j);
            consumer.accept(new Places(order <= 0 ? i++ : -1, order >= 0 ? j++ : -1));
        }
    }

    /** The prefixes for which equal viewer classes may have different carriers before and after. */
    List<Prefix> changedPrefixes() {
        return changedPrefixes.stream().map(this::prefix).toList();
    }

    private static int order(List<PrefixAccess> old, int i, List<PrefixAccess> now, int j) {
        if (i == old.size()) {
            return 1;
        }
        if (j == now.size()) {
            return -1;
        }
        return old.get(i) == now.get(j)
                ? 0
                : old.get(i).prefix().compareTo(now.get(j).prefix());
    }

    /** Everything of which a row is made is the same, so that equal viewer classes have the same carrier. */
    private boolean isSameRow(Places places) {
        if (before.row(places.before()) == after.row(places.after())) {
            return true;
        }
        PrefixAccess old = before.rules().prefixes().get(places.before());
        PrefixAccess now = after.rules().prefixes().get(places.after());
        return before.row(places.before()).elected.equals(after.row(places.after()).elected)
                && old.prefixSourceRules().equals(now.prefixSourceRules())
                && old.holders().equals(now.holders())
                && now.holders().stream().allMatch(this::isSameNode);
    }

    private boolean isSameNode(NodeId id) {
        Optional<NodeAccess> old = before.rules().node(id);
        Optional<NodeAccess> now = after.rules().node(id);
        return old.isPresent()
                && now.isPresent()
                && old.get().routes().equals(now.get().routes())
                && old.get().destinationRules().equals(now.get().destinationRules());
    }

    private void mergeExits() {
        TreeMap<NodeId, Places> merged = new TreeMap<>();
        int[] old = before.viewerClasses().exitNodes();
        for (int i = 0; i < old.length; i++) {
            merged.put(before.rules().nodes().get(old[i]).id(), new Places(i, -1));
        }
        int[] now = after.viewerClasses().exitNodes();
        for (int j = 0; j < now.length; j++) {
            NodeId id = after.rules().nodes().get(now[j]).id();
            Places known = merged.get(id);
            merged.put(id, new Places(known == null ? -1 : known.before(), j));
        }
        merged.forEach((id, places) -> {
            allExits.add(places);
            if (!isSameNode(id)) {
                changedExits.add(places);
            }
        });
    }

    /**
     * Compares two viewer classes.
     *
     * @param previous the number before; -1 for a viewer that was not there
     * @param current the number after
     * @param equal true if both are made of the same rules
     */
    List<Route> of(int previous, int current, boolean equal) {
        List<Route> routes = new ArrayList<>();
        if (equal) {
            changedPrefixes.forEach(places -> prefix(routes, places, previous, current));
        } else {
            forEachPrefix(places -> prefix(routes, places, previous, current));
        }
        for (Places places : equal ? changedExits : allExits) {
            exits(routes, places, previous, current);
        }
        return routes;
    }

    private void prefix(List<Route> routes, Places places, int previous, int current) {
        NodeId from = previous < 0 || places.before() < 0
                ? null
                : before.id(before.row(places.before()).carrierFor(before.viewerClasses(), previous));
        NodeId to = places.after() < 0
                ? null
                : after.id(after.row(places.after()).carrierFor(after.viewerClasses(), current));
        if (from == null ? to != null : !from.equals(to)) {
            routes.add(new Route(prefix(places), from, to));
        }
    }

    private Prefix prefix(Places places) {
        PrefixAccess access = places.before() < 0
                ? after.rules().prefixes().get(places.after())
                : before.rules().prefixes().get(places.before());
        return access.prefix();
    }

    private void exits(List<Route> routes, Places places, int previous, int current) {
        boolean used =
                previous >= 0 && places.before() >= 0 && before.viewerClasses().mayUseExit(places.before(), previous);
        boolean uses = places.after() >= 0 && after.viewerClasses().mayUseExit(places.after(), current);
        if (used || uses) {
            NodeAccess old = used ? exitNode(before, places.before()) : null;
            NodeAccess now = uses ? exitNode(after, places.after()) : null;
            if (old != null) {
                for (Prefix prefix : old.routes().effective()) {
                    if (prefix.isExitRoute() && !has(now, prefix)) {
                        routes.add(new Route(prefix, old.id(), null));
                    }
                }
            }
            if (now != null) {
                for (Prefix prefix : now.routes().effective()) {
                    if (prefix.isExitRoute() && !has(old, prefix)) {
                        routes.add(new Route(prefix, null, now.id()));
                    }
                }
            }
        }
    }

    private static NodeAccess exitNode(Visibility visibility, int exit) {
        return visibility.rules().nodes().get(visibility.viewerClasses().exitNodes()[exit]);
    }

    private static boolean has(@Nullable NodeAccess node, Prefix prefix) {
        return node != null && node.routes().effective().contains(prefix);
    }

    /**
     * The changes for one viewer with their reasons: without the prefixes that it has itself, and without its own exit
     * routes.
     */
    List<ViewChange.RouteChange> explain(List<Route> routes, int viewer, Set<Prefix> own) {
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
