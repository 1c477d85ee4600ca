package dev.wayleave.storage;

import java.util.Comparator;
import java.util.Objects;

/**
 * The place of an event among the events of its tailnet. Its order is that of the events: by revision, then by ordinal.
 *
 * <p>A position is unique in one life of a tailnet: a tailnet that was deleted and made again uses the same positions
 * again.
 *
 * @param revision the revision that the event's commit made
 * @param ordinal the place of the event in its commit, from 0
 */
public record EventPosition(Revision revision, int ordinal) implements Comparable<EventPosition> {

    /** Before the first event of every tailnet. */
    public static final EventPosition START = new EventPosition(Revision.NONE, 0);

    /** After the last event of every tailnet. */
    public static final EventPosition END = new EventPosition(new Revision(Long.MAX_VALUE), Integer.MAX_VALUE);

    private static final Comparator<EventPosition> ORDER =
            Comparator.comparing(EventPosition::revision).thenComparingInt(EventPosition::ordinal);

    /**
     * Checks the ordinal.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public EventPosition {
        Objects.requireNonNull(revision, "revision");
        if (ordinal < 0) {
            throw new IllegalArgumentException("ordinal `" + ordinal + "` is negative: the first one is 0");
        }
    }

    @Override
    public int compareTo(EventPosition other) {
        Objects.requireNonNull(other, "other");
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return revision + "." + ordinal;
    }
}
