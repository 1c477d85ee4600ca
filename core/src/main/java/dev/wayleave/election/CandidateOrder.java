package dev.wayleave.election;

import dev.wayleave.mesh.NodeId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares two candidates. It is valid under every rule of fail-back except {@link FailBack.After}, whose result also
 * depends on time. One pass over the candidates finds the first, which is the winner of {@link Ballot}. Where
 * priorities are set: {@link ElectionOrder}.
 *
 * <pre>
 *   out of grace, or the incumbent ──► better class ──► incumbent, if it never fails back ──► ElectionOrder
 * </pre>
 */
public final class CandidateOrder {

    private CandidateOrder() {}

    /** Who wins, among at least one candidate. */
    static Candidate first(List<Candidate> candidates, @Nullable NodeId incumbent, ElectionRule rule) {
        Candidate first = candidates.get(0);
        for (int i = 1; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (compare(candidate, first, incumbent, rule) < 0) {
                first = candidate;
            }
        }
        return first;
    }

    private static int compare(Candidate one, Candidate other, @Nullable NodeId incumbent, ElectionRule rule) {
        boolean oneIsIncumbent = one.node().equals(incumbent);
        boolean otherIsIncumbent = other.node().equals(incumbent);
        int byGrace = Boolean.compare(one.isInGrace() && !oneIsIncumbent, other.isInGrace() && !otherIsIncumbent);
        if (byGrace != 0) {
            return byGrace;
        }
        int byClass = one.candidateClass().compareTo(other.candidateClass());
        if (byClass != 0) {
            return byClass;
        }
        if (rule.failBack() instanceof FailBack.Never && oneIsIncumbent != otherIsIncumbent) {
            return oneIsIncumbent ? -1 : 1;
        }
        return compare(one, other, rule.order());
    }

    /**
     * Compares two candidates of one class by priority, registration and number, as far as the order reads them.
     *
     * @param one a candidate
     * @param other another candidate
     * @param order what it reads
     * @return less than 0 if the first of the two goes first, more than 0 if the other does
     */
    public static int compare(Candidate one, Candidate other, ElectionOrder order) {
        Objects.requireNonNull(one, "one");
        Objects.requireNonNull(other, "other");
        Objects.requireNonNull(order, "order");
        if (order == ElectionOrder.PRIORITY_REGISTERED_ID) {
            int byPriority = Integer.compare(other.priority(), one.priority());
            if (byPriority != 0) {
                return byPriority;
            }
            int byDate = one.registeredAt().compareTo(other.registeredAt());
            if (byDate != 0) {
                return byDate;
            }
        }
        return one.node().compareTo(other.node());
    }
}
