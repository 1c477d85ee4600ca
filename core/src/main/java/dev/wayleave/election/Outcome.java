package dev.wayleave.election;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of an election of one prefix.
 */
public sealed interface Outcome extends NamedKind {

    /**
     * Prints the result.
     *
     * @param names how texts call nodes and entries of the policy
     * @return for example {@code berlin-a, the only candidate}
     */
    String text(Names names);

    /**
     * Prints the result for one node: why it carries the prefix, or does not.
     *
     * @param names how texts call nodes and entries of the policy
     * @param node a node on which the prefix is effective
     * @return for example {@code berlin-a had it before}
     */
    String text(Names names, NodeId node);

    /** {@return the node that carries the prefix; empty if the prefix is unserved} */
    Optional<NodeId> primary();

    /**
     * A candidate carries the prefix.
     *
     * @param winner the primary
     * @param reason why it won
     * @param losers every other candidate with the reason, in the order of their numbers
     */
    @Kind("elected")
    record Elected(NodeId winner, Win reason, List<Loss> losers) implements Outcome {

        public Elected {
            Objects.requireNonNull(winner, "winner");
            Objects.requireNonNull(reason, "reason");
            losers = Copies.list(losers, "losers");
        }

        @Override
        public Optional<NodeId> primary() {
            return Optional.of(winner);
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            boolean alone = reason instanceof Win.OnlyCandidate;
            return names.node(winner) + ", " + (alone ? "the only candidate" : reason.text(names));
        }

        @Override
        public String text(Names names, NodeId node) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(node, "node");
            if (winner.equals(node)) {
                return reason.text(names);
            }
            return losers.stream()
                    .filter(loss -> loss.node().equals(node))
                    .findFirst()
                    .map(loss -> loss.text(names))
                    .orElse(OutcomeText.OFFLINE);
        }
    }

    /**
     * There is no candidate, and the last primary stays ({@link OfflineRule#KEEP_LAST}).
     *
     * @param last the node that had the prefix
     */
    @Kind("kept")
    record Kept(NodeId last) implements Outcome {

        public Kept {
            Objects.requireNonNull(last, "last");
        }

        @Override
        public Optional<NodeId> primary() {
            return Optional.of(last);
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return names.node(last) + " is kept, though no candidate is left";
        }

        @Override
        public String text(Names names, NodeId node) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(node, "node");
            return last.equals(node) ? "no candidate is left, and it was the last primary" : OutcomeText.OFFLINE;
        }
    }

    /** There is no candidate and no primary. */
    @Kind("unserved")
    record Unserved() implements Outcome {

        @Override
        public Optional<NodeId> primary() {
            return Optional.empty();
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "no candidate is left";
        }

        @Override
        public String text(Names names, NodeId node) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(node, "node");
            return OutcomeText.OFFLINE;
        }
    }
}
