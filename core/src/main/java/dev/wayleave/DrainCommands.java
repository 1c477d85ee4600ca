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
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The beginning and the end of a drain. */
final class DrainCommands {

    private DrainCommands() {}

    static @Nullable Problem begin(
            StateBuilder transition, Actor actor, int index, Command.DrainNode drain, NodeState node) {
        Optional<Instant> until = drain.until();
        if (until.isPresent() && Times.ceilingMillis(until.get()) <= transition.now) {
            return new Problem.DrainOver(index, node.id(), until.get());
        }
        Drain current = node.drainOrNull();
        if (current != null && current.until().equals(until)) {
            return null;
        }
        SortedSet<Prefix> staying = drain.forced() ? new TreeSet<>() : staying(transition, node);
        if (!staying.isEmpty()) {
            return new Problem.DrainLeavesPrefixes(index, node.id(), staying);
        }
        Drain next = new Drain(transition.nowInstant, until, actor);
        transition.put(node.edit().drain(next).build());
        transition.happened(new RouteEvent.DrainStarted(transition.origin(), node.id(), until));
        return null;
    }

    /** Ends the drain of the node, if there is one, as of a moment that may be past. */
    static void end(StateBuilder transition, NodeState node, Reason reason, Instant at) {
        if (node.drainOrNull() != null) {
            transition.putAsOf(node.edit().drain(null).build(), at);
            transition.happened(new RouteEvent.DrainEnded(transition.origin(), node.id(), reason));
        }
    }

    /**
     * The prefixes that a draining router would carry: this one, or another one that only waits to be relieved. Nobody is
     * relieved by a node whose session is down, though it keeps for its grace what it has.
     */
    private static SortedSet<Prefix> staying(StateBuilder transition, NodeState node) {
        SortedSet<Prefix> staying = new TreeSet<>();
        for (Prefix prefix : node.effectiveSet()) {
            PrefixEdits.Edit edit = transition.edits.of(prefix);
            RouteState route = edit.now();
            if (route != null && isStaying(transition, node.id(), edit.before, route)) {
                staying.add(prefix);
            }
        }
        return staying;
    }

    private static boolean isStaying(
            StateBuilder transition, NodeId node, @Nullable RouteState start, RouteState route) {
        List<Candidate> candidates = new ArrayList<>();
        boolean couldRelieve = false;
        boolean relieved = false;
        for (Candidate candidate : route.candidates()) {
            boolean better = candidate.candidateClass().isBetterThan(CandidateClass.DRAINING);
            if (candidate.node().equals(node)) {
                if (SessionCommands.isPresent(transition, node)) {
                    candidates.add(draining(candidate));
                    couldRelieve = better;
                }
            } else if (SessionCommands.isThere(transition, candidate.node())) {
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
                                PrimaryElections.incumbent(transition, start, route),
                                transition.settings.election(),
                                transition.nowInstant)
                        .equals(Optional.of(node));
    }

    private static Candidate draining(Candidate candidate) {
        return CandidateClass.DRAINING.isBetterThan(candidate.candidateClass())
                ? candidate
                : candidate.toBuilder().candidateClass(CandidateClass.DRAINING).build();
    }
}
