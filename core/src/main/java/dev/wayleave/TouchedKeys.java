package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.SortedSet;

/**
 * The nodes and prefixes whose change, in a step or in the rows of another process, can change a view.
 *
 * <p>A node that is not in {@code nodes} has the same facts and the same effective routes as before. A prefix that is
 * not in {@code prefixes} has the same holders and the same primary, and the same candidates, with the same class,
 * grace and priority.
 *
 * <p>A host that computes views itself must also check every prefix that is effective on a touched node, before or
 * after the step: a tag that the {@code via} of a grant names can move viewers of that prefix from another router.
 *
 * @param nodes nodes that were registered or removed, and nodes whose facts or effective routes changed
 * @param presence other nodes whose shown presence changed: online, offline or unknown in the netmaps of their peers
 * @param prefixes subnet routes whose candidates or primary changed
 * @param policy whether the policy was replaced by one with another meaning
 * @param users whether the users changed
 * @param settings whether the settings changed
 */
public record TouchedKeys(
        SortedSet<NodeId> nodes,
        SortedSet<NodeId> presence,
        SortedSet<Prefix> prefixes,
        boolean policy,
        boolean users,
        boolean settings) {

    private static final TouchedKeys NOTHING = new TouchedKeys(
            ImmutableSortedSet.of(), ImmutableSortedSet.of(), ImmutableSortedSet.of(), false, false, false);

    public TouchedKeys {
        nodes = Copies.sortedSet(nodes, "nodes");
        presence = Copies.sortedSet(presence, "presence");
        prefixes = Copies.sortedSet(prefixes, "prefixes");
    }

    /** {@return the value of a step that changes no view} */
    public static TouchedKeys nothing() {
        return NOTHING;
    }

    /** {@return whether every view is as it was} */
    public boolean isEmpty() {
        return nodes.isEmpty() && presence.isEmpty() && prefixes.isEmpty() && !policy && !users && !settings;
    }
}
