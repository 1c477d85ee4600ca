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

/**
 * The answer to a submission, after it is stored.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param revision the revision at which its answer is true; unchanged if it changed nothing that is stored
 * @param result accepted, or refused with all problems
 * @param events the events of its step with its actor and correlation id as their origin. Where several submissions of
 *     one step concern one prefix, the event of the election belongs to the last of them. Two submissions of one actor
 *     in one step without correlation ids of their own get the events of both
 */
public record Receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {

    /** Copies the events. */
    public Receipt {
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(result, "result");
        events = Copies.list(events, "events");
    }

    /** Groups the events of a step by their origin, in one pass. */
    static ImmutableListMultimap<Origin, RouteEvent> byOrigin(List<RouteEvent> events) {
        return Multimaps.index(events, RouteEvent::origin);
    }

    /** {@return the origin of the events that follow from a submission} */
    static Origin origin(Submission submission) {
        return new Origin(submission.actor(), submission.correlationId().orElse(null));
    }
}
