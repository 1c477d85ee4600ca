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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whose netmap changed in a step, and how: the difference of the views before and after. A netmap is what a control
 * plane sends to a node: the node itself, its peers and whether they are online, the routes of each, and the packet
 * filter. {@code visibility.engine.Difference} finds it, {@code RoutingViews.changesSince} returns it, and
 * {@code ViewPublication} has it where a controller runs.
 *
 * <p>A viewer that no change names has the same view as before; a node that the tailnet no longer has is not a viewer.
 */
public final class ViewChanges {

    /** No view changed. */
    public static final ViewChanges NONE = new ViewChanges(ImmutableList.of(), null);

    private final ImmutableList<ViewChange> unsorted;

    /** Finds the only change that can name a viewer; null for a search through all changes. */
    private final @Nullable Function<NodeId, Optional<ViewChange>> finder;

    private @Nullable ImmutableList<ViewChange> sorted;

    private ViewChanges(ImmutableList<ViewChange> unsorted, @Nullable Function<NodeId, Optional<ViewChange>> finder) {
        this.unsorted = unsorted;
        this.finder = finder;
    }

    /**
     * Returns some changes as one difference.
     *
     * @param changes in any order; no viewer is in two of them
     * @return the difference
     */
    public static ViewChanges of(List<ViewChange> changes) {
        ImmutableList<ViewChange> copy = Copies.list(changes, "changes");
        return copy.isEmpty() ? NONE : new ViewChanges(copy, null);
    }

    /**
     * Returns some changes as one difference, with a function that finds the change of a viewer faster than a search
     * through all changes.
     *
     * @param changes in any order; no viewer is in two of them
     * @param finder returns the only change that can name a viewer, for the same viewer always the same change
     * @return the difference
     */
    public static ViewChanges of(List<ViewChange> changes, Function<NodeId, Optional<ViewChange>> finder) {
        Objects.requireNonNull(finder, "finder");
        ImmutableList<ViewChange> copy = Copies.list(changes, "changes");
        return copy.isEmpty() ? NONE : new ViewChanges(copy, finder);
    }

    /**
     * {@return the changes, ordered by the first viewer; viewers with the same change are in one of them, and no viewer
     * is in two}
     */
    public List<ViewChange> changes() {
        ImmutableList<ViewChange> known = sorted;
        if (known == null) {
            known = ImmutableList.sortedCopyOf(
                    Comparator.comparing(change -> change.viewers().first()), unsorted);
            sorted = known;
        }
        return known;
    }

    /** {@return whether all views are as before} */
    public boolean isEmpty() {
        return unsorted.isEmpty();
    }

    /** {@return all viewers whose view changed, in order; {@code O(viewers)}} */
    public SortedSet<NodeId> viewers() {
        ImmutableSortedSet.Builder<NodeId> viewers = ImmutableSortedSet.naturalOrder();
        unsorted.forEach(change -> viewers.addAll(change.viewers()));
        return viewers.build();
    }

    /**
     * Returns what changed for one viewer.
     *
     * @param viewer any node
     * @return the change only for this viewer, or empty if its view did not change; {@code O(log nodes)} for a
     *     difference of views
     */
    public Optional<ViewChange> of(NodeId viewer) {
        Objects.requireNonNull(viewer, "viewer");
        Optional<ViewChange> found = finder == null
                ? unsorted.stream()
                        .filter(change -> change.viewers().contains(viewer))
                        .findFirst()
                : finder.apply(viewer).filter(change -> change.viewers().contains(viewer));
        return found.map(change -> change.forViewer(viewer));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ViewChanges that && changes().equals(that.changes());
    }

    @Override
    public int hashCode() {
        return changes().hashCode();
    }

    /** {@return the changes for a person to read; lists everything} */
    @Override
    public String toString() {
        return changes().toString();
    }
}
