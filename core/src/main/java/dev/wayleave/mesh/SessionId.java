package dev.wayleave.mesh;

import java.util.Objects;

/**
 * The host's own key of one control session of a node; opaque to this library.
 *
 * <p>A host gives every connection its own key, so that the library can distinguish the end of an old connection from
 * the end of the current one.
 *
 * @param value 1 to 200 characters
 */
public record SessionId(String value) {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it has a {@link NameRules#flaw}
     */
    public SessionId {
        Objects.requireNonNull(value, "value");
        NameRules.check("session id", value, NameRules.LONGEST_KEY);
    }

    /** {@return the text as the host gave it} */
    @Override
    public String toString() {
        return value;
    }
}
