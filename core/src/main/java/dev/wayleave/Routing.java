package dev.wayleave;

import com.google.common.collect.ImmutableList;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.ClockStepDetector;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.Outcome;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.visibility.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a tailnet's routes.
 *
 * <p>Pure functions: the same state, submissions and time give the same step, byte for byte, on every machine.
 */
public final class Routing {

    private Routing() {}

    /**
     * Applies the submissions, runs the timers that are due, and elects each touched prefix once. If a submission
     * reports that the host's clock was stepped, all timers are moved to the new clock first.
     *
     * <ol>
     *   <li><b>Steps of the clock</b> ({@link Command.StepClock}), at any place in the list: the timers of the state
     *       are shifted to the clock that {@code now} is read from.
     *   <li><b>Submissions</b>, in their order, each all or not at all. A connect or keep-alive in this step is applied
     *       before timers expire: the node is online, even if its grace or its silence limit passed before this step.
     *   <li><b>Timers</b>: each timer that is due by {@code now} takes effect at the time at which it was due.
     *   <li><b>One election</b> for each touched prefix, among the candidates at the end of the step. The incumbent is
     *       the primary at the start of the step, if it still holds the prefix and was not removed in the step. No view
     *       and no event shows the states in between.
     * </ol>
     *
     * <p><b>Clocks.</b> {@code now} is the host's wall clock. Where that is set to another time, hand in
     * {@link Command.StepClock} with the first step on the new clock; {@link ClockStepDetector} notices it. Without
     * that, a clock that goes ahead ends every grace and silences every session at once: all routers count as offline.
     * After a clock that goes back, {@code now} is taken as the state's time until it has caught up: nothing falls due,
     * and a router that dies in the meantime keeps what it carries. A keep-alive before a clock step in the list uses
     * the old clock, and is shifted with it; one after it uses the new clock.
     *
     * <p>A step costs what it touches, {@code O(log n)} for each node and prefix, not what the tailnet holds; users,
     * policy, settings and steps of the clock touch all nodes. A step with only keep-alives takes a shorter way (the
     * package-private {@code KeepAliveStep}) with the same result: it changes only when nodes were last heard.
     *
     * @param state what is known
     * @param submissions what callers submitted since, in the order in which they apply; an empty list only lets time
     *     pass
     * @param now the time, cut to whole milliseconds; one earlier than the state's is taken as the state's. On
     *     the new clock, if the submissions have a step of the clock
     * @return what follows
     */
    public static Step step(RoutingState state, List<Submission> submissions, Instant now) {
        return step(state, submissions, now, true);
    }

    /**
     * Takes a step again that was taken before. Works like {@link #step}, except that no policy is refused because of
     * its own tests: these were evaluated when the policy was set, perhaps by another version.
     *
     * @param state what was known
     * @param submissions what callers submitted; none with a policy that was refused because of its tests
     * @param now the time of the step
     * @return what follows
     */
    public static Step replay(RoutingState state, List<Submission> submissions, Instant now) {
        return step(state, submissions, now, false);
    }

    /**
     * Brings a state up to rows that another process changed, without reading the rows that did not change. The state
     * is the one that {@link RoutingState#reload(StateRows, Instant) reload} makes of all rows: the durable part is
     * that of the rows, with the primaries that they name; sessions, health and timers are this state's. Nothing is
     * elected and nothing is approved here. The next step does what is still open, such as electing a missing primary.
     *
     * <p>The cost grows with the rows that changed and the routes of their nodes, {@code O(log n)} for each. Users
     * that were deleted cost one look at each node, other users and another policy what it costs to read these. Other
     * settings cost what {@code reload} does.
     *
     * @param state what is known
     * @param changes every row that differs between the rows of this state and those to follow, perhaps of several
     *     commits
     * @param now from when on nodes that are new here are absent, and have their grace; one earlier than the state's
     *     is taken as the state's. The state stays true up to its own time, as after a reload
     * @return the state afterwards, and what the changes touched
     * @throws ContradictingRowsException as {@link RoutingState#restore} does; the state is as it was
     * @throws IllegalArgumentException if the changes have the row of another tailnet
     */
    public static FollowedState follow(RoutingState state, RowChanges changes, Instant now) {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(changes, "changes");
        Objects.requireNonNull(now, "now");
        return StateFollower.follow(state, changes, now);
    }

    private static Step step(
            RoutingState state, List<Submission> submissions, Instant now, boolean evaluatesPolicyTests) {
        Objects.requireNonNull(state, "state");
        Copies.refuseNull(submissions, "submissions");
        Objects.requireNonNull(now, "now");
        long millis = Times.millis(now);
        Step keepAlives = KeepAliveStep.step(state, submissions, Math.max(state.now, millis));
        if (keepAlives != null) {
            return keepAlives;
        }
        long clockShift = ClockStepCommand.sum(submissions);
        RoutingState onNewClock = ClockStepCommand.shifted(state, clockShift);
        StateBuilder builder = new StateBuilder(onNewClock, Math.max(onNewClock.now, millis), evaluatesPolicyTests);
        List<SubmissionResult> results = apply(builder, submissions, clockShift);
        Timers.pass(builder);
        StepLog log = builder.log();
        PrimaryElections.Results elected =
                PrimaryElections.elect(builder, builder.edits.toElect(onNewClock.fields.repairs.prefixes()));
        List<RouteEvent> events = events(builder, log, elected.events());
        RoutingState next = builder.finish(elected.prefixes(), StateFields.Repairs.NONE);
        RowDiff rows = new RowDiff(onNewClock, next, log, elected.prefixes());
        RowChanges changes = rows.changes();
        return new Step(next.withRowsWritten(changes), results, events, changes, rows.touched());
    }

    /**
     * Applies the submissions that step the clock first, then the rest. The timers were shifted before: a step of the
     * clock only adds its event, and makes keys valid again that had expired on the old clock. The results are in the
     * order of the list.
     */
    private static List<SubmissionResult> apply(StateBuilder builder, List<Submission> submissions, long clockShift) {
        @Nullable SubmissionResult[] results = new SubmissionResult[submissions.size()];
        for (int i = 0; i < results.length; i++) {
            if (ClockStepCommand.isStep(submissions.get(i))) {
                results[i] = CommandApplier.apply(builder, submissions.get(i), 0);
            }
        }
        // a keep-alive is shifted by the steps that come after it in the list
        long laterShift = clockShift;
        for (int i = 0; i < results.length; i++) {
            laterShift -= ClockStepCommand.millis(submissions.get(i));
            if (results[i] == null) {
                results[i] = CommandApplier.apply(builder, submissions.get(i), laterShift);
            }
        }
        return ImmutableList.copyOf(results);
    }

    /**
     * Explains why a node carries a prefix, or does not. {@code O(nodes + prefixes)}; {@link #review} and
     * {@link #election} answer a part of it for less.
     *
     * @param state what is known
     * @param node the node that is asked about
     * @param prefix a subnet or exit route, known or not
     * @return every holder and the one reason that decided; empty if the tailnet has no such node
     */
    public static Optional<RouteExplanation> explain(RoutingState state, NodeId node, Prefix prefix) {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(prefix, "prefix");
        return state.node(node).map(new Explainer(state, prefix)::explain);
    }

    /**
     * Answers whether a node may carry a prefix, and why: why a route is approved, or why not. {@code O(log n)}, and
     * the approvers of the keys that cover the prefix.
     *
     * @param state what is known
     * @param node the node that is asked about
     * @param prefix a subnet or exit route, known or not
     * @return the verdict; empty if the tailnet has no such node
     */
    public static Optional<Verdict> review(RoutingState state, NodeId node, Prefix prefix) {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(prefix, "prefix");
        return state.node(node).map(new Explainer(state, prefix)::verdict);
    }

    /**
     * Explains why a prefix has its primary, or none. {@code O(holders)}.
     *
     * @param state what is known
     * @param prefix a subnet prefix, known or not
     * @return the outcome of an election that is held now; empty for an exit route, and for a prefix that is effective
     *     nowhere
     */
    public static Optional<Outcome> election(RoutingState state, Prefix prefix) {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(prefix, "prefix");
        return new Explainer(state, prefix).election();
    }

    /**
     * Returns the whole view of a viewer as one value. {@code O(peers + routes + rules)}.
     *
     * @param views the views of the tailnet
     * @param viewer the node whose view it is
     * @return the view; empty if the tailnet has no such node
     */
    public static Optional<View> view(RoutingViews views, NodeId viewer) {
        Objects.requireNonNull(views, "views");
        Objects.requireNonNull(viewer, "viewer");
        return views.viewer(viewer)
                .map(routes -> new View(
                        routes.self().node(),
                        routes.self().effective(),
                        routes.selfPrimary(),
                        routes.peers().stream()
                                .flatMap(peer -> views.state().node(peer).stream())
                                .map(peer -> new View.Peer(peer.facts(), peer.liveness(), routes.routes(peer.id())))
                                .toList(),
                        views.filter(viewer)));
    }

    /**
     * Explains why a viewer gets a route for a prefix, or does not. {@code O(log n + rules)} for each holder of the
     * prefix; {@code O(n)} more for an exit route.
     *
     * @param views the views of the tailnet
     * @param viewer the node that is asked about
     * @param prefix a subnet or exit route, known or not
     * @return every holder and the one reason that decided; empty if the tailnet has no such node
     */
    public static Optional<ViewExplanation> explain(RoutingViews views, NodeId viewer, Prefix prefix) {
        Objects.requireNonNull(views, "views");
        Objects.requireNonNull(prefix, "prefix");
        return views.viewer(viewer).map(new Explainer(views.state(), prefix)::explain);
    }

    /** All events of the step, in the order of {@link Step}. */
    private static List<RouteEvent> events(StateBuilder builder, StepLog log, List<RouteEvent> ofElections) {
        List<RouteEvent> events = new ArrayList<>(log.events);
        log.liveness.forEach((node, cause) -> addLiveness(builder, node, cause, events));
        events.addAll(ofElections);
        return events;
    }

    private static void addLiveness(StateBuilder builder, NodeId id, StepLog.Cause cause, List<RouteEvent> events) {
        NodeState current = builder.fields.nodes.get(id);
        NodeState previous = builder.before.fields.nodes.get(id);
        Liveness before = previous == null || builder.wasRemoved(id) ? Liveness.OFFLINE : previous.liveness();
        if (current == null || current.liveness() == before) {
            return;
        }
        switch (current.liveness()) {
            case ONLINE -> events.add(new RouteEvent.NodeOnline(cause.origin(), id, cause.reason()));
            case GRACE ->
                events.add(new RouteEvent.NodeInGrace(
                        cause.origin(), id, current.graceUntil().orElseThrow(), cause.reason()));
            case OFFLINE -> events.add(new RouteEvent.NodeOffline(cause.origin(), id, cause.reason()));
            case UNKNOWN -> {} // no event: another process may know the node's presence, which is not stored
        }
    }
}
