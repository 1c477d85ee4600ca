package dev.wayleave.election;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One election with at least one candidate.
 *
 * <pre>
 *   candidates ── eligible? ───────► of the best class ──► may they replace the incumbent? ──► first in order
 *                 out of grace, or
 *                 the incumbent;
 *                 all, if no candidate may
 * </pre>
 */
final class Ballot {

    private final List<Candidate> candidates;
    private final ElectionRule rule;
    private final Instant now;
    private final @Nullable Candidate incumbent;

    /** Grace excludes a candidate only if another node can have the prefix. */
    private final boolean graceHoldsBack;

    private final CandidateClass bestClass;

    /** The incumbent is of the best class, so its privilege counts. */
    private final boolean incumbentInBestClass;

    private final Candidate winner;

    Ballot(List<Candidate> candidates, @Nullable Candidate incumbent, ElectionRule rule, Instant now) {
        this.candidates = candidates;
        this.rule = rule;
        this.now = now;
        this.incumbent = incumbent;
        boolean allHeldBack = incumbent == null;
        for (Candidate candidate : candidates) {
            allHeldBack &= candidate.isInGrace();
        }
        this.graceHoldsBack = !allHeldBack;
        this.bestClass = bestClass();
        this.incumbentInBestClass = incumbent != null && incumbent.candidateClass() == bestClass;
        this.winner = first();
    }

    private CandidateClass bestClass() {
        CandidateClass best = CandidateClass.KEY_EXPIRED;
        for (Candidate candidate : candidates) {
            if (isEligible(candidate) && candidate.candidateClass().isBetterThan(best)) {
                best = candidate.candidateClass();
            }
        }
        return best;
    }

    private Candidate first() {
        Candidate first = incumbentInBestClass ? incumbent : null;
        for (Candidate candidate : candidates) {
            if (isEligibleInBestClass(candidate)
                    && (!incumbentInBestClass || mayReplaceIncumbent(candidate))
                    && (first == null || compare(candidate, first) < 0)) {
                first = candidate;
            }
        }
        if (first == null) {
            throw new IllegalStateException("an election without candidates");
        }
        return first;
    }

    private boolean isEligible(Candidate candidate) {
        return !graceHoldsBack || !candidate.isInGrace() || candidate.equals(incumbent);
    }

    private boolean isEligibleInBestClass(Candidate candidate) {
        return isEligible(candidate) && candidate.candidateClass() == bestClass;
    }

    private boolean mayReplaceIncumbent(Candidate candidate) {
        if (rule.failBack() instanceof FailBack.After after) {
            // a difference, not a sum: it cannot leave the range of instants
            return Duration.between(candidate.steadySince(), now).compareTo(after.stability()) >= 0;
        }
        return rule.failBack() instanceof FailBack.AtOnce;
    }

    private int compare(Candidate one, Candidate other) {
        return CandidateOrder.compare(one, other, rule.order());
    }

    Candidate winner() {
        return winner;
    }

    Win reason() {
        if (winner.equals(incumbent)) {
            return new Win.Stays();
        }
        if (candidates.size() == 1) {
            return new Win.OnlyCandidate();
        }
        if (incumbentInBestClass && incumbent != null) {
            return new Win.FailsBack(incumbent.node());
        }
        return new Win.GoesFirst(lastCriterion());
    }

    /** The latest criterion by which another candidate lost; the incumbent's privilege does not count here. */
    private Win.Criterion lastCriterion() {
        Win.Criterion last = Win.Criterion.GRACE;
        for (Candidate candidate : candidates) {
            Win.Criterion criterion = criterionAgainst(candidate);
            if (!candidate.equals(winner) && criterion.compareTo(last) > 0) {
                last = criterion;
            }
        }
        return last;
    }

    private Win.Criterion criterionAgainst(Candidate loser) {
        if (!isEligible(loser)) {
            return Win.Criterion.GRACE;
        }
        return loser.candidateClass() == bestClass ? orderAgainst(loser) : Win.Criterion.CANDIDATE_CLASS;
    }

    /** The criterion of the order by which a candidate of the winner's class comes behind it. */
    private Win.Criterion orderAgainst(Candidate loser) {
        if (rule.order() == ElectionOrder.PRIORITY_REGISTERED_ID) {
            if (loser.priority() != winner.priority()) {
                return Win.Criterion.PRIORITY;
            }
            if (!loser.registeredAt().equals(winner.registeredAt())) {
                return Win.Criterion.REGISTRATION;
            }
        }
        return Win.Criterion.NUMBER;
    }

    Loss lossOf(Candidate loser) {
        if (!isEligible(loser)) {
            return new Loss.InGrace(loser.node(), winner.node());
        }
        if (loser.candidateClass() != bestClass) {
            return new Loss.WorseClass(loser.node(), loser.candidateClass(), winner.node(), bestClass);
        }
        if (incumbentInBestClass && rule.failBack() instanceof FailBack.Never) {
            return new Loss.IncumbentStays(loser.node(), winner.node());
        }
        Optional<Instant> waitsUntil = waitsUntil(loser);
        if (waitsUntil.isPresent()) {
            return new Loss.NotYetStable(loser.node(), winner.node(), waitsUntil.get());
        }
        return behind(loser);
    }

    private Loss behind(Candidate loser) {
        Win.Criterion criterion = orderAgainst(loser);
        if (criterion == Win.Criterion.PRIORITY) {
            return new Loss.LowerPriority(loser.node(), loser.priority(), winner.node(), winner.priority());
        }
        return criterion == Win.Criterion.REGISTRATION
                ? new Loss.RegisteredLater(loser.node(), loser.registeredAt(), winner.node(), winner.registeredAt())
                : new Loss.HigherId(loser.node(), winner.node());
    }

    /** When a candidate that goes before the winner, and lacks nothing but stability, will be stable enough. */
    Optional<Instant> waitsUntil(Candidate candidate) {
        return incumbentInBestClass
                        && rule.failBack() instanceof FailBack.After after
                        && isEligibleInBestClass(candidate)
                        && compare(candidate, winner) < 0
                ? Optional.of(later(candidate.steadySince(), after.stability()))
                : Optional.empty();
    }

    /** No later than the last instant there is. */
    private static Instant later(Instant instant, Duration time) {
        return time.compareTo(Duration.between(instant, Instant.MAX)) < 0 ? instant.plus(time) : Instant.MAX;
    }
}
