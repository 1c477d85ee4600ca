package dev.wayleave.storage;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one submission, after it is stored.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param revision the revision at which its answer is true; unchanged if it changed nothing that is stored
 * @param result accepted, or refused with all problems
 * @param events what it led to: of the step that took it, the events with its actor and correlation id as their origin.
 *     Where several submissions of one step concern one prefix, the election's event is the last one's. Without a
 *     correlation id of its own a submission cannot be told from another one of the same actor in the same step
 */
public record Receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {

    /**
     * Copies the events.
     *
     * @param revision the revision at which its answer is true; unchanged if it changed nothing that is stored
     * @param result accepted, or refused with all problems
     * @param events what it led to
     */
    public Receipt {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(result, "result");
        events = Copies.list(events, "events");
    }

    /** The events of a step by what led to them, which looks at each event once. */
    static ImmutableListMultimap<Origin, RouteEvent> byOrigin(List<RouteEvent> events) {
        return Multimaps.index(events, RouteEvent::origin);
    }

    /** What the events that a submission led to have as their origin. */
    static Origin origin(Submission submission) {
        return new Origin(Optional.of(submission.actor()), submission.correlationId());
    }
}
