package dev.wayleave.event;

import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The submission that led to an event, or that time passed.
 *
 * <p>Where several submissions of one step concern one prefix, the last of them is named.
 *
 * @param actorOrNull the actor of the submission; null if the event happened because time passed
 * @param correlationIdOrNull the correlation id of the submission; null if it has none
 */
public record Origin(@Nullable Actor actorOrNull, @Nullable String correlationIdOrNull) {

    private static final Origin TIME = new Origin(null, null);

    /** {@return the actor of the submission; empty if the event happened because time passed} */
    public Optional<Actor> actor() {
        return Optional.ofNullable(actorOrNull);
    }

    /** {@return the correlation id of the submission; empty if it has none} */
    public Optional<String> correlationId() {
        return Optional.ofNullable(correlationIdOrNull);
    }

    /** {@return the origin of events that happen because time passed} */
    public static Origin time() {
        return TIME;
    }

    /**
     * Returns the origin of what a submission asked for.
     *
     * @param submission the submission
     * @return its actor and its correlation id
     */
    public static Origin of(Submission submission) {
        Objects.requireNonNull(submission, "submission");
        return new Origin(submission.actor(), submission.correlationIdOrNull());
    }
}
