package dev.wayleave.election;

import dev.wayleave.mesh.NodeId;
import java.util.Objects;

/**
 * Why a candidate won an election.
 *
 * <p>Immutable and safe for use by several threads. What put the others behind it is told by their {@link Loss}.
 */
public sealed interface Win {

    /** It had the prefix before and nothing moved it. */
    record Stays() implements Win {}

    /** It is the only candidate, and did not have the prefix. */
    record OnlyCandidate() implements Win {}

    /** It goes before the other candidates; the prefix had no primary, or one that is gone or of a worse class. */
    record GoesFirst() implements Win {}

    /**
     * It goes before the incumbent, which is of its class, and fail-back lets it take the prefix.
     *
     * @param incumbent the node that had the prefix
     */
    record FailsBack(NodeId incumbent) implements Win {

        /**
         * Refuses null.
         *
         * @param incumbent the node that had the prefix
         */
        public FailsBack {
            Objects.requireNonNull(incumbent, "incumbent");
        }
    }
}
