package dev.wayleave.visibility.engine;

import dev.wayleave.internal.SortedChunks;
import dev.wayleave.mesh.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The nodes that netmaps show as online, and those of which that is unknown; the other nodes are offline. */
public final class Presences {

    /** All nodes are offline. */
    public static final Presences NONE = new Presences(SortedChunks.empty(id -> id), SortedChunks.empty(id -> id));

    private final SortedChunks<NodeId, NodeId> online;
    private final SortedChunks<NodeId, NodeId> unknown;

    private Presences(SortedChunks<NodeId, NodeId> online, SortedChunks<NodeId, NodeId> unknown) {
        this.online = online;
        this.unknown = unknown;
    }

    /**
     * {@return the presences of all nodes; those in neither list are offline}
     *
     * @param online the nodes that are online, in ascending order
     * @param unknown the nodes of which it is unknown, in ascending order
     */
    public static Presences of(List<NodeId> online, List<NodeId> unknown) {
        return new Presences(NONE.online.ofSorted(online), NONE.unknown.ofSorted(unknown));
    }

    /**
     * Returns the next presences.
     *
     * @param changed for each node whether it is online, empty for unknown; offline for a node that is gone
     * @return these if nothing changed
     */
    public Presences with(Map<NodeId, Optional<Boolean>> changed) {
        Objects.requireNonNull(changed, "changed");
        TreeMap<NodeId, @Nullable NodeId> nowOnline = new TreeMap<>();
        TreeMap<NodeId, @Nullable NodeId> nowUnknown = new TreeMap<>();
        changed.forEach((id, now) -> {
            nowOnline.put(id, now.orElse(false) ? id : null);
            nowUnknown.put(id, now.isPresent() ? null : id);
        });
        SortedChunks<NodeId, NodeId> nextOnline = with(online, nowOnline);
        SortedChunks<NodeId, NodeId> nextUnknown = with(unknown, nowUnknown);
        return nextOnline == online && nextUnknown == unknown ? this : new Presences(nextOnline, nextUnknown);
    }

    private static SortedChunks<NodeId, NodeId> with(
            SortedChunks<NodeId, NodeId> ids, SortedMap<NodeId, @Nullable NodeId> changed) {
        changed.entrySet().removeIf(entry -> ids.contains(entry.getKey()) == (entry.getValue() != null));
        return changed.isEmpty() ? ids : ids.with(changed);
    }

    /** The nodes that are shown in another way. */
    SortedSet<NodeId> changedSince(Presences before) {
        SortedSet<NodeId> changed = new TreeSet<>();
        SortedChunks.Difference<NodeId> add = (old, now) -> {
            if (old == null && now != null) {
                changed.add(now);
            } else if (old != null && now == null) {
                changed.add(old);
            }
        };
        SortedChunks.difference(before.online, online, add);
        SortedChunks.difference(before.unknown, unknown, add);
        return changed;
    }
}
