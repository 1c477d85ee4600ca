package dev.wayleave;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Drain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The beginning and the end of a drain. */
final class DrainCommands {

    private DrainCommands() {}

    static @Nullable Problem begin(
            StateBuilder builder, Actor actor, int index, Command.DrainNode drain, NodeState node) {
        Instant until = drain.untilOrNull();
        if (until != null && Times.ceilingMillis(until) <= builder.now) {
            return new Problem.DrainOver(index, node.id(), until);
        }
        Drain current = node.drainOrNull();
        if (current != null && Objects.equals(current.untilOrNull(), until)) {
            return null;
        }
        SortedSet<Prefix> staying = drain.forced() ? new TreeSet<>() : staying(builder, node);
        if (!staying.isEmpty()) {
            return new Problem.DrainLeavesPrefixes(index, node.id(), staying);
        }
        Drain next = new Drain(builder.nowInstant, until, actor);
        builder.put(node.with(node.durable().withDrain(next)));
        builder.happened(new RouteEvent.DrainStarted(builder.origin(), node.id(), until));
        return null;
    }

    /** Ends the drain of the node, if there is one, as of a moment that may be past. */
    static void end(StateBuilder builder, NodeState node, Reason reason, Instant at) {
        if (node.drainOrNull() != null) {
            builder.putAsOf(node.with(node.durable().withDrain(null)), at);
            builder.happened(new RouteEvent.DrainEnded(builder.origin(), node.id(), reason));
        }
    }

    /**
     * The prefixes that a draining router would carry after this drain: this router, or another draining one. A node
     * whose session is down keeps during its grace what it carries, but takes over nothing.
     */
    private static SortedSet<Prefix> staying(StateBuilder builder, NodeState node) {
        SortedSet<Prefix> staying = new TreeSet<>();
        for (Prefix prefix : node.effectiveSet()) {
            PrefixEdits.Edit edit = builder.edits.of(prefix);
            RouteState route = edit.now();
            if (route != null && isStaying(builder, node.id(), edit.before, route)) {
                staying.add(prefix);
            }
        }
        return staying;
    }

    private static boolean isStaying(StateBuilder builder, NodeId node, @Nullable RouteState start, RouteState route) {
        List<Candidate> candidates = new ArrayList<>();
        boolean couldRelieve = false;
        boolean relieved = false;
        for (Candidate candidate : route.candidates()) {
            boolean better = candidate.candidateClass().isBetterThan(CandidateClass.DRAINING);
            if (candidate.node().equals(node)) {
                if (SessionCommands.isPresent(builder, node)) {
                    candidates.add(draining(candidate));
                    couldRelieve = better;
                }
            } else if (SessionCommands.isConnected(builder, candidate.node())) {
                candidates.add(candidate);
                relieved |= better;
            }
        }
        if (candidates.isEmpty() || relieved) {
            return false;
        }
        return couldRelieve
                || PrimaryElection.primary(
                                route.prefix(),
                                candidates,
                                PrimaryElections.incumbent(builder, start, route),
                                builder.fields.settings.election(),
                                builder.nowInstant)
                        .equals(Optional.of(node));
    }

    private static Candidate draining(Candidate candidate) {
        return CandidateClass.DRAINING.isBetterThan(candidate.candidateClass())
                ? candidate
                : candidate.toBuilder().candidateClass(CandidateClass.DRAINING).build();
    }
}
