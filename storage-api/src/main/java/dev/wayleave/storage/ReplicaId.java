package dev.wayleave.storage;

import dev.wayleave.mesh.NameRules;
import java.util.Objects;

/**
 * The host's name of one of its processes, among all processes that use one store. A process that starts again should
 * have the name that it had before: then it takes over its tailnets at once.
 *
 * @param value 1 to 200 characters without a {@link NameRules#flaw}
 */
public record ReplicaId(String value) implements Comparable<ReplicaId> {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it has a {@link NameRules#flaw}
     */
    public ReplicaId {
        Objects.requireNonNull(value, "value");
        NameRules.check("replica id", value, NameRules.LONGEST_KEY);
    }

    @Override
    public int compareTo(ReplicaId other) {
        Objects.requireNonNull(other, "other");
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
