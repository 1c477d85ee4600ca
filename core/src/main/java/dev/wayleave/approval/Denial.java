package dev.wayleave.approval;

import dev.wayleave.mesh.Actor;
import java.time.Instant;
import java.util.Objects;

/**
 * An administrator's word that a node may not carry a route; no auto-approval and no import overrides it.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param by the administrator
 * @param at when it was given
 */
public record Denial(Actor by, Instant at) {

    /**
     * Refuses null.
     *
     * @param by the administrator
     * @param at when it was given
     */
    public Denial {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
    }
}
