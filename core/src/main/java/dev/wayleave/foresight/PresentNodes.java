package dev.wayleave.foresight;

import com.google.common.collect.Sets;
import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The nodes of a tailnet that are not offline. Immutable. */
final class PresentNodes {

    private final Set<NodeId> nodes;
    private final Set<NodeId> offline = new HashSet<>();
    private final SortedMap<Prefix, SortedSet<NodeId>> exitNodes = new TreeMap<>();

    /** Looks at each node once. */
    PresentNodes(RoutingState state) {
        this.nodes = state.nodes().keySet();
        for (NodeState node : state.nodes().values()) {
            if (node.liveness() == Liveness.OFFLINE) {
                offline.add(node.id());
                continue;
            }
            for (Prefix exit : List.of(KnownRanges.EXIT_IPV4, KnownRanges.EXIT_IPV6)) {
                if (node.effective().contains(exit)) {
                    exitNodes.computeIfAbsent(exit, e -> new TreeSet<>()).add(node.id());
                }
            }
        }
    }

    /** {@return the nodes that are present and offer an exit route, by exit route} */
    SortedMap<Prefix, SortedSet<NodeId>> exitNodes() {
        return Collections.unmodifiableSortedMap(exitNodes);
    }

    boolean contains(NodeId node) {
        return nodes.contains(node) && !offline.contains(node);
    }

    /**
     * {@return those of some nodes that are present}
     *
     * @param some nodes of the tailnet, perhaps many: they are counted by those that are left out, where these are
     *     fewer
     * @param without further nodes that are left out
     */
    Outage.Viewers viewers(SortedSet<NodeId> some, SortedSet<NodeId> without) {
        Set<NodeId> absent = Sets.union(offline, without);
        Set<NodeId> leftOut =
                absent.size() < some.size() ? Sets.intersection(absent, some) : Sets.intersection(some, absent);
        SortedSet<NodeId> first = new TreeSet<>();
        some.stream()
                .filter(node -> !absent.contains(node))
                .limit(Outage.Viewers.LISTED)
                .forEach(first::add);
        return new Outage.Viewers(some.size() - leftOut.size(), first);
    }
}
