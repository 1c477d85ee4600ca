package dev.wayleave;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.math.LongMath;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.election.Candidate;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.internal.SortedPairs;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.SessionRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Steps of the host's wall clock. A step of the state machine puts the state on the new clock first, and decides
 * everything else on that:
 *
 * <pre>
 *   old clock   ──── heard 11:58 ──── now 12:00 ──── grace ends 12:00:10 ──── key expires 12:30 ────►
 *                        │                │                 │                        (a date)
 *                     + 1 h            + 1 h             + 1 h                          │
 *                        ▼                ▼                 ▼                           ▼
 *   new clock   ──── heard 12:58 ──── now 13:00 ──── grace ends 13:00:10 ────     expired at 12:30
 * </pre>
 *
 * <p>The stored times of absent routers and ephemeral nodes are shifted too, and their rows are written. Where several
 * processes share the tailnet, each of them submits the step of their common clock. So stored times stay, and each
 * process shifts what only it knows: when it last heard its own nodes, and since when they have sessions that no row
 * has. After a step ahead a running grace ends early. After a step back it would end late; therefore such a grace
 * begins again.
 */
final class ClockStepCommand {

    private ClockStepCommand() {}

    /** Whether a submission is a step of the clock that is not refused: that depends on nothing but itself. */
    static boolean isStep(Submission submission) {
        return submission.commands().size() == 1
                && submission.commands().get(0) instanceof Command.StepClock step
                && isAllowed(step);
    }

    private static boolean isAllowed(Command.StepClock step) {
        // not by the absolute value: the most negative duration has none
        return step.by().compareTo(Command.StepClock.MOST) <= 0
                && step.by().compareTo(Command.StepClock.MOST.negated()) >= 0;
    }

    /** By how many milliseconds the clock was stepped, by all steps among the submissions together. */
    static long sum(List<Submission> submissions) {
        long sum = 0;
        for (Submission submission : submissions) {
            sum = LongMath.saturatedAdd(sum, millis(submission));
        }
        return sum;
    }

    /** By how many milliseconds the clock was stepped by a submission: 0 if it is anything else. */
    static long millis(Submission submission) {
        return isStep(submission)
                ? ((Command.StepClock) submission.commands().get(0)).by().toMillis()
                : 0;
    }

    /** Checks a step of the clock, and adds its event: the timers were shifted before. */
    static @Nullable Problem apply(StateBuilder builder, int index, Command.StepClock step, boolean alone) {
        if (!alone) {
            return new Problem.ClockStepNotAlone(index);
        }
        if (!isAllowed(step)) {
            return new Problem.ClockStepTooLong(index, step.by(), Command.StepClock.MOST);
        }
        Duration by = Duration.ofMillis(step.by().toMillis());
        if (!by.isZero()) {
            builder.happened(new RouteEvent.ClockStepped(builder.origin(), by));
            renewKeys(builder);
        }
        return null;
    }

    /** Keys that have expired only by a clock that was ahead are valid again. */
    private static void renewKeys(StateBuilder builder) {
        for (NodeState node : List.copyOf(builder.fields.nodes.values())) {
            if (node.isKeyExpired() && !node.withKeyAt(builder.now).isKeyExpired()) {
                builder.put(node);
            }
        }
    }

    /** The state on the new clock: every running timer is shifted, and dates stay. */
    static RoutingState shifted(RoutingState state, long by) {
        if (by == 0) {
            return state;
        }
        StateFields fields = state.fields.copy();
        List<NodeState> nodes = new ArrayList<>(fields.nodes.size());
        TreeMap<NodeId, NodeRow> repairs = new TreeMap<>(fields.repairs.nodes());
        TreeSet<Deadline> deadlines = new TreeSet<>();
        boolean isShared = fields.sessions.self() != null;
        long now = Times.shifted(state.now, by);
        for (NodeState node : fields.nodes.values()) {
            NodeState shifted = isShared
                    ? node.shiftedWhereShared(by, now, isSessionStored(node, fields.repairs.nodes()))
                    : node.shifted(by);
            nodes.add(shifted);
            if (!shifted.hasSameAbsence(node)) {
                repairs.putIfAbsent(node.id(), node.row());
            }
            long due = shifted.due(fields.settings);
            if (due != Deadline.NEVER) {
                deadlines.add(new Deadline(due, shifted.id()));
            }
        }
        fields.nodes = TreePMap.fromSortedMap(SortedPairs.of(nodes, NodeState::id));
        fields.deadlines = TreePSet.fromSortedSet(deadlines);
        fields.heard = fields.heard.shifted(by);
        fields.repairs = new StateFields.Repairs(fields.repairs.prefixes(), ImmutableSortedMap.copyOfSorted(repairs));
        if (!isShared) {
            shiftRoutes(fields, by);
        }
        return new RoutingState(fields, Times.shifted(state.now, by));
    }

    /** Whether the store has the live session of a node: in the row of the state, or in one that the state repairs. */
    private static boolean isSessionStored(NodeState node, Map<NodeId, NodeRow> repairs) {
        NodeRow repaired = repairs.get(node.id());
        NodeRow row = repaired == null ? node.row() : repaired;
        return row.session().flatMap(SessionRow::session).equals(node.session());
    }

    private static void shiftRoutes(StateFields fields, long by) {
        // the prefixes of a node share one candidate, before and after
        IdentityHashMap<Candidate, Candidate> candidates = new IdentityHashMap<>();
        List<RouteState> routes = new ArrayList<>(fields.routes.size());
        TreeSet<StateFields.FailBackDeadline> failBacks = new TreeSet<>();
        for (RouteState route : fields.routes.values()) {
            ImmutableList.Builder<Candidate> shifted =
                    ImmutableList.builderWithExpectedSize(route.candidates().size());
            for (Candidate candidate : route.candidates()) {
                shifted.add(candidates.computeIfAbsent(candidate, old -> shifted(old, by)));
            }
            RouteState next = route.shifted(shifted.build(), by);
            routes.add(next);
            if (next.failBackAt() != Deadline.NEVER) {
                failBacks.add(new StateFields.FailBackDeadline(next.failBackAt(), next.prefix()));
            }
        }
        fields.routes = TreePMap.fromSortedMap(SortedPairs.of(routes, RouteState::prefix));
        fields.failBacks = TreePSet.fromSortedSet(failBacks);
    }

    /** {@code steadySince} is not used during grace. */
    private static Candidate shifted(Candidate candidate, long by) {
        return candidate.isInGrace()
                ? candidate
                : candidate.toBuilder()
                        .steadySince(Times.shifted(candidate.steadySince(), by))
                        .build();
    }
}
