package dev.wayleave.approval;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;
import java.util.List;
import java.util.Objects;

/**
 * The decision whether a node may carry a route, with its one reason: who approved the route, or why it is not
 * approved. {@code Routing.review(state, node, prefix)} returns it; {@link AutoApproval} decides what the policy
 * approves.
 *
 * <p>The members are in the order in which they are decided.
 *
 * <p><b>A new reason</b> needs changes at these places:
 *
 * <ol>
 *   <li>here a record with its text;
 *   <li>{@link AutoApproval}, if the reason depends on the policy, and its slow twin {@code NaiveAutoApproval} in the
 *       tests; {@code Approvals.settled}, if it depends only on an earlier decision about this route. If that decision
 *       is a new fact of the route, {@code NodeFacts.status} and {@code row.RouteRow.Status} have it too,
 *       {@code NaiveApprovals} in the tests, {@code RowDiff.known}, {@code NodeReader.addApproval}, and all places that
 *       {@code RowWriter} of {@code wayleave-storage-jdbc} lists;
 *   <li>{@code Explainer.remedies}: what the administrator can do. A new {@code RouteExplanation.Remedy} is a record
 *       there, with its text;
 *   <li>documents: {@code docs/json.md} and {@code docs/routing-json.schema.json} have each kind of reason and of
 *       remedy, {@code CHANGELOG.md} names it;
 *   <li>tests: {@code TextsOfReasonsTest}.
 * </ol>
 */
public sealed interface Verdict extends NamedKind {

    /**
     * Prints the reason: who approved the route, or what keeps it from being approved.
     *
     * @param names how texts call nodes and entries of the policy
     * @return for example {@code no key of `autoApprovers.routes` covers it, and no administrator approved it}
     */
    String text(Names names);

    /**
     * Prints the reason for a route that the node advertises. A route that the policy would approve may still wait for
     * approval, in two cases: an administrator revoked its approval; or the node advertised the route before the policy
     * changed, and the tailnet approves no such route ({@link ApprovalRule#retroactive}).
     *
     * @param names how texts call nodes and entries of the policy
     * @return what {@link #text} returns, or what has to happen before the policy approves the route
     */
    default String textIfAdvertised(Names names) {
        return this instanceof ApprovedByPolicy
                ? "approved once the node advertises it anew, " + text(names)
                : text(names);
    }

    /**
     * Prints the verdict as a statement of its own, for pages without a column that says "approved".
     *
     * @param names how texts call nodes and entries of the policy
     * @param advertised whether the node advertises the route
     * @return for an approved route, for example {@code approved by `ada` at 2026-01-01T10:00:00Z, and waits for the
     *     node to advertise it}; else what {@link #textIfAdvertised} returns for a route that is advertised, and
     *     {@link #text} for any other
     */
    default String statusText(Names names, boolean advertised) {
        if (this instanceof AlreadyApproved) {
            return "approved " + text(names) + (advertised ? "" : ", and waits for the node to advertise it");
        }
        return advertised ? textIfAdvertised(names) : text(names);
    }

    /** {@return whether the node may carry the route: it is approved already, or the policy approves it now} */
    default boolean isApproved() {
        return this instanceof AlreadyApproved || this instanceof ApprovedByPolicy;
    }

    /**
     * An administrator, an import or an earlier auto-approval approved the prefix; the policy is not asked again.
     *
     * @param approval by whom and when
     */
    @Kind("already-approved")
    record AlreadyApproved(Approval approval) implements Verdict {

        public AlreadyApproved {
            Objects.requireNonNull(approval, "approval");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return approval.text(names);
        }
    }

    /**
     * An administrator denied it, and only an administrator's approval lifts that.
     *
     * @param denial by whom and when
     */
    @Kind("denied")
    record Denied(Denial denial) implements Verdict {

        public Denied {
            Objects.requireNonNull(denial, "denial");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "denied " + denial.text(names) + "; only an administrator's approval lifts that";
        }
    }

    /**
     * Its approval went when the node stopped advertising it ({@link WithdrawalRule#REVOKE_APPROVAL}); it was not the
     * policy's, so only an administrator gives it back.
     *
     * @param approval what it had
     */
    @Kind("withdrawn")
    record Withdrawn(Approval approval) implements Verdict {

        public Withdrawn {
            Objects.requireNonNull(approval, "approval");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "its approval ended when the node stopped advertising it; it was approved " + approval.text(names);
        }
    }

    /**
     * The policy approves it, and it can be approved on the administrator's behalf.
     *
     * @param approver what in the policy does: of several keys the most specific one, of its list the first entry
     */
    @Kind("approved-by-policy")
    record ApprovedByPolicy(Approver.AutoApprover approver) implements Verdict {

        public ApprovedByPolicy {
            Objects.requireNonNull(approver, "approver");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return approver.text(names);
        }
    }

    /** It is a subnet route and no key under {@code autoApprovers.routes} covers it. */
    @Kind("no-key-covers")
    record NoKeyCovers() implements Verdict {

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "no key of `autoApprovers.routes` covers it, and no administrator approved it";
        }
    }

    /**
     * It is a subnet route that keys cover, and none of their approvers names the node.
     *
     * @param keys the keys, the most specific first
     */
    @Kind("no-approver-names-node")
    record NoApproverNamesNode(List<Prefix> keys) implements Verdict {

        public NoApproverNamesNode {
            keys = Copies.list(keys, "keys");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "no approver under " + Texts.join(keys) + " in `autoApprovers.routes` names this node";
        }
    }

    /** It is an exit route and {@code autoApprovers.exitNode} is empty; no key under {@code routes} covers one. */
    @Kind("no-exit-node-approver")
    record NoExitNodeApprover() implements Verdict {

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return "`autoApprovers` has no `exitNode`, and no administrator approved it";
        }
    }

    /**
     * It is an exit route and no entry of {@code autoApprovers.exitNode} names the node.
     *
     * @param listed the whole list, as the policy has it
     */
    @Kind("no-exit-node-approver-names-node")
    record NoExitNodeApproverNamesNode(List<Selector> listed) implements Verdict {

        public NoExitNodeApproverNamesNode {
            listed = Copies.list(listed, "listed");
        }

        @Override
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            String approvers = Texts.join(listed.stream().map(Selector::text).toList());
            return listed.size() == 1
                    ? approvers + " in `autoApprovers.exitNode` does not name this node"
                    : "none of " + approvers + " in `autoApprovers.exitNode` names this node";
        }
    }
}
