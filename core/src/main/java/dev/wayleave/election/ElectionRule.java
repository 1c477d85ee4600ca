package dev.wayleave.election;

import java.util.Objects;

/**
 * The settings of a tailnet for elections. {@link PrimaryElection} applies them. Priorities are set by {@code
 * RoutingSettingsBuilder.priority} and compared by {@code CandidateOrder}, which lists what a new criterion
 * needs.
 *
 * @param order who goes first within a class
 * @param failBack whether the first may take a prefix from an incumbent of its class
 * @param offline what becomes of a prefix whose candidates are all gone
 */
public record ElectionRule(ElectionOrder order, FailBack failBack, OfflineRule offline) {

    public ElectionRule {
        Objects.requireNonNull(order, "order");
        Objects.requireNonNull(failBack, "failBack");
        Objects.requireNonNull(offline, "offline");
    }

    /** Priority, then registration date, then number; no fail-back; a prefix without candidates is unserved. */
    public static final ElectionRule DEFAULT =
            new ElectionRule(ElectionOrder.PRIORITY_REGISTERED_ID, FailBack.never(), OfflineRule.WITHDRAW);
}
