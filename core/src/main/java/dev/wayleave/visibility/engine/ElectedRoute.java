package dev.wayleave.visibility.engine;

import com.google.common.collect.Lists;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of the election for one subnet prefix: who carries it for the tailnet, and who could.
 *
 * @param primaryOrNull the primary, also one that is only kept; null if the prefix is unserved
 * @param candidates the nodes that could carry the prefix now, best first: by class, then priority, registered first
 *     and lower number, without regard to who is primary; {@link #of} makes it so
 */
public record ElectedRoute(@Nullable NodeId primaryOrNull, List<NodeId> candidates) {

    /** A prefix without a primary and without candidates. */
    public static final ElectedRoute UNSERVED = new ElectedRoute(null, List.of());

    public ElectedRoute {
        candidates = Copies.list(candidates, "candidates");
    }

    /** {@return the primary, also one that is only kept; empty if the prefix is unserved} */
    public Optional<NodeId> primary() {
        return Optional.ofNullable(primaryOrNull);
    }

    /**
     * Returns what visibility reads of an election. Grace does not change the order of the candidates: a node that
     * reconnects keeps its viewers only if it keeps its place.
     *
     * @param primaryOrNull the primary, also one that is only kept; null if the prefix is unserved
     * @param candidates all candidates of the prefix, in any order
     * @param order which of two candidates of one class goes first
     * @return the primary, and the candidates best first
     */
    public static ElectedRoute of(
            @Nullable NodeId primaryOrNull, Collection<Candidate> candidates, ElectionOrder order) {
        Copies.refuseNull(candidates, "candidates");
        Objects.requireNonNull(order, "order");
        List<Candidate> sorted = new ArrayList<>(candidates);
        sorted.sort(Comparator.comparing(Candidate::candidateClass).thenComparing(order::compare));
        return new ElectedRoute(primaryOrNull, Lists.transform(sorted, Candidate::node));
    }
}
