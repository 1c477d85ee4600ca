package dev.wayleave;

import dev.wayleave.election.Candidate;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes candidates, one object for all prefixes of a node that are alike; for one thread. */
final class CandidateCache {

    private @Nullable Candidate last;

    /**
     * A node as a candidate.
     *
     * @param node online or in its grace
     * @param prefix what is effective on it
     * @param settings for the priorities
     * @param old what it was for this prefix, or null
     * @param at since when it is what it is now, unless it was so before
     */
    Candidate of(NodeState node, Prefix prefix, RoutingSettings settings, @Nullable Candidate old, Instant at) {
        CandidateClass candidateClass =
                CandidateClass.of(node.isKeyExpired(), node.health(prefix), node.drainOrNull() != null);
        boolean inGrace = node.liveness() == Liveness.GRACE;
        Instant since = steadySince(candidateClass, inGrace, old, at);
        int priority = settings.priority(node.id(), prefix);
        Candidate known = last;
        if (known != null
                && known.node().equals(node.id())
                && known.registeredAt().equals(node.facts().registeredAt())
                && known.priority() == priority
                && known.candidateClass() == candidateClass
                && known.isInGrace() == inGrace
                && known.steadySince().equals(since)) {
            return known;
        }
        Candidate made = Candidate.builder(node.id(), node.facts().registeredAt())
                .priority(priority)
                .candidateClass(candidateClass)
                .inGrace(inGrace)
                .steadySince(since)
                .build();
        last = made;
        return made;
    }

    private static Instant steadySince(
            CandidateClass candidateClass, boolean inGrace, @Nullable Candidate old, Instant at) {
        if (inGrace) {
            // not used during grace
            return Instant.EPOCH;
        }
        if (old != null
                && !old.isInGrace()
                && (old.candidateClass() == candidateClass || old.steadySince().isAfter(at))) {
            return old.steadySince();
        }
        return at;
    }
}
