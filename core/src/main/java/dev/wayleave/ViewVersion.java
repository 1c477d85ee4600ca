package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.visibility.NodeFact;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Identifies what is in {@link RoutingViews}: views of one version have the same content. A version knows of which
 * nodes facts or presence changed since the version before it, so that the difference of these two costs no walk over
 * all nodes.
 */
final class ViewVersion {

    private final Object key = new Object();
    private final @Nullable Object keyBefore;
    private final SortedSet<NodeId> changed;

    private ViewVersion(@Nullable Object keyBefore, SortedSet<NodeId> changed) {
        this.keyBefore = keyBefore;
        this.changed = changed;
    }

    static ViewVersion first() {
        return new ViewVersion(null, ImmutableSortedSet.of());
    }

    ViewVersion next(TouchedKeys touched) {
        return new ViewVersion(key, ImmutableSortedSet.copyOf(Sets.union(touched.nodes(), touched.presence())));
    }

    /** What changed about nodes that are in both states, of which this version is the later one's. */
    SortedMap<NodeId, SortedSet<NodeFact>> changedFacts(ViewVersion earlier, RoutingState before, RoutingState after) {
        SortedMap<NodeId, SortedSet<NodeFact>> facts = new TreeMap<>();
        Collection<NodeId> candidates =
                earlier.key == keyBefore ? changed : after.nodes().keySet();
        for (NodeId id : candidates) {
            NodeState previous = before.nodes().get(id);
            NodeState current = after.nodes().get(id);
            if (previous != null && current != null && previous != current) {
                SortedSet<NodeFact> ofNode = changedFacts(previous, current);
                if (!ofNode.isEmpty()) {
                    facts.put(id, ofNode);
                }
            }
        }
        return facts;
    }

    private static SortedSet<NodeFact> changedFacts(NodeState previous, NodeState current) {
        SortedSet<NodeFact> changed = NodeFact.changed(previous.facts(), current.facts());
        if (previous.liveness().online().equals(current.liveness().online())) {
            return changed;
        }
        return ImmutableSortedSet.<NodeFact>naturalOrder()
                .addAll(changed)
                .add(NodeFact.ONLINE)
                .build();
    }
}
