package dev.wayleave.election;

import dev.wayleave.mesh.Health;
import java.util.Objects;

/**
 * The fitness of a candidate to carry a prefix, the best first; a better class always wins an election.
 *
 * <p>A class does not depend on whether the node's session is up: see {@link Candidate#isInGrace()}.
 */
public enum CandidateClass {
    /** Nothing speaks against it. */
    HEALTHY("is healthy"),
    /** It forwards, but is being relieved of its prefixes. */
    DRAINING("is draining"),
    /** A probe or a report found that it does not forward. */
    UNHEALTHY("was reported unhealthy"),
    /** Its key has expired: viewers cannot reach it until it is renewed. */
    KEY_EXPIRED("has an expired key");

    private final String text;

    CandidateClass(String text) {
        this.text = text;
    }

    /** {@return the class as words after a node's name, for example {@code was reported unhealthy}} */
    public String text() {
        return text;
    }

    /**
     * Returns the class of a node for a prefix: the worst that applies.
     *
     * @param keyExpired whether the node's key has expired
     * @param health what was last reported
     * @param draining whether the node is draining
     * @return the class
     */
    public static CandidateClass of(boolean keyExpired, Health health, boolean draining) {
        Objects.requireNonNull(health, "health");
        if (keyExpired) {
            return KEY_EXPIRED;
        }
        if (health == Health.UNHEALTHY) {
            return UNHEALTHY;
        }
        return draining ? DRAINING : HEALTHY;
    }

    /**
     * Returns whether this class wins over another.
     *
     * @param other any class
     * @return true if this one is strictly better
     */
    public boolean isBetterThan(CandidateClass other) {
        Objects.requireNonNull(other, "other");
        return compareTo(other) < 0;
    }
}
