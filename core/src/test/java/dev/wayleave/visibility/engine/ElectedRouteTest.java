package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.election.Candidate;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.mesh.NodeId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElectedRouteTest {

    private static Candidate.Builder candidate(int id, int registered) {
        return Candidate.builder(new NodeId(id), Instant.ofEpochSecond(registered));
    }

    private static List<Long> order(ElectionOrder order, Candidate.Builder... candidates) {
        List<Candidate> built =
                Arrays.stream(candidates).map(Candidate.Builder::build).toList();
        return ElectedRoute.of(null, built, order).candidates().stream()
                .map(NodeId::value)
                .toList();
    }

    @Test
    void theBestClassGoesFirstThenPriorityThenRegistrationThenTheLowerNumber() {
        assertThat(order(
                        ElectionOrder.PRIORITY_REGISTERED_ID,
                        candidate(1, 0)
                                .candidateClass(CandidateClass.KEY_EXPIRED)
                                .priority(9),
                        candidate(2, 0).candidateClass(CandidateClass.UNHEALTHY).priority(9),
                        candidate(3, 0).candidateClass(CandidateClass.DRAINING).priority(9),
                        candidate(4, 7),
                        candidate(6, 5),
                        candidate(5, 5),
                        candidate(7, 9).priority(1)))
                .containsExactly(7L, 5L, 6L, 4L, 3L, 2L, 1L);
    }

    @Test
    void underTheOrderOfHeadscaleTheLowerNumberOfTheBestClassGoesFirst() {
        assertThat(order(
                        ElectionOrder.LOWEST_ID,
                        candidate(1, 0).candidateClass(CandidateClass.UNHEALTHY),
                        candidate(3, 0).priority(9),
                        candidate(2, 5)))
                .containsExactly(2L, 3L, 1L);
    }

    @Test
    void aNodeThatReconnectsKeepsItsPlace() {
        assertThat(order(
                        ElectionOrder.PRIORITY_REGISTERED_ID,
                        candidate(1, 1).inGrace(true),
                        candidate(2, 2),
                        candidate(3, 3).inGrace(true)))
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void aNodeWhoseRegistrationIsNotKnownGoesLast() {
        assertThat(order(ElectionOrder.PRIORITY_REGISTERED_ID, candidate(1, 0), candidate(2, 2), candidate(3, 1)))
                .containsExactly(3L, 2L, 1L);
    }

    @Test
    void aPrimaryThatIsOnlyKeptIsNoCandidate() {
        ElectedRoute kept = ElectedRoute.of(new NodeId(4), List.of(), ElectionOrder.PRIORITY_REGISTERED_ID);
        assertThat(kept.primary()).contains(new NodeId(4));
        assertThat(kept.candidates()).isEmpty();
    }
}
