package dev.wayleave.storage;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import java.time.Instant;
import java.util.List;

/** The pure functions that a turn calls; tests plant faults in them. */
interface RoutingFunctions {

    /** The functions of core. */
    RoutingFunctions OF_CORE = new RoutingFunctions() {};

    default Step step(RoutingState state, List<Submission> submissions, Instant now) {
        return Routing.step(state, submissions, now);
    }

    default Receipt receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {
        return new Receipt(revision, result, events);
    }
}
