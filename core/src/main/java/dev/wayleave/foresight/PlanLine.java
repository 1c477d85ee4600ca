package dev.wayleave.foresight;

import java.util.Objects;

/**
 * One change of a plan, in words.
 *
 * @param kind whether it is a loss, a gain or neither
 * @param text the change, on one line; it holds names as they are, so that a terminal or a page makes control
 *     characters harmless
 */
public record PlanLine(Kind kind, String text) {

    public PlanLine {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
    }

    /** The kind of a change: a loss, a gain or neither. */
    public enum Kind {
        /** Something is lost. */
        LOST,
        /** Another node carries a prefix, for some viewers or for the tailnet. */
        MOVED,
        /** Something is gained. */
        GAINED,
        /** Nothing is lost or gained by it: a drain begins, or an approval waits for the advertisement. */
        CHANGED
    }
}
