package dev.wayleave.event;

import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose submission led to an event.
 *
 * <p>Where several submissions of one step concern one prefix, the last of them is named.
 *
 * @param actorOrNull who handed it in; null for what the passing of time did
 * @param correlationIdOrNull the text that came with it; null if none did
 */
public record Origin(@Nullable Actor actorOrNull, @Nullable String correlationIdOrNull) {

    private static final Origin TIME = new Origin(null, null);

    /** {@return who handed it in; empty for what the passing of time did} */
    public Optional<Actor> actor() {
        return Optional.ofNullable(actorOrNull);
    }

    /** {@return the text that came with it; empty if none did} */
    public Optional<String> correlationId() {
        return Optional.ofNullable(correlationIdOrNull);
    }

    /** {@return the origin of what the passing of time did} */
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
        return new Origin(submission.actor(), submission.correlationIdOrNull());
    }
}
