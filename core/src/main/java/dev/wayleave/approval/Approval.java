package dev.wayleave.approval;

import java.time.Instant;
import java.util.Objects;

/**
 * The word that a node may carry a route.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param by whose word it is
 * @param at when it was given
 */
public record Approval(Approver by, Instant at) {

    /**
     * Refuses null.
     *
     * @param by whose word it is
     * @param at when it was given
     */
    public Approval {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
    }
}
