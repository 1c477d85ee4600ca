package dev.wayleave.election;

import static dev.wayleave.election.Candidates.NOON;
import static dev.wayleave.election.Candidates.NOW;
import static dev.wayleave.election.Candidates.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Few numbers, dates and priorities, so that ties are common; every class; many candidates in grace. */
class PrimaryElectionPropertyTest {

    record Race(List<Candidate> candidates, @Nullable NodeId incumbent, ElectionRule rule, Instant now) {

        Outcome elect() {
            return PrimaryElection.elect(ROUTE, candidates, incumbent, rule, now);
        }

        Optional<NodeId> primary() {
            return PrimaryElection.primary(ROUTE, candidates, incumbent, rule, now);
        }

        Optional<Instant> nextFailBack() {
            return PrimaryElection.nextFailBack(ROUTE, candidates, incumbent, rule, now);
        }

        Race withIncumbent(@Nullable NodeId incumbent) {
            return new Race(candidates, incumbent, rule, now);
        }

        Race with(List<Candidate> candidates) {
            return new Race(candidates, incumbent, rule, now);
        }

        Race at(Instant now) {
            return new Race(candidates, incumbent, rule, now);
        }

        Optional<Candidate> find(@Nullable NodeId node) {
            return candidates.stream().filter(c -> c.node().equals(node)).findFirst();
        }

        Optional<Candidate> winner() {
            return find(primary().orElse(null));
        }
    }

    @Provide
    Arbitrary<Race> races() {
        Arbitrary<List<Candidate>> candidates = candidate().list().ofMaxSize(6).uniqueElements(Candidate::node);
        Arbitrary<Optional<NodeId>> incumbent =
                Arbitraries.longs().between(1, 8).map(NodeId::new).optional(0.8);
        Arbitrary<ElectionRule> rule = Combinators.combine(
                        Arbitraries.of(ElectionOrder.class),
                        Arbitraries.of(FailBack.never(), FailBack.atOnce(), FailBack.after(Duration.ofSeconds(2))),
                        Arbitraries.of(OfflineRule.class))
                .as(ElectionRule::new);
        return Combinators.combine(candidates, incumbent, rule).as((c, i, r) -> new Race(c, i.orElse(null), r, NOW));
    }

    private static Arbitrary<Candidate> candidate() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 8),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(0, 0, 0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE),
                        Arbitraries.of(CandidateClass.class),
                        Arbitraries.of(false, false, true),
                        Arbitraries.integers().between(-1, 4))
                .as((id, hours, priority, candidateClass, inGrace, steady) -> Candidate.builder(
                                new NodeId(id), NOON.plus(Duration.ofHours(hours)))
                        .priority(priority)
                        .candidateClass(candidateClass)
                        .inGrace(inGrace)
                        .steadySince(NOW.minusSeconds(steady))
                        .build());
    }

    @Property
    void anElectionAgreesWithTheNaiveElection(@ForAll("races") Race race) {
        assertThat(race.elect())
                .isEqualTo(new NaiveElection(race.candidates, race.incumbent, race.rule, race.now).outcome());
    }

    @Property
    void thePrimaryAloneIsThatOfTheWholeOutcome(@ForAll("races") Race race) {
        assertThat(race.primary()).isEqualTo(race.elect().primary());
    }

    @Property
    void aPrefixWithACandidateIsServedByACandidate(@ForAll("races") Race race) {
        Assume.that(!race.candidates.isEmpty());

        assertThat(race.winner()).isPresent();
    }

    @Property
    void thePrimaryIsOfTheBestClassOfThoseWhoMayHaveThePrefix(@ForAll("races") Race race) {
        Assume.that(!race.candidates.isEmpty());
        Candidate primary = race.winner().orElseThrow();

        for (Candidate other : race.candidates) {
            if (!other.isInGrace() || other.node().equals(race.incumbent)) {
                assertThat(other.candidateClass().isBetterThan(primary.candidateClass()))
                        .isFalse();
            }
        }
    }

    @Property
    void aNodeInGraceBecomesPrimaryOnlyIfAllAreInGraceAndThePrefixHasNoPrimary(@ForAll("races") Race race) {
        boolean newInGrace = race.winner().filter(Candidate::isInGrace).isPresent()
                && !race.primary().equals(Optional.ofNullable(race.incumbent));
        boolean noOtherWay = race.candidates.stream().allMatch(Candidate::isInGrace)
                && race.find(race.incumbent).isEmpty()
                && !race.candidates.isEmpty();

        assertThat(newInGrace).isEqualTo(noOtherWay);
    }

    @Property
    void aHealthyIncumbentNeverMovesWithoutFailBack(
            @ForAll("races") Race race, @ForAll boolean inGrace, @ForAll ElectionOrder order) {
        Assume.that(!race.candidates.isEmpty());
        List<Candidate> candidates = new ArrayList<>(race.candidates);
        candidates.set(
                0,
                candidates.get(0).toBuilder()
                        .candidateClass(CandidateClass.HEALTHY)
                        .inGrace(inGrace)
                        .build());
        NodeId incumbent = candidates.get(0).node();
        ElectionRule never = new ElectionRule(order, FailBack.never(), OfflineRule.WITHDRAW);

        assertThat(PrimaryElection.primary(ROUTE, candidates, incumbent, never, NOW))
                .contains(incumbent);
    }

    @Property
    void theOrderOfTheCandidatesDoesNotMatter(@ForAll("races") Race race, @ForAll Random random) {
        List<Candidate> shuffled = new ArrayList<>(race.candidates);
        Collections.shuffle(shuffled, random);

        assertThat(race.with(shuffled).elect()).isEqualTo(race.elect());
    }

    @Property
    void everyOtherCandidateLosesForExactlyOneReason(@ForAll("races") Race race) {
        Assume.that(!race.candidates.isEmpty());
        Outcome.Elected outcome = (Outcome.Elected) race.elect();

        assertThat(outcome.losers())
                .extracting(Loss::node)
                .containsExactlyElementsOf(race.candidates.stream()
                        .map(Candidate::node)
                        .filter(node -> !node.equals(outcome.winner()))
                        .sorted()
                        .toList());
        assertThat(outcome.losers()).allMatch(loss -> loss.winner().equals(outcome.winner()));
    }

    @Property
    void electingAgainChangesNothing(@ForAll("races") Race race) {
        assertThat(race.withIncumbent(race.primary().orElse(null)).primary()).isEqualTo(race.primary());
    }

    @Property
    void losingALoserWhoNeverHadThePrefixChangesNothing(@ForAll("races") Race race) {
        for (Candidate loser : race.candidates) {
            if (!race.primary().equals(Optional.of(loser.node()))
                    && !loser.node().equals(race.incumbent)) {
                List<Candidate> rest = new ArrayList<>(race.candidates);
                rest.remove(loser);
                assertThat(race.with(rest).primary()).isEqualTo(race.primary());
            }
        }
    }

    @Property
    void timeMovesThePrefixExactlyWhenItWasSaidTo(@ForAll("races") Race race) {
        Optional<Instant> next = race.nextFailBack();
        if (next.isPresent()) {
            assertThat(next.get()).isAfter(race.now);
            assertThat(race.at(next.get().minusNanos(1)).primary()).isEqualTo(race.primary());
            assertThat(race.at(next.get()).primary()).isNotEqualTo(race.primary());
        } else {
            assertThat(race.at(race.now.plus(Duration.ofDays(1000))).primary()).isEqualTo(race.primary());
        }
    }

    @Property
    void theIncumbentIsKeptOnlyWithoutCandidatesAndThenNoOtherNodeIsElected(@ForAll("races") Race race) {
        Outcome outcome = race.with(List.of()).elect();

        boolean kept = race.rule.offline() == OfflineRule.KEEP_LAST;
        assertThat(outcome.primary()).isEqualTo(kept ? Optional.ofNullable(race.incumbent) : Optional.empty());
        assertThat(race.elect() instanceof Outcome.Elected).isEqualTo(!race.candidates.isEmpty());
    }
}
