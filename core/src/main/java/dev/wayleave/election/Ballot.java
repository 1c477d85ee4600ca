package dev.wayleave.election;

import dev.wayleave.mesh.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One election with at least one candidate. The winner is the first by these comparisons, in this order:
 *
 * <pre>
 *   not held back by grace ──► better class ──► does not have to leave it to the incumbent ──► CandidateOrder
 * </pre>
 *
 * <p>The reason of a loser is the first of them by which it comes behind the winner.
 */
final class Ballot {

    private final List<Candidate> candidates;
    private final @Nullable Candidate incumbent;
    private final ElectionRule rule;
    private final Instant now;
    private final Candidate winner;

    Ballot(List<Candidate> candidates, @Nullable NodeId incumbent, ElectionRule rule, Instant now) {
        this.candidates = candidates;
        this.incumbent = find(candidates, incumbent);
        this.rule = rule;
        this.now = now;
        this.winner = first();
    }

    private static @Nullable Candidate find(List<Candidate> candidates, @Nullable NodeId node) {
        for (Candidate candidate : candidates) {
            if (candidate.node().equals(node)) {
                return candidate;
            }
        }
        return null;
    }

    private Candidate first() {
        Candidate first = candidates.get(0);
        for (int i = 1; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (compare(candidate, first) < 0) {
                first = candidate;
            }
        }
        return first;
    }

    private int compare(Candidate one, Candidate other) {
        int byGrace = Boolean.compare(isHeldBack(one), isHeldBack(other));
        if (byGrace != 0) {
            return byGrace;
        }
        int byClass = one.candidateClass().compareTo(other.candidateClass());
        if (byClass != 0) {
            return byClass;
        }
        int byIncumbent = Boolean.compare(leavesItToIncumbent(one), leavesItToIncumbent(other));
        return byIncumbent != 0 ? byIncumbent : CandidateOrder.compare(one, other, rule.order());
    }

    private boolean isIncumbent(Candidate candidate) {
        return incumbent != null && candidate.node().equals(incumbent.node());
    }

    /** In grace without the prefix: it loses to the incumbent, and to each candidate that is out of grace. */
    private boolean isHeldBack(Candidate candidate) {
        return candidate.isInGrace() && !isIncumbent(candidate);
    }

    /** The incumbent is of the same class, and fail-back does not let this candidate replace it. */
    private boolean leavesItToIncumbent(Candidate candidate) {
        return isIncumbentOfClass(candidate.candidateClass())
                && !isIncumbent(candidate)
                && !mayReplaceIncumbent(candidate);
    }

    private boolean isIncumbentOfClass(CandidateClass candidateClass) {
        return incumbent != null && incumbent.candidateClass() == candidateClass;
    }

    private boolean mayReplaceIncumbent(Candidate candidate) {
        if (rule.failBack() instanceof FailBack.After after) {
            // a difference, not a sum: it cannot leave the range of instants
            return Duration.between(candidate.steadySince(), now).compareTo(after.stability()) >= 0;
        }
        return rule.failBack() instanceof FailBack.AtOnce;
    }

    Candidate winner() {
        return winner;
    }

    Win reason() {
        if (isIncumbent(winner)) {
            return new Win.Stays();
        }
        if (candidates.size() == 1) {
            return new Win.OnlyCandidate();
        }
        if (incumbent != null && isIncumbentOfClass(winner.candidateClass())) {
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
        if (isHeldBack(loser) != isHeldBack(winner)) {
            return Win.Criterion.GRACE;
        }
        return loser.candidateClass() == winner.candidateClass()
                ? CandidateOrder.criterion(winner, loser, rule.order())
                : Win.Criterion.CANDIDATE_CLASS;
    }

    Loss lossOf(Candidate loser) {
        Win.Criterion criterion = criterionAgainst(loser);
        if (criterion == Win.Criterion.GRACE) {
            return new Loss.InGrace(loser.node(), winner.node());
        }
        if (criterion == Win.Criterion.CANDIDATE_CLASS) {
            return new Loss.WorseClass(loser.node(), loser.candidateClass(), winner.node(), winner.candidateClass());
        }
        if (leavesItToIncumbent(loser) && rule.failBack() instanceof FailBack.Never) {
            return new Loss.IncumbentStays(loser.node(), winner.node());
        }
        return waitsUntil(loser)
                .<Loss>map(until -> new Loss.NotYetStable(loser.node(), winner.node(), until))
                .orElseGet(() -> CandidateOrder.loss(loser, winner, rule.order()));
    }

    /** When a candidate that goes before the winner, and lacks nothing but stability, will be stable enough. */
    Optional<Instant> waitsUntil(Candidate candidate) {
        return rule.failBack() instanceof FailBack.After after
                        && isHeldBack(candidate) == isHeldBack(winner)
                        && candidate.candidateClass() == winner.candidateClass()
                        && leavesItToIncumbent(candidate)
                        && CandidateOrder.compare(candidate, winner, rule.order()) < 0
                ? Optional.of(later(candidate.steadySince(), after.stability()))
                : Optional.empty();
    }

    /** No later than the last instant there is. */
    private static Instant later(Instant instant, Duration time) {
        return time.compareTo(Duration.between(instant, Instant.MAX)) < 0 ? instant.plus(time) : Instant.MAX;
    }
}
