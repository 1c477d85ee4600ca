package dev.wayleave.visibility;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.Node;
import java.util.EnumSet;
import java.util.Objects;
import java.util.SortedSet;

/** A fact about a node that the netmaps of the node and its peers show. */
public enum NodeFact {
    /** Its name. */
    NAME,
    /** Its user or its tags. */
    OWNER,
    /** Its own addresses. */
    ADDRESSES,
    /** Its host key. */
    HOST_KEY,
    /** When its key expires. */
    KEY_EXPIRY,
    /** Whether it is online, offline, or not known to be either: {@link dev.wayleave.mesh.Liveness#online}. */
    ONLINE;

    private static final SortedSet<NodeFact> OF_HOST =
            ImmutableSortedSet.copyOf(EnumSet.complementOf(EnumSet.of(ONLINE)));

    /** {@return the facts that a host states about a node: all but {@link #ONLINE}; in their order; immutable} */
    public static SortedSet<NodeFact> ofHost() {
        return OF_HOST;
    }

    /**
     * Returns what differs between two versions of a node.
     *
     * @param before the node as it was
     * @param after the same node as it is
     * @return the changed facts that a host states, in their order; immutable
     */
    public static SortedSet<NodeFact> changed(Node before, Node after) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        ImmutableSortedSet.Builder<NodeFact> changed = ImmutableSortedSet.naturalOrder();
        add(changed, NAME, before.name(), after.name());
        add(changed, OWNER, before.owner(), after.owner());
        add(changed, ADDRESSES, before.ipv4(), after.ipv4());
        add(changed, ADDRESSES, before.ipv6(), after.ipv6());
        add(changed, HOST_KEY, before.hostKey(), after.hostKey());
        add(changed, KEY_EXPIRY, before.keyExpiry(), after.keyExpiry());
        return changed.build();
    }

    private static void add(ImmutableSortedSet.Builder<NodeFact> changed, NodeFact fact, Object before, Object after) {
        if (!before.equals(after)) {
            changed.add(fact);
        }
    }
}
