package dev.wayleave.election;

/** Which of two candidates of one class goes first, where the incumbent's privilege does not decide. */
public enum ElectionOrder {
    /**
     * The higher priority, then who registered first, then the lower number (who registered first is what recorded
     * tailnets show; {@code peers.md} §4.4).
     */
    PRIORITY_REGISTERED_ID,
    /** The lower number; priorities and dates are ignored (Headscale; {@code headscale-routes.md} §4.3). */
    LOWEST_ID
}
