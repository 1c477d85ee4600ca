package dev.wayleave.visibility.engine;

import com.google.common.collect.ImmutableSortedMap;
import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.access.engine.NodeRules;
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
    private record CarriedPrefixes(List<Prefix> primary, List<Prefix> exit) {
        CarriedPrefixes() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    static ViewerClassView of(Visibility visibility, NodeRules viewer) {
        SortedMap<NodeId, CarriedPrefixes> byPeer = new TreeMap<>();
        for (CarrierRow row : visibility.rows().values()) {
            NodeId carrier = row.carrierFor(viewer);
            if (carrier != null) {
                byPeer.computeIfAbsent(carrier, p -> new CarriedPrefixes())
                        .primary()
                        .add(row.prefix);
            }
        }
        for (NodeAccess exitNode : new ExitNodes(visibility.rules()).usableBy(viewer)) {
            List<Prefix> exit = byPeer.computeIfAbsent(exitNode.id(), p -> new CarriedPrefixes())
                    .exit();
            exitNode.routes().effective().stream().filter(Prefix::isExitRoute).forEach(exit::add);
        }
        ImmutableSortedMap.Builder<NodeId, PeerRoutes> routes = ImmutableSortedMap.naturalOrder();
        byPeer.forEach((peer, collected) -> routes.put(peer, new PeerRoutes(collected.primary(), collected.exit())));
        return new ViewerClassView(routes.buildOrThrow());
    }
}
