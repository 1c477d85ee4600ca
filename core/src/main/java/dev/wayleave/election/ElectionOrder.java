package dev.wayleave.election;

/**
 * The order of two candidates of one class, where the incumbent's privilege does not decide. Priorities are set for a
 * node, or for a node and a prefix, by {@code RoutingSettingsBuilder.priority}; {@code CandidateOrder.compare}
 * implements both orders.
 */
public enum ElectionOrder {
    /**
     * The higher priority, then the earlier registration, then the lower number. Recorded tailnets show the earlier
     * registration ({@code peers.md} §4.4).
     */
    PRIORITY_REGISTERED_ID,
    /** The lower number; priorities and dates are ignored (Headscale; {@code headscale-routes.md} §4.3). */
    LOWEST_ID
}
