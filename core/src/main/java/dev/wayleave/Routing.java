package dev.wayleave;

import com.google.common.collect.ImmutableList;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePSet;

/**
 * The state machine of a tailnet's routes.
 *
 * <p>Pure functions, safe for use by several threads; nothing blocks. The same state, submissions and time give the same
 * step, byte for byte, on every machine.
 */
public final class Routing {

    private Routing() {}

    /**
     * Takes the submissions in, lets time pass, and elects once.
     *
     * <ol>
     *   <li><b>Submissions</b>, in their order, each all or not at all. Old news is outweighed by what is heard now: a
     *       node that connects or is heard at this step is online, even if its grace or silence would have ended before.
     *   <li><b>Time</b>: whatever is due by {@code now} happens as of the moment when it was due.
     *   <li><b>One election</b> for each prefix that was touched, on what is left in the end. The incumbent is the
     *       primary at the start of the step; nothing in between is seen by anybody.
     * </ol>
     *
     * <p>A step costs what it touches, {@code O(log n)} for each node and prefix, not what the tailnet holds; users,
     * policy and settings touch all nodes.
     *
     * @param state what is known
     * @param submissions what callers handed in since, in the order in which it applies; none lets time pass
     * @param now the time, cut to whole milliseconds; one earlier than the state's is taken as the state's
     * @return what follows
     */
    public static Step step(RoutingState state, List<Submission> submissions, Instant now) {
        long at = Math.max(state.now, Times.millis(now));
        Step heard = Hearing.step(state, submissions, at);
        if (heard != null) {
            return heard;
        }
        Transition transition = new Transition(state, at);
        SubmissionResult[] results = new SubmissionResult[submissions.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = Applying.apply(transition, submissions.get(i));
        }
        Passing.pass(transition);
        List<RouteEvent> events = elect(transition);
        RoutingState next = transition.finish();
        return Changes.step(transition, next, ImmutableList.copyOf(results), events);
    }

    /**
     * Says why a node carries a prefix, or does not. {@code O(log n)}, and the holders of the prefix; {@code O(n)} for an
     * exit route.
     *
     * @param state what is known
     * @param node the node that is asked about
     * @param prefix a subnet or exit route, known or not
     * @return every holder and the one reason that decided; empty if the tailnet has no such node
     */
    public static Optional<Explanation> explain(RoutingState state, NodeId node, Prefix prefix) {
        return state.node(node).map(about -> Explaining.explain(state, about, prefix));
    }

    /**
     * Says why a viewer is told of a prefix, or is not. {@code O(log n + rules)} for each holder of the prefix; {@code
     * O(n)} more for an exit route.
     *
     * @param views what every viewer is told
     * @param viewer the node that is asked about
     * @param prefix a subnet or exit route, known or not
     * @return every holder and the one reason that decided; empty if the tailnet has no such node
     */
    public static Optional<ViewExplanation> explain(RoutingViews views, NodeId viewer, Prefix prefix) {
        return views.visibility().viewer(viewer).map(told -> Explaining.explain(views.state(), told, prefix));
    }

    private static List<RouteEvent> elect(Transition transition) {
        Notes notes = transition.kept();
        transition.unsettled = TreePSet.empty();
        transition.unsaved = TreePSet.empty();
        transition.unsavedNodes = TreePSet.empty();
        List<RouteEvent> events = notes == null ? new ArrayList<>(0) : notes.events;
        if (notes != null) {
            notes.liveness.forEach((node, cause) -> addLiveness(transition, node, cause, events));
        }
        Electing electing = new Electing(transition, events);
        for (RouteEdits.Edit edit : transition.toElect()) {
            electing.elect(edit);
        }
        return events;
    }

    private static void addLiveness(Transition transition, NodeId id, Notes.Cause cause, List<RouteEvent> events) {
        NodeState is = transition.nodes.get(id);
        NodeState was = transition.before.nodes.get(id);
        Liveness before = was == null || transition.wasRemoved(id) ? Liveness.OFFLINE : was.liveness();
        if (is == null || is.liveness() == before) {
            return;
        }
        switch (is.liveness()) {
            case ONLINE -> events.add(new RouteEvent.NodeOnline(cause.origin(), id, cause.reason()));
            case GRACE ->
                events.add(new RouteEvent.NodeInGrace(
                        cause.origin(), id, is.graceUntil().orElseThrow(), cause.reason()));
            case OFFLINE -> events.add(new RouteEvent.NodeOffline(cause.origin(), id, cause.reason()));
        }
    }
}
