package dev.wayleave.mesh;

import java.util.Objects;

/**
 * The host's own key of a user, unique in its tailnet; opaque to this library.
 *
 * @param value 1 to 200 characters without a {@link NameRules#flaw}
 */
public record UserId(String value) implements Comparable<UserId> {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it has a {@link NameRules#flaw}
     */
    public UserId {
        Objects.requireNonNull(value, "value");
        NameRules.check("user id", value, NameRules.LONGEST_KEY);
    }

    @Override
    public int compareTo(UserId other) {
        Objects.requireNonNull(other, "other");
        return value.compareTo(other.value);
    }

    /** {@return the text as the host gave it} */
    @Override
    public String toString() {
        return value;
    }
}
