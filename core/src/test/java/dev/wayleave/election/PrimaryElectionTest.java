package dev.wayleave.election;

import static dev.wayleave.election.CandidateClass.DRAINING;
import static dev.wayleave.election.CandidateClass.HEALTHY;
import static dev.wayleave.election.CandidateClass.KEY_EXPIRED;
import static dev.wayleave.election.CandidateClass.UNHEALTHY;
import static dev.wayleave.election.Candidates.DEFAULT;
import static dev.wayleave.election.Candidates.NOON;
import static dev.wayleave.election.Candidates.NOW;
import static dev.wayleave.election.Candidates.ROUTE;
import static dev.wayleave.election.Candidates.after;
import static dev.wayleave.election.Candidates.builder;
import static dev.wayleave.election.Candidates.elect;
import static dev.wayleave.election.Candidates.first;
import static dev.wayleave.election.Candidates.id;
import static dev.wayleave.election.Candidates.inGrace;
import static dev.wayleave.election.Candidates.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrimaryElectionTest {

    @Nested
    class Order {

        @Test
        void theOnlyCandidateWins() {
            assertThat(first(node(7))).isEqualTo(new Outcome.Elected(id(7), new Win.OnlyCandidate(), List.of()));
        }

        @Test
        void theHigherPriorityGoesFirst() {
            Candidate preferred = builder(2).priority(1).build();

            assertThat(first(node(1), preferred))
                    .isEqualTo(new Outcome.Elected(
                            id(2),
                            new Win.GoesFirst(Win.Criterion.PRIORITY),
                            List.of(new Loss.LowerPriority(id(1), 0, id(2), 1))));
        }

        @Test
        void prioritiesMayBeAnyNumber() {
            Candidate least = builder(1).priority(Integer.MIN_VALUE).build();
            Candidate most = builder(2).priority(Integer.MAX_VALUE).build();

            assertThat(first(least, most).winner()).isEqualTo(id(2));
        }

        @Test
        void amongEqualPrioritiesTheOneRegisteredFirstGoesFirst() {
            Candidate early = Candidate.builder(id(9), NOON).build();

            assertThat(first(node(1), early))
                    .isEqualTo(new Outcome.Elected(
                            id(9),
                            new Win.GoesFirst(Win.Criterion.REGISTRATION),
                            List.of(new Loss.RegisteredLater(id(1), NOON.plus(Duration.ofHours(1)), id(9), NOON))));
        }

        @Test
        void aNodeWhoseRegistrationIsNotKnownGoesLast() {
            Candidate unknown =
                    Candidate.builder(id(1), Node.REGISTRATION_UNKNOWN).build();
            Candidate known = Candidate.builder(id(9), NOON).build();

            assertThat(first(unknown, known))
                    .isEqualTo(new Outcome.Elected(
                            id(9),
                            new Win.GoesFirst(Win.Criterion.REGISTRATION),
                            List.of(new Loss.RegisteredLater(id(1), Node.REGISTRATION_UNKNOWN, id(9), NOON))));
        }

        @Test
        void amongThoseRegisteredAtOnceTheLowerNumberGoesFirst() {
            Candidate eight = Candidate.builder(id(8), NOON).build();
            Candidate nine = Candidate.builder(id(9), NOON).build();

            assertThat(first(nine, eight))
                    .isEqualTo(new Outcome.Elected(
                            id(8), new Win.GoesFirst(Win.Criterion.NUMBER), List.of(new Loss.HigherId(id(9), id(8)))));
        }

        @Test
        void everyLoserHasItsReasonInTheOrderOfNumbers() {
            assertThat(first(
                                    node(5),
                                    node(4, UNHEALTHY),
                                    inGrace(node(3)),
                                    builder(2).priority(-1).build(),
                                    node(6))
                            .losers())
                    .containsExactly(
                            new Loss.LowerPriority(id(2), -1, id(5), 0),
                            new Loss.InGrace(id(3), id(5)),
                            new Loss.WorseClass(id(4), UNHEALTHY, id(5), HEALTHY),
                            new Loss.RegisteredLater(
                                    id(6), NOON.plus(Duration.ofHours(6)), id(5), NOON.plus(Duration.ofHours(5))));
        }
    }

    @Nested
    class Incumbent {

        @Test
        void theIncumbentStaysAgainstEveryCandidateOfItsClass() {
            Candidate preferred = builder(1).priority(100).build();

            assertThat(after(3, preferred, node(3), node(4)))
                    .isEqualTo(new Outcome.Elected(
                            id(3),
                            new Win.Stays(),
                            List.of(new Loss.IncumbentStays(id(1), id(3)), new Loss.IncumbentStays(id(4), id(3)))));
        }

        @Test
        void theIncumbentStaysWhereItIsTheOnlyCandidate() {
            assertThat(after(3, node(3)).reason()).isEqualTo(new Win.Stays());
        }

        @Test
        void theIncumbentCountsForNothingOnceItIsNoCandidate() {
            assertThat(after(3, node(5), node(4)))
                    .isEqualTo(new Outcome.Elected(
                            id(4),
                            new Win.GoesFirst(Win.Criterion.REGISTRATION),
                            List.of(new Loss.RegisteredLater(
                                    id(5), NOON.plus(Duration.ofHours(5)), id(4), NOON.plus(Duration.ofHours(4))))));
        }

        @Test
        void theIncumbentLosesToABetterClass() {
            assertThat(after(3, node(3, UNHEALTHY), node(4, DRAINING)))
                    .isEqualTo(new Outcome.Elected(
                            id(4),
                            new Win.GoesFirst(Win.Criterion.CANDIDATE_CLASS),
                            List.of(new Loss.WorseClass(id(3), UNHEALTHY, id(4), DRAINING))));
        }

        @ParameterizedTest
        @EnumSource
        void theIncumbentStaysInEveryClassIfNoCandidateIsBetter(CandidateClass candidateClass) {
            assertThat(after(3, node(1, candidateClass), node(3, candidateClass))
                            .winner())
                    .isEqualTo(id(3));
        }
    }

    @Nested
    class Classes {

        @ParameterizedTest
        @CsvSource({
            "HEALTHY, DRAINING", "HEALTHY, UNHEALTHY", "HEALTHY, KEY_EXPIRED",
            "DRAINING, UNHEALTHY", "DRAINING, KEY_EXPIRED", "UNHEALTHY, KEY_EXPIRED"
        })
        void theBetterClassWinsWhateverElseSpeaksForTheOther(CandidateClass better, CandidateClass worse) {
            Candidate incumbent = builder(1).candidateClass(worse).priority(9).build();

            assertThat(after(1, incumbent, node(2, better)).winner()).isEqualTo(id(2));
        }

        @Test
        void aDrainingRouterKeepsThePrefixWhileNoHealthyOneHasIt() {
            assertThat(after(1, node(1, DRAINING), node(2, UNHEALTHY)).winner()).isEqualTo(id(1));
        }

        @Test
        void aDrainingRouterEvenGetsAPrefixThatNoHealthyOneCanCarry() {
            assertThat(after(2, node(1, DRAINING), node(2, UNHEALTHY)).winner()).isEqualTo(id(1));
        }

        @Test
        void aCandidateWithAnExpiredKeyIsBetterThanNone() {
            assertThat(first(node(1, KEY_EXPIRED)).winner()).isEqualTo(id(1));
        }

        @ParameterizedTest
        @CsvSource({
            "false, HEALTHY,   false, HEALTHY",
            "false, HEALTHY,   true,  DRAINING",
            "false, UNHEALTHY, false, UNHEALTHY",
            "false, UNHEALTHY, true,  UNHEALTHY",
            "true,  HEALTHY,   false, KEY_EXPIRED",
            "true,  UNHEALTHY, true,  KEY_EXPIRED"
        })
        void theWorstThatAppliesIsTheClass(
                boolean keyExpired, Health health, boolean draining, CandidateClass expected) {
            assertThat(CandidateClass.of(keyExpired, health, draining)).isEqualTo(expected);
        }

        @Test
        void noClassIsBetterThanItself() {
            assertThat(HEALTHY.isBetterThan(HEALTHY)).isFalse();
            assertThat(HEALTHY.isBetterThan(DRAINING)).isTrue();
            assertThat(DRAINING.isBetterThan(HEALTHY)).isFalse();
        }
    }

    @Nested
    class Grace {

        @Test
        void theIncumbentInGraceStaysAgainstAHealthyStandby() {
            assertThat(after(1, inGrace(node(1)), node(2)))
                    .isEqualTo(new Outcome.Elected(
                            id(1), new Win.Stays(), List.of(new Loss.IncumbentStays(id(2), id(1)))));
        }

        @Test
        void theIncumbentInGraceLosesToABetterClass() {
            assertThat(after(1, inGrace(node(1, UNHEALTHY)), node(2)).losers())
                    .containsExactly(new Loss.WorseClass(id(1), UNHEALTHY, id(2), HEALTHY));
        }

        @Test
        void aNodeInGraceGetsNothingNewWhileAnotherCandidateExists() {
            assertThat(first(inGrace(node(1)), node(2)))
                    .isEqualTo(new Outcome.Elected(
                            id(2), new Win.GoesFirst(Win.Criterion.GRACE), List.of(new Loss.InGrace(id(1), id(2)))));
        }

        @Test
        void aNodeInGraceGetsNothingNewEvenIfTheOtherIsOfAWorseClass() {
            assertThat(first(inGrace(node(1)), node(2, KEY_EXPIRED)).winner()).isEqualTo(id(2));
        }

        @Test
        void aNodeInGraceGetsThePrefixIfItIsTheOnlyCandidate() {
            assertThat(first(inGrace(node(1))))
                    .isEqualTo(new Outcome.Elected(id(1), new Win.OnlyCandidate(), List.of()));
        }

        @Test
        void ifAllAreInGraceTheOrderDecides() {
            assertThat(first(inGrace(node(2)), inGrace(node(1)), inGrace(node(3, DRAINING))))
                    .isEqualTo(new Outcome.Elected(
                            id(1),
                            new Win.GoesFirst(Win.Criterion.REGISTRATION),
                            List.of(
                                    new Loss.RegisteredLater(
                                            id(2),
                                            NOON.plus(Duration.ofHours(2)),
                                            id(1),
                                            NOON.plus(Duration.ofHours(1))),
                                    new Loss.WorseClass(id(3), DRAINING, id(1), HEALTHY))));
        }

        @Test
        void nothingMovesWhileAllAreInGraceAfterARestart() {
            assertThat(after(2, inGrace(node(1)), inGrace(node(2, KEY_EXPIRED)), inGrace(node(3))))
                    .isEqualTo(new Outcome.Elected(
                            id(2),
                            new Win.Stays(),
                            List.of(new Loss.InGrace(id(1), id(2)), new Loss.InGrace(id(3), id(2)))));
        }

        @Test
        void anIncumbentWithASessionKeepsThePrefixFromCandidatesInGrace() {
            assertThat(after(2, inGrace(node(1)), node(2, UNHEALTHY)).winner()).isEqualTo(id(2));
        }
    }

    @Nested
    class FailBacks {

        private static final ElectionRule AT_ONCE =
                new ElectionRule(ElectionOrder.PRIORITY_REGISTERED_ID, FailBack.atOnce(), OfflineRule.WITHDRAW);
        private static final ElectionRule AFTER_AN_HOUR = new ElectionRule(
                ElectionOrder.PRIORITY_REGISTERED_ID, FailBack.after(Duration.ofHours(1)), OfflineRule.WITHDRAW);

        private static Candidate steadyFor(long id, Duration time) {
            return builder(id).steadySince(NOW.minus(time)).build();
        }

        @Test
        void atOnceTheFirstTakesThePrefixFromTheIncumbent() {
            assertThat(elect(AT_ONCE, id(2), node(1), node(2), node(3)))
                    .isEqualTo(new Outcome.Elected(
                            id(1),
                            new Win.FailsBack(id(2)),
                            List.of(
                                    new Loss.RegisteredLater(
                                            id(2),
                                            NOON.plus(Duration.ofHours(2)),
                                            id(1),
                                            NOON.plus(Duration.ofHours(1))),
                                    new Loss.RegisteredLater(
                                            id(3),
                                            NOON.plus(Duration.ofHours(3)),
                                            id(1),
                                            NOON.plus(Duration.ofHours(1))))));
        }

        @Test
        void anIncumbentThatIsFirstAnywayStays() {
            assertThat(elect(AT_ONCE, id(1), node(1), node(2)))
                    .isEqualTo(new Outcome.Elected(
                            id(1),
                            new Win.Stays(),
                            List.of(new Loss.RegisteredLater(
                                    id(2), NOON.plus(Duration.ofHours(2)), id(1), NOON.plus(Duration.ofHours(1))))));
        }

        @Test
        void aNodeInGraceTakesNothingBack() {
            assertThat(elect(AT_ONCE, id(2), inGrace(node(1)), node(2)).primary())
                    .contains(id(2));
        }

        @Test
        void theIncumbentInGraceGivesThePrefixBack() {
            assertThat(elect(AT_ONCE, id(2), node(1), inGrace(node(2))).primary())
                    .contains(id(1));
        }

        @Test
        void aBetterRankOfAWorseClassTakesNothingBack() {
            assertThat(elect(AT_ONCE, id(2), node(1, UNHEALTHY), node(2)).primary())
                    .contains(id(2));
        }

        @Test
        void beforeItsTimeOfStabilityTheFirstWaits() {
            Candidate back = steadyFor(1, Duration.ofMinutes(59));

            assertThat(elect(AFTER_AN_HOUR, id(2), back, node(2)))
                    .isEqualTo(new Outcome.Elected(
                            id(2),
                            new Win.Stays(),
                            List.of(new Loss.NotYetStable(id(1), id(2), NOW.plus(Duration.ofMinutes(1))))));
        }

        @Test
        void atItsTimeOfStabilityTheFirstTakesThePrefix() {
            assertThat(elect(AFTER_AN_HOUR, id(2), steadyFor(1, Duration.ofHours(1)), node(2)))
                    .extracting(Outcome::primary)
                    .isEqualTo(Optional.of(id(1)));
        }

        @Test
        void theFirstOfThoseWhoAreStableTakesThePrefix() {
            Candidate back = steadyFor(1, Duration.ofMinutes(1));
            Outcome.Elected outcome = (Outcome.Elected) elect(AFTER_AN_HOUR, id(3), back, node(2), node(3));

            assertThat(outcome.reason()).isEqualTo(new Win.FailsBack(id(3)));
            assertThat(outcome.winner()).isEqualTo(id(2));
            assertThat(outcome.losers().get(0))
                    .isEqualTo(new Loss.NotYetStable(id(1), id(2), NOW.plus(Duration.ofMinutes(59))));
        }

        @Test
        void aCandidateBehindTheIncumbentLosesByItsRank() {
            assertThat(((Outcome.Elected) elect(AFTER_AN_HOUR, id(1), node(1), node(2))).losers())
                    .hasOnlyElementsOfType(Loss.RegisteredLater.class);
        }

        @Test
        void stabilityIsNotAskedOfTheFirstPrimary() {
            assertThat(elect(AFTER_AN_HOUR, null, steadyFor(1, Duration.ZERO), node(2))
                            .primary())
                    .contains(id(1));
        }

        @Test
        void stabilityIsNotAskedOfABetterClass() {
            assertThat(elect(AFTER_AN_HOUR, id(2), steadyFor(3, Duration.ZERO), node(2, UNHEALTHY))
                            .primary())
                    .contains(id(3));
        }

        @Test
        void theNextFailBackIsWhenThePrefixWillMove() {
            List<Candidate> candidates =
                    List.of(steadyFor(1, Duration.ofMinutes(10)), steadyFor(2, Duration.ofMinutes(20)), node(3));

            assertThat(PrimaryElection.nextFailBack(ROUTE, candidates, id(3), AFTER_AN_HOUR, NOW))
                    .contains(NOW.plus(Duration.ofMinutes(40)));
        }

        @Test
        void thereIsNoNextFailBackForAMoveThatTimeAloneDoesNotBring() {
            List<Candidate> inGrace = List.of(inGrace(steadyFor(1, Duration.ZERO)), node(3));
            List<Candidate> behind = List.of(steadyFor(4, Duration.ZERO), node(3));
            List<Candidate> unhealthy = List.of(
                    steadyFor(1, Duration.ZERO).toBuilder()
                            .candidateClass(UNHEALTHY)
                            .build(),
                    node(3));
            List<Candidate> ready = List.of(steadyFor(1, Duration.ZERO), node(3));

            for (List<Candidate> candidates : List.of(inGrace, behind, unhealthy, List.<Candidate>of())) {
                assertThat(PrimaryElection.nextFailBack(ROUTE, candidates, id(3), AFTER_AN_HOUR, NOW))
                        .isEmpty();
            }
            assertThat(PrimaryElection.nextFailBack(ROUTE, ready, id(3), AT_ONCE, NOW))
                    .isEmpty();
            assertThat(PrimaryElection.nextFailBack(ROUTE, ready, id(3), DEFAULT, NOW))
                    .isEmpty();
            assertThat(PrimaryElection.nextFailBack(ROUTE, ready, null, AFTER_AN_HOUR, NOW))
                    .isEmpty();
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 1, 3_599_999})
        void thePrefixNeverMovesAfterTheLastInstant(long millisecondsBefore) {
            Instant late = Instant.MAX.minusMillis(millisecondsBefore);
            List<Candidate> candidates =
                    List.of(node(1).toBuilder().steadySince(late).build(), node(2));

            assertThat(PrimaryElection.elect(ROUTE, candidates, id(2), AFTER_AN_HOUR, NOW))
                    .isEqualTo(new Outcome.Elected(
                            id(2), new Win.Stays(), List.of(new Loss.NotYetStable(id(1), id(2), Instant.MAX))));
            assertThat(PrimaryElection.nextFailBack(ROUTE, candidates, id(2), AFTER_AN_HOUR, NOW))
                    .contains(Instant.MAX);
        }

        @Test
        void stabilityCountsFromTheFirstInstantOn() {
            List<Candidate> candidates =
                    List.of(node(1).toBuilder().steadySince(Instant.MIN).build(), node(2));

            assertThat(PrimaryElection.elect(ROUTE, candidates, id(2), AFTER_AN_HOUR, Instant.MIN))
                    .isEqualTo(new Outcome.Elected(
                            id(2),
                            new Win.Stays(),
                            List.of(new Loss.NotYetStable(id(1), id(2), Instant.MIN.plus(Duration.ofHours(1))))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"PT0S", "PT-1S", "PT8784H1S", "PT0.000000001S", "PT1.0005S"})
        void aTimeOutOfRangeIsRefused(Duration stability) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FailBack.after(stability))
                    .withMessageContaining("`" + stability + "`");
        }

        @Test
        void theLongestTimeIsAccepted() {
            assertThat(FailBack.after(FailBack.LONGEST)).isEqualTo(new FailBack.After(Duration.ofDays(366)));
        }
    }

    @Nested
    class WithoutCandidates {

        private static final ElectionRule KEEP_LAST =
                new ElectionRule(ElectionOrder.PRIORITY_REGISTERED_ID, FailBack.never(), OfflineRule.KEEP_LAST);

        @Test
        void thePrefixIsUnserved() {
            Outcome outcome = elect(DEFAULT, id(1));

            assertThat(outcome).isEqualTo(new Outcome.Unserved());
            assertThat(outcome.primary()).isEmpty();
        }

        @Test
        void thePrefixIsKeptWhereTheRuleSaysSo() {
            Outcome outcome = elect(KEEP_LAST, id(1));

            assertThat(outcome).isEqualTo(new Outcome.Kept(id(1)));
            assertThat(outcome.primary()).contains(id(1));
        }

        @Test
        void thereIsNothingToKeepWhereThePrefixHadNoPrimary() {
            assertThat(elect(KEEP_LAST, null)).isEqualTo(new Outcome.Unserved());
        }

        @Test
        void aKeptPrefixGoesToTheFirstCandidateThatComes() {
            assertThat(elect(KEEP_LAST, id(1), node(2)).primary()).contains(id(2));
        }
    }

    @Nested
    class Door {

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0/0", "::/0"})
        void exitRoutesAreRefused(String text) {
            Prefix exitRoute = Prefix.parse(text);
            List<Candidate> candidates = List.of(node(1));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PrimaryElection.elect(exitRoute, candidates, null, DEFAULT, NOW))
                    .withMessageContaining("`" + exitRoute + "` is an exit route");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PrimaryElection.primary(exitRoute, candidates, null, DEFAULT, NOW));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PrimaryElection.nextFailBack(exitRoute, candidates, null, DEFAULT, NOW));
        }

        @Test
        void aNodeThatStandsTwiceIsRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> first(node(1), node(2), node(2)))
                    .withMessageContaining("node 2 is listed twice")
                    .withMessageContaining("`10.0.0.0/8`");
            assertThatIllegalArgumentException().isThrownBy(() -> first(node(2), node(2)));
        }

        @Test
        void thePrimaryIsNamedAlone() {
            assertThat(PrimaryElection.primary(ROUTE, List.of(node(2), node(1)), null, DEFAULT, NOW))
                    .contains(id(1));
            assertThat(PrimaryElection.primary(ROUTE, List.of(), id(1), DEFAULT, NOW))
                    .isEmpty();
        }
    }

    @Nested
    class Facts {

        @Test
        void aCandidateIsCopiedWithAllItsFacts() {
            Candidate candidate = builder(3)
                    .priority(4)
                    .candidateClass(UNHEALTHY)
                    .inGrace(true)
                    .steadySince(Instant.EPOCH)
                    .build();

            assertThat(candidate.toBuilder().build()).isEqualTo(candidate).hasSameHashCodeAs(candidate);
            assertThat(candidate.toString()).contains("3", "UNHEALTHY", "priority 4", "in grace");
            assertThat(node(3).toString()).contains("HEALTHY", "steady since 2026-11-21T15:00:00Z");
        }

        @Test
        void aNodeIsACandidateWithNothingAgainstIt() {
            Node node = Node.builder(id(3), "router-a", Owner.tags("tag:router"))
                    .registeredAt(NOON.plus(Duration.ofHours(3)))
                    .build();

            assertThat(Candidate.of(node)).isEqualTo(node(3));
        }

        @Test
        void candidatesDifferInEveryFact() {
            Candidate plain = node(3);

            assertThat(plain)
                    .isNotEqualTo(Candidate.builder(id(4), plain.registeredAt()).build());
            assertThat(plain)
                    .isNotEqualTo(Candidate.builder(id(3), NOON)
                            .steadySince(plain.steadySince())
                            .build());
            assertThat(plain).isNotEqualTo(builder(3).priority(1).build());
            assertThat(plain).isNotEqualTo(builder(3).candidateClass(DRAINING).build());
            assertThat(plain).isNotEqualTo(builder(3).inGrace(true).build());
            assertThat(plain).isNotEqualTo(builder(3).steadySince(NOW).build());
            assertThat(plain).isNotEqualTo("3").doesNotHaveSameHashCodeAs(node(4));
        }
    }
}
