package dev.wayleave;

import com.google.common.collect.ImmutableList;
import dev.wayleave.election.Candidate;
import dev.wayleave.event.Origin;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.engine.PrefixGroups;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes that become effective, gathered node by node and put prefix by prefix, so that a prefix of many nodes is built
 * once; for one thread.
 *
 * <pre>
 *   node 1: 10.1.0.0/16, 10.2.0.0/16          10.1.0.0/16: 1, 3
 *   node 2: 10.2.0.0/16                 ──►   10.2.0.0/16: 1, 2
 *   node 3: 10.1.0.0/16
 * </pre>
 */
final class HolderBatch {

    private final List<Prefix> prefixes = new ArrayList<>();
    private final List<NodeId> nodes = new ArrayList<>();
    private final List<@Nullable Candidate> candidates = new ArrayList<>();

    /**
     * Adds a route that was not effective.
     *
     * @param node one with a greater number than the nodes of this prefix that were added before
     * @param candidate what the node is for this prefix, or null if it is not there
     */
    void add(NodeId node, Prefix prefix, @Nullable Candidate candidate) {
        prefixes.add(prefix);
        nodes.add(node);
        candidates.add(candidate);
    }

    void applyTo(PrefixEdits edits, Origin origin) {
        PrefixGroups groups = PrefixGroups.of(prefixes);
        for (int group = 0; group < groups.count(); group++) {
            PrefixEdits.Edit edit = edits.of(groups.prefix(group));
            edits.put(edit, with(edit.nowOrEmpty(), groups, group), origin);
        }
    }

    private RouteState with(RouteState route, PrefixGroups groups, int group) {
        int size = groups.size(group);
        ImmutableList.Builder<NodeId> added = ImmutableList.builderWithExpectedSize(size);
        ImmutableList.Builder<Candidate> present = ImmutableList.builderWithExpectedSize(size);
        for (int i = 0; i < size; i++) {
            int place = groups.place(group, i);
            added.add(nodes.get(place));
            Candidate candidate = candidates.get(place);
            if (candidate != null) {
                present.add(candidate);
            }
        }
        return route.withHolders(added.build(), present.build());
    }
}
