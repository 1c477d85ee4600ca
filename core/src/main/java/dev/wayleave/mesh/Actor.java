package dev.wayleave.mesh;

import java.util.Objects;

/**
 * The party that gave an order: the host's own text for an administrator, a token, a job; opaque to this library.
 *
 * <p>Ordered by text.
 *
 * @param value 1 to 200 characters without a {@link NameRules#flaw}
 */
public record Actor(String value) implements Comparable<Actor> {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it has a {@link NameRules#flaw}
     */
    public Actor {
        Objects.requireNonNull(value, "value");
        NameRules.check("actor", value, NameRules.LONGEST_KEY);
    }

    @Override
    public int compareTo(Actor other) {
        Objects.requireNonNull(other, "other");
        return value.compareTo(other.value);
    }

    /** {@return the text as the host gave it, for example {@code alice@example.com}} */
    @Override
    public String toString() {
        return value;
    }
}
