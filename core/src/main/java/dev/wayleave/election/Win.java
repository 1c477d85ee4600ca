package dev.wayleave.election;

import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.util.Objects;

/**
 * The reason why a candidate won an election.
 *
 * <p>Each other candidate has a {@link Loss} with its reason.
 */
public sealed interface Win extends NamedKind {

    /**
     * Prints why the candidate won, as words after its name.
     *
     * @param names how texts call nodes and entries of the policy
     * @return for example {@code is the only candidate}
     */
    String text(Names names);

    /** It had the prefix before and nothing moved it. */
    @Kind("stays")
    record Stays() implements Win {

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "had it before and nothing moved it";
        }
    }

    /** It is the only candidate, and did not have the prefix. */
    @Kind("only-candidate")
    record OnlyCandidate() implements Win {

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "is the only candidate";
        }
    }

    /**
     * It goes before the other candidates; the prefix had no primary, or one that is gone or of a worse class.
     *
     * @param criterion what decided against the last other candidate; the other ones lost by it or by an earlier one
     */
    @Kind("goes-first")
    record GoesFirst(Criterion criterion) implements Win {

        public GoesFirst {
            Objects.requireNonNull(criterion, "criterion");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "goes before the other candidates: " + criterion.text;
        }
    }

    /** The criteria of an election among candidates that do not have the prefix, in the order in which they count. */
    enum Criterion {
        /** The other candidates are in their grace, and a candidate in grace gets no new prefix. */
        GRACE("they are in their grace"),
        /** The winner is of a better {@link CandidateClass}. */
        CANDIDATE_CLASS("its candidate class is better"),
        /** The winner has a higher priority. */
        PRIORITY("it has a higher priority"),
        /** The winner registered earlier. */
        REGISTRATION("it registered earlier"),
        /** The winner has the lower number. */
        NUMBER("it has the lower number");

        private final String text;

        Criterion(String text) {
            this.text = text;
        }
    }

    /**
     * It goes before the incumbent, which is of its class, and fail-back lets it take the prefix.
     *
     * @param incumbent the node that had the prefix
     */
    @Kind("fails-back")
    record FailsBack(NodeId incumbent) implements Win {

        public FailsBack {
            Objects.requireNonNull(incumbent, "incumbent");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "takes it back from " + names.node(incumbent);
        }
    }
}
