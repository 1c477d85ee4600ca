package dev.wayleave.storage;

import com.google.common.collect.ImmutableList;
import dev.wayleave.RouteEvent;
import dev.wayleave.SubmissionResult;
import java.util.List;

/**
 * What became of one submission, after it is stored.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param revision the revision at which its answer is true; unchanged if it changed nothing that is stored
 * @param result accepted, or refused with all problems
 * @param events what happened in the step that took it: what this submission led to and, where several were taken at
 *     once, what the others did
 */
public record Receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {

    /**
     * Copies the events.
     *
     * @param revision the revision at which its answer is true; unchanged if it changed nothing that is stored
     * @param result accepted, or refused with all problems
     * @param events what happened in the step that took it
     */
    public Receipt {
        events = ImmutableList.copyOf(events);
    }
}
