package dev.wayleave.approval;

import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import java.time.Instant;
import java.util.Objects;

/**
 * An administrator's word that a node may not carry a route; no auto-approval and no import overrides it. Why a route
 * is not approved: {@link Verdict}.
 *
 * @param by the administrator
 * @param at when it was given
 */
public record Denial(Actor by, Instant at) {

    public Denial {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
    }

    /**
     * Prints who denied, and when.
     *
     * @param names how texts call nodes and entries of the policy
     * @return for example {@code by `ada` at 2026-01-01T00:00:00Z}
     */
    public String text(Names names) {
        Objects.requireNonNull(names, "names");
        return "by `" + by + "`" + (names.showsTimes() ? " at " + Texts.time(at) : "");
    }
}
