package dev.wayleave;

import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Outcome;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a node carries a prefix, or does not: every step of a route's life, with the one reason that decided each.
 *
 * <p>Immutable and safe for use by several threads. The reasons are of the kinds that events carry; {@link #toString}
 * prints them. The election says why the primary stays now: for one that took over, that it is the incumbent. Why it took
 * over is in the event of that step.
 *
 * @param prefix a subnet or exit route
 * @param node the node that is asked about
 * @param advertised whether the node says that it can carry it
 * @param verdict whether it may
 * @param holders every node on which the prefix is effective, in the order of their numbers
 * @param election why the primary stays who it is; empty for an exit route, and for a prefix that is effective nowhere
 */
public record Explanation(
        Prefix prefix,
        NodeId node,
        boolean advertised,
        Verdict verdict,
        List<Holder> holders,
        Optional<Outcome> election) {

    /**
     * Copies the list.
     *
     * @param prefix a subnet or exit route
     * @param node the node that is asked about
     * @param advertised whether the node says that it can carry it
     * @param verdict whether it may
     * @param holders every node on which the prefix is effective, in the order of their numbers
     * @param election why the primary stays who it is; empty for an exit route, and for a prefix that is effective nowhere
     */
    public Explanation {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(election, "election");
        holders = Copies.list(holders, "holders");
    }

    /**
     * A node on which the prefix is effective.
     *
     * @param node the node
     * @param name its name
     * @param liveness whether it is there
     * @param candidateClass how fit it is
     * @param graceUntil when its grace ends, if it is in it
     */
    public record Holder(
            NodeId node, String name, Liveness liveness, CandidateClass candidateClass, Optional<Instant> graceUntil) {

        /**
         * Refuses null.
         *
         * @param node the node
         * @param name its name
         * @param liveness whether it is there
         * @param candidateClass how fit it is
         * @param graceUntil when its grace ends, if it is in it
         */
        public Holder {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(liveness, "liveness");
            Objects.requireNonNull(candidateClass, "candidateClass");
            Objects.requireNonNull(graceUntil, "graceUntil");
        }
    }

    /**
     * Tells whether the prefix is in force on the node.
     *
     * @return true if it is advertised and approved
     */
    public boolean isEffective() {
        return advertised && verdict instanceof Verdict.AlreadyApproved;
    }

    /**
     * Tells whether the node carries the prefix: as the primary, or as one of the exit nodes.
     *
     * @return true if traffic may go there
     */
    public boolean isServing() {
        return isEffective()
                && (prefix.isExitRoute()
                        || election.flatMap(Outcome::primary)
                                .filter(node::equals)
                                .isPresent());
    }

    /**
     * Returns the explanation for a person to read.
     *
     * @return several lines, each ending in a line feed
     */
    @Override
    public String toString() {
        return ReasonText.explain(this);
    }
}
