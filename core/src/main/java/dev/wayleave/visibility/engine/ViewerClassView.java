package dev.wayleave.visibility.engine;

import com.google.common.collect.ImmutableSortedMap;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The view that all viewers of one viewer class share. Each viewer leaves itself out of it, and a co-router replaces
 * the routes of its own prefixes.
 */
record ViewerClassView(ImmutableSortedMap<NodeId, PeerRoutes> routes) {

    /** Collects the routes of one peer. */
    private record Collected(List<Prefix> primary, List<Prefix> exit) {
        Collected() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    static ViewerClassView of(Visibility visibility, int viewerClass) {
        ViewerClasses viewerClasses = visibility.viewerClasses();
        SortedMap<Integer, Collected> byPlace = new TreeMap<>();
        visibility.forEachRow((prefix, row) -> {
            int carrier = row.carrierFor(viewerClasses, viewerClass);
            if (carrier >= 0) {
                byPlace.computeIfAbsent(carrier, p -> new Collected()).primary().add(prefix.prefix());
            }
        });
        List<NodeAccess> nodes = viewerClasses.rules.nodes();
        int[] exitNodes = viewerClasses.exitNodes();
        for (int i = 0; i < exitNodes.length; i++) {
            if (viewerClasses.mayUseExit(i, viewerClass)) {
                List<Prefix> exit = byPlace.computeIfAbsent(exitNodes[i], p -> new Collected())
                        .exit();
                nodes.get(exitNodes[i]).routes().effective().stream()
                        .filter(Prefix::isExitRoute)
                        .forEach(exit::add);
            }
        }
        ImmutableSortedMap.Builder<NodeId, PeerRoutes> routes = ImmutableSortedMap.naturalOrder();
        byPlace.forEach((place, collected) ->
                routes.put(nodes.get(place).id(), new PeerRoutes(collected.primary(), collected.exit())));
        return new ViewerClassView(routes.buildOrThrow());
    }
}
