package dev.wayleave.approval;

import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Names;
import java.time.Instant;
import java.util.Objects;

/**
 * The decision that a node may carry a route.
 *
 * @param by who decided
 * @param at when
 */
public record Approval(Approver by, Instant at) {

    public Approval {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
    }

    /**
     * Prints who approved, and when.
     *
     * @param names how texts call nodes and entries of the policy
     * @return for example {@code by `ada` at 2026-01-01T00:00:00Z}
     */
    public String text(Names names) {
        Objects.requireNonNull(names, "names");
        return by.text(names) + (names.showsTimes() ? " at " + Texts.time(at) : "");
    }
}
