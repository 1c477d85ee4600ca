package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A finding of an import about a route of a node: advertised, approved or primary. */
public sealed interface RouteReason extends ImportFinding.Reason {

    /**
     * A node has the same prefix twice. It is imported once: approved if it is approved in one of the two places.
     *
     * @param column the column with the prefix
     * @param node the node
     * @param prefix the prefix
     */
    record DuplicateFolded(String column, NodeId node, Prefix prefix) implements RouteReason {
        @Override
        public String kind() {
            return "duplicate-folded";
        }

        public DuplicateFolded {
            Objects.requireNonNull(column, "column");
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public String message() {
            return "`" + prefix + "` is listed twice for node `" + node + "` in `" + column + "`: imported once";
        }
    }

    /**
     * One exit route is approved without the other. It is imported as it is; the next approval approves both.
     *
     * @param node the node
     * @param approved the exit route that is approved
     */
    record HalfExitPair(NodeId node, Prefix approved) implements RouteReason {
        @Override
        public String kind() {
            return "half-exit-pair";
        }

        public HalfExitPair {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(approved, "approved");
        }

        @Override
        public String message() {
            return "only `" + approved + "` of the two exit routes is approved on node `" + node
                    + "`: imported as it is; approve it again to approve both";
        }
    }

    /**
     * A route belongs to no node that is imported, and is left out.
     *
     * @param column the column that names the node
     * @param valueOrNull its value; null if it has none
     */
    record Orphan(String column, @Nullable String valueOrNull) implements RouteReason {
        @Override
        public String kind() {
            return "orphan";
        }

        public Orphan {
            Objects.requireNonNull(column, "column");
        }

        /** {@return the value of the column; empty if it has none} */
        public Optional<String> value() {
            return Optional.ofNullable(valueOrNull);
        }

        @Override
        public String message() {
            return (valueOrNull == null
                            ? "`" + column + "` names no node"
                            : "`" + column + "` is `" + valueOrNull + "`, and there is no such node")
                    + ": the route is left out";
        }
    }

    /** The reason why a primary is not kept as the incumbent. */
    enum NoIncumbent {
        /** The route is not both advertised and approved. */
        NOT_EFFECTIVE("it is not both advertised and approved"),
        /** Exit routes have no primary. */
        EXIT_ROUTE("exit routes have no primary"),
        /** A node with a lower id is primary of the same prefix. */
        SECOND("a node with a lower id is its primary too"),
        /** The node was known to the tailnet before the import. */
        NODE_KNOWN("the tailnet had the node before, and elects by its own facts"),
        /** The node is not imported. */
        NODE_REFUSED("the node is not imported"),
        /** Another node of the tailnet can carry the prefix already. */
        CARRIED("another node of the tailnet can carry it"),
        /** The tailnet's settings give no grace after a restart. */
        NO_GRACE("the settings give no grace after a restart");

        private final String words;

        NoIncumbent(String words) {
            this.words = words;
        }
    }

    /**
     * A node is marked as the primary of a prefix, and was not kept as its incumbent.
     *
     * @param node the node
     * @param prefix the prefix
     * @param reason the reason
     */
    record PrimaryNotKept(NodeId node, Prefix prefix, NoIncumbent reason) implements RouteReason {
        @Override
        public String kind() {
            return "primary-not-kept";
        }

        public PrimaryNotKept {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String message() {
            return "node `" + node + "` is not kept as the primary of `" + prefix + "`: " + reason.words;
        }
    }

    /**
     * An administrator of the tailnet decided otherwise about a prefix that Headscale had approved.
     *
     * @param node the node
     * @param prefix the prefix that Headscale had approved
     * @param reason the decision of the administrator
     */
    record ApprovalNotTaken(NodeId node, Prefix prefix, Verdict reason) implements RouteReason {
        @Override
        public String kind() {
            return "approval-not-taken";
        }

        public ApprovalNotTaken {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String message() {
            return "the approval of `" + prefix + "` on node `" + node + "` is not imported: "
                    + reason.text(Names.NUMBERS);
        }
    }

    /**
     * The policy approves a route that Headscale had not approved: Headscale would approve it at its next review.
     *
     * @param node the node
     * @param prefix the prefix
     * @param reason the entry of the policy that approves
     */
    record ApprovedByPolicy(NodeId node, Prefix prefix, Approver.AutoApprover reason) implements RouteReason {
        @Override
        public String kind() {
            return "approved-by-policy";
        }

        public ApprovedByPolicy {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public ImportFinding.Degree degree() {
            return ImportFinding.Degree.WARNING;
        }

        @Override
        public String message() {
            return "the policy approves `" + prefix + "` on node `" + node + "` by `"
                    + reason.selector().text() + "`; Headscale had not approved it yet";
        }
    }
}
