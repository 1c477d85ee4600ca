package dev.wayleave.election;

import dev.wayleave.mesh.Node;
import java.time.Instant;
import java.util.Comparator;

/**
 * The order of the candidates of one class: by priority, registration and number. An election compares by it last
 * ({@link PrimaryElection} has the comparisons before it), and a candidate that loses by it has the criterion as its
 * reason. Priorities are set by {@code RoutingSettingsBuilder.priority}.
 *
 * <p><b>A new criterion</b>, such as a weight, must be added at these places. A weight here only puts candidates in
 * order: one primary carries all traffic of a prefix, and no load is shared.
 *
 * <ol>
 *   <li>If it belongs to the settings: {@code settings.RoutingSettings} holds it (also {@code equals} and
 *       {@code toBuilder}), {@code RoutingSettingsBuilder} sets it (also {@code noPriority}), and {@code SettingsText}
 *       stores it. {@code SettingsCommands} must make new candidates when it changes ({@code apply}), and must remove
 *       it together with the node ({@code forgetPriorities});
 *   <li>if it is a fact of the node: {@code mesh.Node}, {@code json.engine.Forms.NodeForm}, the columns of a node
 *       ({@code RowWriter} of {@code wayleave-storage-jdbc}), and {@code NodeState.hasSameElectionFacts};
 *   <li>{@link Candidate} has it (also {@code toBuilder}, {@code equals} and {@code toString}); the package-private
 *       {@code CandidateCache} makes candidates, and reuses the last one if all facts are equal;
 *   <li>{@link ElectionOrder}, if a tailnet may choose an order without it;
 *   <li>here: {@code criterion}, {@link #compare} and {@code loss}, with one of {@link Loss}, and with a member of
 *       {@link Win.Criterion} at its place in the order of comparison, by which {@code Ballot.lastCriterion} compares;
 *   <li>the slow twins in the tests: {@code NaiveElection}, {@code NaiveElectedRoute}, and {@code ReferenceRouting},
 *       which makes candidates;
 *   <li>generators in the tests: {@code PrimaryElectionPropertyTest.candidate} and
 *       {@code visibility.engine.Tailnets.candidate};
 *   <li>other tests: {@code Invariants} ({@code checkCandidates}, {@code carriers}, {@code checkRemoved}),
 *       {@code RoutingArbitraries.settings}, {@code RoutingSettingsTest.changes}, {@code TextsOfReasonsTest};
 *   <li>documents: {@code docs/json.md}, {@code docs/routing-json.schema.json}, {@code CHANGELOG.md}.
 * </ol>
 *
 * <p>Views read this order, too: a viewer that may not reach the prefix through the primary gets it from the first
 * other candidate through which it may.
 */
final class CandidateOrder {

    /** The earlier first; a time that is not known comes last. */
    private static final Comparator<Instant> BY_REGISTRATION = Comparator.<Instant, Boolean>comparing(
                    Node.REGISTRATION_UNKNOWN::equals)
            .thenComparing(Comparator.naturalOrder());

    private CandidateOrder() {}

    /** The first criterion by which two candidates of one class differ, as far as the order reads them. */
    static Win.Criterion criterion(Candidate one, Candidate other, ElectionOrder order) {
        if (order == ElectionOrder.PRIORITY_REGISTERED_ID) {
            if (one.priority() != other.priority()) {
                return Win.Criterion.PRIORITY;
            }
            if (!one.registeredAt().equals(other.registeredAt())) {
                return Win.Criterion.REGISTRATION;
            }
        }
        return Win.Criterion.NUMBER;
    }

    /** Below 0 if the first of the two goes first, by the first criterion by which they differ. */
    static int compare(Candidate one, Candidate other, ElectionOrder order) {
        return switch (criterion(one, other, order)) {
            case GRACE, CANDIDATE_CLASS -> throw new IllegalStateException("these are compared before the order");
            case PRIORITY -> Integer.compare(other.priority(), one.priority());
            case REGISTRATION -> BY_REGISTRATION.compare(one.registeredAt(), other.registeredAt());
            case NUMBER -> one.node().compareTo(other.node());
        };
    }

    /** The reason of a candidate that comes behind a winner of its class. */
    static Loss loss(Candidate loser, Candidate winner, ElectionOrder order) {
        return switch (criterion(loser, winner, order)) {
            case GRACE, CANDIDATE_CLASS -> throw new IllegalStateException("these are compared before the order");
            case PRIORITY -> new Loss.LowerPriority(loser.node(), loser.priority(), winner.node(), winner.priority());
            case REGISTRATION ->
                new Loss.RegisteredLater(loser.node(), loser.registeredAt(), winner.node(), winner.registeredAt());
            case NUMBER -> new Loss.HigherId(loser.node(), winner.node());
        };
    }
}
