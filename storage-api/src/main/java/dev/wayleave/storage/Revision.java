package dev.wayleave.storage;

import java.util.Objects;

/**
 * The number of a commit of a tailnet.
 *
 * <p>Revisions are dense: the first commit of a tailnet makes revision 1, and each later commit makes the next number.
 *
 * @param value 0 for a tailnet that is not stored yet, else 1 or more
 */
public record Revision(long value) implements Comparable<Revision> {

    /** The revision of a tailnet that is not stored: the one that its first commit expects. */
    public static final Revision NONE = new Revision(0);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Revision {
        if (value < 0) {
            throw new IllegalArgumentException("revision `" + value + "` is negative: the first one is 1");
        }
    }

    /** {@return the revision that a commit on top of this revision makes: the next number} */
    public Revision next() {
        return new Revision(value + 1);
    }

    @Override
    public int compareTo(Revision other) {
        Objects.requireNonNull(other, "other");
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
