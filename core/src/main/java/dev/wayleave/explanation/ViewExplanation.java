package dev.wayleave.explanation;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.election.Outcome;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.RouteAnswer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The explanation why a viewer gets a route, or does not: for every node that has the prefix, the one reason that
 * decided.
 *
 * <p>The reasons are the same that events and {@link dev.wayleave.visibility.ViewChange} carry; {@link #text} prints
 * them.
 *
 * @param prefix a subnet or exit route
 * @param viewer the node whose view it is
 * @param offers every node on which the prefix is effective, in the order of their numbers, the viewer among them
 * @param electionOrNull why the primary stays who it is; null for an exit route, and for a prefix that is effective
 *     nowhere
 */
public record ViewExplanation(
        Prefix prefix,
        NodeId viewer,
        List<Offer> offers,
        @Nullable Outcome electionOrNull) {

    public ViewExplanation {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(viewer, "viewer");
        offers = Copies.list(offers, "offers");
    }

    /**
     * A node on which the prefix is effective, and whether the viewer may send it there.
     *
     * @param holder the node, and how it is
     * @param answer given, or withheld, with the reason; of the viewer itself, that the route is its own
     */
    public record Offer(RouteExplanation.Holder holder, RouteAnswer answer) {

        public Offer {
            Objects.requireNonNull(holder, "holder");
            Objects.requireNonNull(answer, "answer");
        }
    }

    /**
     * {@return why the primary stays who it is; empty for an exit route, and for a prefix that is effective nowhere}
     */
    public Optional<Outcome> election() {
        return Optional.ofNullable(electionOrNull);
    }

    /**
     * {@return the nodes to which the viewer may send the prefix; in order; at most one for a subnet route, any number
     * for an exit route}
     */
    public SortedSet<NodeId> carriers() {
        return offers.stream()
                .filter(offer -> offer.answer().isGiven())
                .map(offer -> offer.holder().node())
                .collect(ImmutableSortedSet.toImmutableSortedSet(NodeId::compareTo));
    }

    private String name(NodeId node) {
        return offers.stream()
                .map(Offer::holder)
                .filter(holder -> holder.node().equals(node))
                .map(RouteExplanation.Holder::name)
                .findFirst()
                .orElse("node " + node);
    }

    /**
     * Prints the explanation.
     *
     * @param names how texts call nodes and entries of the policy
     * @return several lines, each ending in a line feed
     */
    public String text(Names names) {
        Objects.requireNonNull(names, "names");
        return new ExplanationText(names).of(this);
    }

    /** {@return the explanation for a person to read; several lines, each ending in a line feed} */
    @Override
    public String toString() {
        return text(Names.of(this::name));
    }
}
