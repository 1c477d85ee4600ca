package dev.wayleave;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.Copies;
import dev.wayleave.row.RowChanges;
import java.util.List;
import java.util.Objects;

/**
 * The result of a step: what follows from a state, some submissions and the time.
 *
 * @param next the state afterwards
 * @param results one for each submission, in their order
 * @param events the events, in this order:
 *     <ol>
 *       <li>what the submissions did: those that step the clock first, then the rest in their order;
 *       <li>what timers did, such as {@code NodeRemoved} for an idle node and {@code DrainEnded};
 *       <li>which nodes are now online, in grace or offline, in the order of their numbers;
 *       <li>the elections, in the order of the prefixes
 *     </ol>
 * @param rowChanges the rows to write
 * @param touched the nodes and prefixes whose change may change views
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
