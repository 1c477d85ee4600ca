package dev.wayleave.visibility.engine;

import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.visibility.NodeFact;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A node of which something changed.
 *
 * @param before the node before; null if it did not exist
 * @param after the node now; null if it is gone
 * @param facts what changed about a node that is in both
 */
record NodeChange(
        NodeId id, @Nullable NodeAccess before, @Nullable NodeAccess after, SortedSet<NodeFact> facts) {

    /** Whether the views of the node itself are as before: only its peers see that it is on- or offline. */
    boolean isPresenceAlone() {
        return before != null && before == after;
    }

    /** Whether the set of nodes that see it, or that it sees, may have changed. */
    boolean isOfOtherClass() {
        return before == null || after == null || !before.rules().equals(after.rules());
    }
}
