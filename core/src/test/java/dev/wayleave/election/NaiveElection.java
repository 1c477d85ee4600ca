package dev.wayleave.election;

import dev.wayleave.mesh.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The slow twin of {@link Ballot}: every candidate is compared with every other, and the winner is the one that beats
 * them all. The reason of a loser is the first step at which it differs from the winner.
 */
final class NaiveElection {

    private final List<Candidate> candidates;
    private final @Nullable NodeId incumbent;
    private final ElectionRule rule;
    private final Instant now;

    NaiveElection(List<Candidate> candidates, @Nullable NodeId incumbent, ElectionRule rule, Instant now) {
        this.candidates = candidates;
        this.incumbent = incumbent;
        this.rule = rule;
        this.now = now;
    }

    Outcome outcome() {
        for (Candidate one : candidates) {
            if (candidates.stream().allMatch(other -> other.equals(one) || beats(one, other))) {
                return new Outcome.Elected(one.node(), why(one), losers(one));
            }
        }
        if (rule.offline() == OfflineRule.KEEP_LAST && incumbent != null) {
            return new Outcome.Kept(incumbent);
        }
        return new Outcome.Unserved();
    }

    private boolean beats(Candidate one, Candidate other) {
        if (getsNothingNew(one) != getsNothingNew(other)) {
            return getsNothingNew(other);
        }
        if (one.candidateClass() != other.candidateClass()) {
            return one.candidateClass().ordinal() < other.candidateClass().ordinal();
        }
        if (leavesItToTheIncumbent(one) != leavesItToTheIncumbent(other)) {
            return leavesItToTheIncumbent(other);
        }
        return goesBefore(one, other);
    }

    /** In grace, without the prefix, and another candidate is out of grace or has the prefix. */
    private boolean getsNothingNew(Candidate one) {
        return one.isInGrace()
                && !hasIt(one)
                && candidates.stream().anyMatch(other -> !other.isInGrace() || hasIt(other));
    }

    private boolean hasIt(Candidate one) {
        return one.node().equals(incumbent);
    }

    /** The incumbent is of the same class, and fail-back does not let this one take its place. */
    private boolean leavesItToTheIncumbent(Candidate one) {
        boolean incumbentOfThisClass =
                candidates.stream().anyMatch(other -> hasIt(other) && other.candidateClass() == one.candidateClass());
        return incumbentOfThisClass && !hasIt(one) && !failBackLets(one);
    }

    private boolean failBackLets(Candidate one) {
        if (rule.failBack() instanceof FailBack.After after) {
            return !now.isBefore(one.steadySince().plus(after.stability()));
        }
        return rule.failBack().equals(FailBack.atOnce());
    }

    private boolean goesBefore(Candidate one, Candidate other) {
        Comparator<Candidate> order = Comparator.comparing(Candidate::node);
        if (rule.order() == ElectionOrder.PRIORITY_REGISTERED_ID) {
            order = Comparator.comparing((Candidate c) -> -(long) c.priority())
                    .thenComparing(c -> c.registeredAt().equals(Instant.EPOCH)) // not known
                    .thenComparing(Candidate::registeredAt)
                    .thenComparing(order);
        }
        return order.compare(one, other) < 0;
    }

    private Win why(Candidate winner) {
        if (hasIt(winner)) {
            return new Win.Stays();
        }
        if (candidates.size() == 1) {
            return new Win.OnlyCandidate();
        }
        boolean incumbentOfThisClass = candidates.stream()
                .anyMatch(other -> hasIt(other) && other.candidateClass() == winner.candidateClass());
        return incumbentOfThisClass ? new Win.FailsBack(incumbent) : new Win.GoesFirst(lastCriterion(winner));
    }

    /** Grace counts first, then the class, the priority, the date and the number: the last of them that was needed. */
    private Win.Criterion lastCriterion(Candidate winner) {
        Set<Class<? extends Loss>> losses =
                losers(winner).stream().map(Loss::getClass).collect(Collectors.toSet());
        if (losses.contains(Loss.HigherId.class)) {
            return Win.Criterion.NUMBER;
        }
        if (losses.contains(Loss.RegisteredLater.class)) {
            return Win.Criterion.REGISTRATION;
        }
        if (losses.contains(Loss.LowerPriority.class)) {
            return Win.Criterion.PRIORITY;
        }
        return losses.contains(Loss.WorseClass.class) ? Win.Criterion.CANDIDATE_CLASS : Win.Criterion.GRACE;
    }

    private List<Loss> losers(Candidate winner) {
        List<Loss> losers = new ArrayList<>();
        candidates.stream()
                .filter(candidate -> !candidate.equals(winner))
                .sorted(Comparator.comparing(Candidate::node))
                .forEach(loser -> losers.add(loss(loser, winner)));
        return losers;
    }

    private Loss loss(Candidate loser, Candidate winner) {
        NodeId id = loser.node();
        if (getsNothingNew(loser)) {
            return new Loss.InGrace(id, winner.node());
        }
        if (loser.candidateClass() != winner.candidateClass()) {
            return new Loss.WorseClass(id, loser.candidateClass(), winner.node(), winner.candidateClass());
        }
        if (leavesItToTheIncumbent(loser)) {
            if (rule.failBack().equals(FailBack.never())) {
                return new Loss.IncumbentStays(id, winner.node());
            }
            if (goesBefore(loser, winner) && rule.failBack() instanceof FailBack.After after) {
                return new Loss.NotYetStable(
                        id, winner.node(), loser.steadySince().plus(after.stability()));
            }
        }
        if (rule.order() == ElectionOrder.PRIORITY_REGISTERED_ID) {
            if (loser.priority() != winner.priority()) {
                return new Loss.LowerPriority(id, loser.priority(), winner.node(), winner.priority());
            }
            if (!loser.registeredAt().equals(winner.registeredAt())) {
                return new Loss.RegisteredLater(id, loser.registeredAt(), winner.node(), winner.registeredAt());
            }
        }
        return new Loss.HigherId(id, winner.node());
    }
}
