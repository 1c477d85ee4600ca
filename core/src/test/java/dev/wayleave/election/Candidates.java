package dev.wayleave.election;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Short words for the tests of this package. Node {@code n} registers {@code n} hours after noon. */
final class Candidates {

    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final Instant NOW = NOON.plus(Duration.ofDays(30));
    static final Prefix ROUTE = Prefix.parse("10.0.0.0/8");
    static final ElectionRule DEFAULT = ElectionRule.DEFAULT;

    private Candidates() {}

    static NodeId id(long value) {
        return new NodeId(value);
    }

    static Candidate node(long id) {
        return builder(id).build();
    }

    static Candidate.Builder builder(long id) {
        return Candidate.builder(id(id), NOON.plus(Duration.ofHours(id)));
    }

    static Candidate node(long id, CandidateClass candidateClass) {
        return builder(id).candidateClass(candidateClass).build();
    }

    static Candidate inGrace(Candidate candidate) {
        return candidate.toBuilder().inGrace(true).build();
    }

    static Outcome elect(ElectionRule rule, @Nullable NodeId incumbent, Candidate... candidates) {
        return PrimaryElection.elect(ROUTE, List.of(candidates), incumbent, rule, NOW);
    }

    /** Under the default rule, no incumbent. */
    static Outcome.Elected first(Candidate... candidates) {
        return (Outcome.Elected) elect(DEFAULT, null, candidates);
    }

    /** Under the default rule, with an incumbent. */
    static Outcome.Elected after(long incumbent, Candidate... candidates) {
        return (Outcome.Elected) elect(DEFAULT, id(incumbent), candidates);
    }
}
