package dev.wayleave.election;

import static dev.wayleave.election.CandidateClass.UNHEALTHY;
import static dev.wayleave.election.Candidates.NOON;
import static dev.wayleave.election.Candidates.elect;
import static dev.wayleave.election.Candidates.id;
import static dev.wayleave.election.Candidates.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.NodeId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Headscale's election, rule by rule, and the rules that are not copied. */
class HeadscaleElectionTest {

    private static final ElectionRule HEADSCALE =
            new ElectionRule(ElectionOrder.LOWEST_ID, FailBack.never(), OfflineRule.WITHDRAW);

    private static Optional<NodeId> primary(@Nullable NodeId incumbent, Candidate... candidates) {
        return elect(HEADSCALE, incumbent, candidates).primary();
    }

    @Test
    void rule1AHealthyIncumbentIsKept() {
        assertThat(primary(id(2), node(1), node(2), node(3))).contains(id(2));
    }

    @Test
    void rule2OtherwiseTheHealthyCandidateWithTheLowestNumberWins() {
        assertThat(primary(id(4), node(1, UNHEALTHY), node(3), node(2), node(4, UNHEALTHY)))
                .contains(id(2));
    }

    @Test
    void rule2ThePriorityAndTheDateDoNotCount() {
        Candidate preferred = Candidate.builder(id(2), NOON).priority(5).build();

        assertThat(elect(HEADSCALE, null, preferred, node(1)))
                .isEqualTo(new Outcome.Elected(
                        id(1), new Win.GoesFirst(Win.Criterion.NUMBER), List.of(new Loss.HigherId(id(2), id(1)))));
    }

    @Test
    void rule3IfAllAreUnhealthyTheIncumbentIsKept() {
        assertThat(primary(id(2), node(1, UNHEALTHY), node(2, UNHEALTHY))).contains(id(2));
    }

    @Test
    void rule4IsNotCopiedAPrefixWithACandidateIsNeverUnmapped() {
        assertThat(primary(null, node(2, UNHEALTHY), node(1, UNHEALTHY))).contains(id(1));
    }

    @Test
    void theStuckStateIsNotCopiedAnUnhealthyStandbyServesWhenThePrimaryGoes() {
        Candidate standby = node(2, UNHEALTHY);

        assertThat(primary(null, node(1), standby)).contains(id(1));
        assertThat(primary(id(1), standby)).contains(id(2));
    }

    @Test
    void recoveryNeverReclaims() {
        assertThat(primary(id(2), node(1), node(2))).contains(id(2));
    }

    @Test
    void withdrawingOnThePrimaryMovesAtOnceAndReaddingDoesNotMoveBack() {
        Optional<NodeId> next = primary(id(1), node(2), node(3));

        assertThat(next).contains(id(2));
        assertThat(primary(next.orElse(null), node(1), node(2), node(3))).contains(id(2));
    }

    @Test
    void aPrefixWithoutCandidatesForgetsItsPrimary() {
        Optional<NodeId> gone = primary(id(2));

        assertThat(gone).isEmpty();
        assertThat(primary(gone.orElse(null), node(1), node(2))).contains(id(1));
    }
}
