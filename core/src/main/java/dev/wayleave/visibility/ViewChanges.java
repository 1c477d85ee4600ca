package dev.wayleave.visibility;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Whose netmap changed in a step, and how: the difference of the views before and after.
 *
 * <p>Immutable and safe for use by several threads. A viewer that no change names has the same view as before; a node
 * that the tailnet no longer has is no viewer.
 *
 * @param changes each for the viewers of which the same changed, ordered by their first viewer; no viewer is in two of
 *     them
 */
public record ViewChanges(List<ViewChange> changes) {

    /** No view changed. */
    public static final ViewChanges NONE = new ViewChanges(List.of());

    /** Copies and sorts the list. */
    public ViewChanges {
        Copies.refuseNull(changes, "changes");
        changes = ImmutableList.sortedCopyOf(
                Comparator.comparing(change -> change.viewers().first()), changes);
    }

    /**
     * Tells whether no view changed.
     *
     * @return true if all views are as before
     */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /**
     * Returns all viewers whose view changed.
     *
     * @return in order
     */
    public SortedSet<NodeId> viewers() {
        ImmutableSortedSet.Builder<NodeId> viewers = ImmutableSortedSet.naturalOrder();
        changes.forEach(change -> viewers.addAll(change.viewers()));
        return viewers.build();
    }

    /**
     * Returns what changed for one viewer.
     *
     * @param viewer any node
     * @return the change for this viewer alone, or empty if its view did not change; {@code O(changes · log n)}
     */
    public Optional<ViewChange> of(NodeId viewer) {
        Objects.requireNonNull(viewer, "viewer");
        return changes.stream()
                .filter(change -> change.viewers().contains(viewer))
                .findFirst()
                .map(change -> change.forViewer(viewer));
    }
}
