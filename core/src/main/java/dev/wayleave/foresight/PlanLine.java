package dev.wayleave.foresight;

import java.util.Objects;

/**
 * One sentence of a plan.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param kind what becomes of what it says
 * @param text the sentence, on one line; it holds names as they are, so that a terminal or a page makes control
 *     characters harmless
 */
public record PlanLine(Kind kind, String text) {

    public PlanLine {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
    }

    /** What becomes of what a line says. */
    public enum Kind {
        /** It would be lost. */
        LOST,
        /** It would go another way. */
        MOVED,
        /** It would be gained. */
        GAINED
    }
}
