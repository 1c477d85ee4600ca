package dev.wayleave.election;

import dev.wayleave.mesh.Node;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;

/**
 * Puts candidates of one class in order, by priority, registration and number: the last comparison of an election, and
 * the reason of a candidate that loses by it. {@link PrimaryElection} has the comparisons before it. Priorities are set
 * by {@code RoutingSettingsBuilder.priority}.
 *
 * <p>A new criterion, such as a weight, must be added at these places:
 *
 * <ol>
 *   <li>{@code settings.RoutingSettingsBuilder} sets it, and {@code settings.SettingsText} stores it; if it belongs to
 *       a node, {@code SettingsCommands.forgetPriorities} removes it together with the node;
 *   <li>{@link Candidate} has it; the package-private {@code CandidateCache} makes candidates. If it is a fact of the
 *       node, {@code NodeState.hasSameElectionFacts} compares it;
 *   <li>{@link ElectionOrder}, if not every tailnet reads it;
 *   <li>here: {@code criterion}, {@link #compare} and {@code loss}, with a member of {@link Win.Criterion} and one of
 *       {@link Loss};
 *   <li>{@code NaiveElection} in the tests, which implements the order a second time, and {@code ReferenceRouting},
 *       which makes candidates;
 *   <li>{@code docs/json.md} and the JSON schema.
 * </ol>
 *
 * <p>The carrier that a single viewer gets follows this order, too: views read candidates in it.
 */
public final class CandidateOrder {

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

    /**
     * Compares two candidates of one class by the first criterion by which they differ, of those that the order reads.
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
