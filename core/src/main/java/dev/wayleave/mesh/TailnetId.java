package dev.wayleave.mesh;

import java.util.Objects;

/**
 * The host's own key of a tailnet; opaque to this library. Two tailnets share nothing, and equal prefixes in two of
 * them never meet.
 *
 * @param value 1 to 200 characters without a {@link NameRules#flaw}
 */
public record TailnetId(String value) implements Comparable<TailnetId> {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it has a {@link NameRules#flaw}
     */
    public TailnetId {
        Objects.requireNonNull(value, "value");
        NameRules.check("tailnet id", value, NameRules.LONGEST_KEY);
    }

    @Override
    public int compareTo(TailnetId other) {
        Objects.requireNonNull(other, "other");
        return value.compareTo(other.value);
    }

    /** {@return the text as the host gave it} */
    @Override
    public String toString() {
        return value;
    }
}
