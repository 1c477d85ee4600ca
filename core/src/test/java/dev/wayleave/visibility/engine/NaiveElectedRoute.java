package dev.wayleave.visibility.engine;

import dev.wayleave.election.Candidate;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.testing.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The candidates of a prefix put in order one by one: class, priority, registered first, lower
 * number.
 */
final class NaiveElectedRoute {

    private static final List<CandidateClass> BEST_FIRST = List.of(
            CandidateClass.HEALTHY, CandidateClass.DRAINING, CandidateClass.UNHEALTHY, CandidateClass.KEY_EXPIRED);

    private final ElectionOrder order;
    private final Fault fault;

    private NaiveElectedRoute(ElectionOrder order, Fault fault) {
        this.order = order;
        this.fault = fault;
    }

    static ElectedRoute of(Tailnets.Election election, Fault fault) {
        NaiveElectedRoute naive = new NaiveElectedRoute(election.order(), fault);
        List<Candidate> rest = new ArrayList<>(election.candidates());
        List<NodeId> ordered = new ArrayList<>();
        while (!rest.isEmpty()) {
            Candidate best = rest.get(0);
            for (Candidate candidate : rest) {
                if (naive.goesBefore(candidate, best)) {
                    best = candidate;
                }
            }
            ordered.add(best.node());
            rest.remove(best);
        }
        return new ElectedRoute(election.outcome().primary().orElse(null), ordered);
    }

    private boolean goesBefore(Candidate one, Candidate other) {
        if (fault == Fault.GRACE_COUNTS_FOR_A_VIEWER && one.isInGrace() != other.isInGrace()) {
            return other.isInGrace();
        }
        if (fault != Fault.THE_CLASS_DOES_NOT_COUNT && one.candidateClass() != other.candidateClass()) {
            return BEST_FIRST.indexOf(one.candidateClass()) < BEST_FIRST.indexOf(other.candidateClass());
        }
        boolean byNumber = order == ElectionOrder.LOWEST_ID && fault != Fault.THE_ORDER_OF_THE_TAILNET_IS_NOT_ASKED;
        if (!byNumber && fault != Fault.PRIORITIES_DO_NOT_COUNT && one.priority() != other.priority()) {
            return one.priority() > other.priority();
        }
        boolean together = one.registeredAt().equals(other.registeredAt());
        if (!byNumber && fault != Fault.WHO_REGISTERED_FIRST_DOES_NOT_COUNT && !together) {
            boolean isKnown = !one.registeredAt().equals(Instant.EPOCH);
            boolean isOtherKnown = !other.registeredAt().equals(Instant.EPOCH);
            return isKnown && (!isOtherKnown || one.registeredAt().isBefore(other.registeredAt()));
        }
        return one.node().value() < other.node().value();
    }
}
