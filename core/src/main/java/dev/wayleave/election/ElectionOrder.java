package dev.wayleave.election;

import java.util.Objects;

/**
 * The facts that order two candidates of one class, where the incumbent's privilege does not decide. {@code
 * CandidateOrder} compares them, and lists what a new criterion, such as a weight, needs.
 *
 * <p>Priorities are set for a node, or for a node and a prefix, by {@code RoutingSettingsBuilder.priority}:
 * {@code RoutingSettings.DEFAULT.toBuilder().priority(node, prefix, 10)}.
 */
public enum ElectionOrder {
    /**
     * The higher priority, then the earlier registration (a node whose registration is not known goes last), then the
     * lower number. Without priorities this is the order
     * of Tailscale: of recorded tailnets the router that registered first was the primary.
     */
    PRIORITY_REGISTERED_ID,
    /** The lower number, as in Headscale; priorities and dates are ignored. */
    LOWEST_ID;

    /**
     * Compares two candidates of one class by the first criterion by which they differ, of those that this order reads.
     *
     * @param one a candidate
     * @param other another candidate
     * @return less than 0 if the first of the two goes first, more than 0 if the other does
     */
    public int compare(Candidate one, Candidate other) {
        Objects.requireNonNull(one, "one");
        Objects.requireNonNull(other, "other");
        return CandidateOrder.compare(one, other, this);
    }
}
