package dev.wayleave.mesh;

import java.util.Objects;

/**
 * The process that has control sessions of a tailnet, among several that share it: the host's key of one start of it. A
 * process that starts again is another holder, because its sessions are gone.
 *
 * @param value 1 to 200 characters
 */
public record SessionHolder(String value) implements Comparable<SessionHolder> {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it has a {@link NameRules#flaw}
     */
    public SessionHolder {
        Objects.requireNonNull(value, "value");
        NameRules.check("session holder", value, NameRules.LONGEST_KEY);
    }

    @Override
    public int compareTo(SessionHolder other) {
        Objects.requireNonNull(other, "other");
        return value.compareTo(other.value);
    }

    /** {@return the text as the host gave it} */
    @Override
    public String toString() {
        return value;
    }
}
