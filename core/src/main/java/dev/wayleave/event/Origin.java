package dev.wayleave.event;

import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import java.util.Objects;
import java.util.Optional;

/**
 * Whose submission led to an event.
 *
 * <p>Immutable and safe for use by several threads. Where several submissions of one step concern one prefix, the last
 * of them is named.
 *
 * @param actor who handed it in; empty for what the passing of time did
 * @param correlationId the text that came with it
 */
public record Origin(Optional<Actor> actor, Optional<String> correlationId) {

    public Origin {
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(correlationId, "correlationId");
    }

    private static final Origin TIME = new Origin(Optional.empty(), Optional.empty());

    /**
     * Returns the origin of what the passing of time did.
     *
     * @return no actor
     */
    public static Origin time() {
        return TIME;
    }

    /**
     * Returns the origin of what a submission asked for.
     *
     * @param submission the submission
     * @return its actor and the text that came with it
     */
    public static Origin of(Submission submission) {
        Objects.requireNonNull(submission, "submission");
        return new Origin(Optional.of(submission.actor()), submission.correlationId());
    }
}
