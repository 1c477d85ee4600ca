package dev.wayleave;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import dev.wayleave.row.RowChanges;
import java.util.List;
import java.util.Objects;

/**
 * What follows from a state, some submissions and the time.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param next the state afterwards
 * @param results one for each submission, in their order
 * @param events the events: first those of the submissions, in their order; then those of nodes that came or went; then
 *     those of prefixes, in their order
 * @param rowChanges the rows to write
 * @param touched the nodes and prefixes whose views may have changed
 */
public record Step(
        RoutingState next,
        List<SubmissionResult> results,
        List<RouteEvent> events,
        RowChanges rowChanges,
        TouchedKeys touched) {

    public Step {
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(rowChanges, "rowChanges");
        Objects.requireNonNull(touched, "touched");
        results = Copies.list(results, "results");
        events = Copies.list(events, "events");
    }
}
