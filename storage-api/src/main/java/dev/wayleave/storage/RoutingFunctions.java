package dev.wayleave.storage;

import dev.wayleave.FollowedState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import java.time.Instant;
import java.util.List;

/** The pure functions that a turn calls; tests plant faults in them. */
interface RoutingFunctions {

    /** The functions of core. */
    RoutingFunctions OF_CORE = new RoutingFunctions() {};

    default Step step(RoutingState state, List<Submission> submissions, Instant now) {
        return Routing.step(state, submissions, now);
    }

    default FollowedState follow(RoutingState state, RowChanges changes, Instant now) {
        return Routing.follow(state, changes, now);
    }

    default RoutingState reload(RoutingState state, StateRows rows, Instant now) {
        return state.reload(rows, now);
    }

    default Receipt receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {
        return new Receipt(revision, result, events);
    }
}
