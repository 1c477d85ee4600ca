package dev.wayleave.mesh;

import java.util.Objects;

/**
 * The number of a node, unique in its tailnet; where nothing else decides between two nodes, the lower number does.
 *
 * @param value a positive number
 */
public record NodeId(long value) implements Comparable<NodeId> {

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public NodeId {
        if (value <= 0) {
            throw new IllegalArgumentException("node id " + value + " is not positive");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        Objects.requireNonNull(other, "other");
        return Long.compare(value, other.value);
    }

    /** {@return the number in decimal, for example {@code 17}} */
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
