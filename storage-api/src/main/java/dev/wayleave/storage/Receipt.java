package dev.wayleave.storage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import dev.wayleave.Origin;
import dev.wayleave.RouteEvent;
import dev.wayleave.Submission;
import dev.wayleave.SubmissionResult;
import java.util.ArrayList;
import java.util.List;
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
        events = ImmutableList.copyOf(events);
    }

    /** Those of all submissions of a step, which looks at each event once: submissions of one origin share one list. */
    static List<Receipt> of(
            Revision revision, List<Submission> submissions, List<SubmissionResult> results, List<RouteEvent> events) {
        ImmutableListMultimap<Origin, RouteEvent> byOrigin = Multimaps.index(events, RouteEvent::origin);
        List<Receipt> receipts = new ArrayList<>(submissions.size());
        for (int i = 0; i < submissions.size(); i++) {
            Submission submission = submissions.get(i);
            Origin origin = new Origin(Optional.of(submission.actor()), submission.correlationId());
            receipts.add(new Receipt(revision, results.get(i), byOrigin.get(origin)));
        }
        return receipts;
    }
}
