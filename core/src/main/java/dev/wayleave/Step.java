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
 * @param events what happened: what the submissions said, in their order; then what became of nodes; then what became
 *     of prefixes, in their order
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
