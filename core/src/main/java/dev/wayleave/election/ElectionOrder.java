package dev.wayleave.election;

/**
 * Which facts order two candidates of one class, where the incumbent's privilege does not decide.
 * {@link CandidateOrder} compares them, and lists what a new criterion, such as a weight, needs.
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
    LOWEST_ID
}
