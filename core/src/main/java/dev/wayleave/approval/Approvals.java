package dev.wayleave.approval;

import com.google.common.collect.Collections2;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The approvals and denials of one node: by whom, and when.
 *
 * <p>An operation returns the next value together with what changed, and the same object if nothing did; it costs
 * {@code O(n)} in the routes of the node.
 *
 * <p>A route is in one of four states here, whether or not the node advertises it:
 *
 * <pre>
 *                 approve, auto-approve, import
 *     nothing ───────────────────────────────────► approved
 *      │   ▲                                       │ │ ▲ │ ▲
 *      │   └───────────────────────────────────────┘ │ │ │ │
 *      │      taken away (denials not remembered),   │ │ │ │
 *      │      or dropped and approved by the policy  │ │ │ │
 *      │                                             │ │ │ │ approve
 *      │                        taken away (denials  │ │ │ │
 *      │                        remembered)          │ │ │ │ dropped and approved by
 *      │ revoke                                      │ │ │ │ an administrator or an import
 *      │ (denials remembered)                        ▼ │ ▼ │
 *      └───────────────────────────────────────► denied  withdrawn
 *                                                     ▲      │
 *                                                     └──────┘
 *                                          revoke (denials remembered)
 *
 *     taken away   revoked, or left out of a new list
 *     dropped      no longer advertised, under REVOKE_APPROVAL
 * </pre>
 *
 * <p>The exit routes go in pairs: approving, revoking, denying or withdrawing one does so for both, whether or not both
 * are advertised. Only an import may bring one without the other; it is kept as read and reported.
 */
public final class Approvals {

    private static final Approvals NONE = builder().build();

    private final ImmutableSortedMap<Prefix, Approval> approved;
    private final ImmutableSortedMap<Prefix, Denial> denied;
    private final ImmutableSortedMap<Prefix, Approval> withdrawn;

    Approvals(
            SortedMap<Prefix, Approval> approved,
            SortedMap<Prefix, Denial> denied,
            SortedMap<Prefix, Approval> withdrawn) {
        this.approved = ImmutableSortedMap.copyOfSorted(approved);
        this.denied = ImmutableSortedMap.copyOfSorted(denied);
        this.withdrawn = ImmutableSortedMap.copyOfSorted(withdrawn);
    }

    /** {@return what a new node has; nothing approved, nothing denied} */
    public static Approvals none() {
        return NONE;
    }

    /** {@return an empty builder, for facts that were stored} */
    public static ApprovalsBuilder builder() {
        return new ApprovalsBuilder();
    }

    /** {@return what is approved, advertised or not; in the order of the prefixes; immutable} */
    public SortedMap<Prefix, Approval> approved() {
        return approved;
    }

    /** {@return what is denied; in the order of the prefixes; immutable; never the same routes as {@link #approved}} */
    public SortedMap<Prefix, Denial> denied() {
        return denied;
    }

    /**
     * {@return the approvals of an administrator or an import that routes lost when the node stopped advertising them,
     * in the order of the prefixes; immutable; auto-approval passes these routes over}
     */
    public SortedMap<Prefix, Approval> withdrawn() {
        return withdrawn;
    }

    /**
     * Returns what is in force: the routes that the node advertises and that are approved.
     *
     * @param advertised what the node advertises, in any order
     * @return both at once, in the order of the prefixes; immutable
     */
    public SortedSet<Prefix> effective(Collection<Prefix> advertised) {
        Copies.refuseNull(advertised, "advertised");
        // mostly all: then the node has one set for both
        ImmutableSortedSet<Prefix> all = ImmutableSortedSet.copyOf(advertised);
        return approved.keySet().containsAll(all)
                ? all
                : ImmutableSortedSet.copyOf(Collections2.filter(all, approved::containsKey));
    }

    /**
     * {@return the exit route that is approved without the other one, which only an import can bring about; the one
     * that is approved; empty if both are, or none}
     */
    public Optional<Prefix> halfExitPair() {
        boolean ipv4 = approved.containsKey(ExitPair.IPV4);
        boolean ipv6 = approved.containsKey(ExitPair.IPV6);
        return ipv4 == ipv6 ? Optional.empty() : Optional.of(ipv4 ? ExitPair.IPV4 : ExitPair.IPV6);
    }

    /**
     * Takes an administrator's new list of approved routes in place of the whole present one. What the list leaves out
     * is revoked. What it names is approved, even if it was denied; what was approved before keeps its date and
     * approver.
     *
     * @param prefixes the new list, in any order; advertised or not: a route may be approved first and wait
     * @param actor the administrator
     * @param at when
     * @param rule whether what is left out becomes denied
     * @return the approvals afterwards, and what changed
     */
    public ApprovalOutcome setApproved(Collection<Prefix> prefixes, Actor actor, Instant at, ApprovalRule rule) {
        Copies.refuseNull(prefixes, "prefixes");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(rule, "rule");
        ApprovalsEdit edit = new ApprovalsEdit(this);
        Set<Prefix> list = ExitPair.complete(prefixes);
        Approval approval = new Approval(new Approver.Administrator(actor), at);
        for (Prefix prefix : list) {
            edit.liftDenial(prefix);
            edit.approve(prefix, approval);
        }
        for (Prefix prefix : ExitPair.complete(Sets.difference(approved.keySet(), list))) {
            edit.takeAway(prefix, actor, at, rule);
        }
        return edit.outcome();
    }

    /**
     * An administrator approves prefixes; the approvals of other prefixes stay. A denied prefix becomes
     * approved; a prefix that was approved before keeps its date and approver, even if that is the policy, and the
     * outcome names it ({@link ApprovalChange.AlreadyApproved}).
     *
     * @param prefixes the prefixes, in any order; advertised or not: a prefix may be approved first and wait
     * @param actor the administrator
     * @param at when
     * @return the approvals afterwards, what changed, and what was approved already
     */
    public ApprovalOutcome approve(Collection<Prefix> prefixes, Actor actor, Instant at) {
        Copies.refuseNull(prefixes, "prefixes");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(at, "at");
        ApprovalsEdit edit = new ApprovalsEdit(this);
        Approval approval = new Approval(new Approver.Administrator(actor), at);
        for (Prefix prefix : ExitPair.complete(prefixes)) {
            Approval before = approved.get(prefix);
            if (before == null) {
                edit.liftDenial(prefix);
                edit.approve(prefix, approval);
            } else {
                edit.add(new ApprovalChange.AlreadyApproved(prefix, before));
            }
        }
        return edit.outcome();
    }

    /**
     * An administrator revokes approvals. Where denials are remembered, the prefixes are then denied, even those that
     * were not approved: the decision holds whether it comes before or after an auto-approval. Where they are not
     * remembered, a withdrawn prefix stays withdrawn, so that the policy does not approve a prefix that waited for an
     * administrator.
     *
     * @param prefixes the routes, in any order
     * @param actor the administrator
     * @param at when
     * @param rule whether the routes become denied
     * @return the approvals afterwards, and what changed
     */
    public ApprovalOutcome revoke(Collection<Prefix> prefixes, Actor actor, Instant at, ApprovalRule rule) {
        Copies.refuseNull(prefixes, "prefixes");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(rule, "rule");
        ApprovalsEdit edit = new ApprovalsEdit(this);
        for (Prefix prefix : ExitPair.complete(prefixes)) {
            edit.takeAway(prefix, actor, at, rule);
        }
        return edit.outcome();
    }

    /**
     * Approves what the policy approves of the routes that a node advertises. Only ever adds; doing it twice is doing
     * it once.
     *
     * @param owner whose the node is
     * @param advertised what the node advertises, in any order
     * @param policy the policy's auto-approval
     * @param at when
     * @return the approvals afterwards, and what changed
     */
    public ApprovalOutcome autoApprove(Owner owner, Collection<Prefix> advertised, AutoApproval policy, Instant at) {
        Objects.requireNonNull(owner, "owner");
        Copies.refuseNull(advertised, "advertised");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(at, "at");
        ApprovalsEdit edit = null;
        Approval approval = null;
        for (Prefix prefix : advertised) {
            if (policy.review(owner, prefix, this) instanceof Verdict.ApprovedByPolicy verdict) {
                edit = edit == null ? new ApprovalsEdit(this) : edit;
                // mostly one approver for all of them: one object
                if (approval == null || !approval.by().equals(verdict.approver())) {
                    approval = new Approval(verdict.approver(), at);
                }
                edit.approve(prefix, approval);
                if (prefix.isExitRoute()) {
                    edit.approve(ExitPair.other(prefix), approval);
                }
            }
        }
        return edit == null ? new ApprovalOutcome(this, List.of()) : edit.outcome();
    }

    /**
     * Takes over approvals from elsewhere. Adds only, overrides no denial, and does not complete a pair of exit routes.
     *
     * @param prefixes what is approved there, in any order
     * @param source where from: the host's own text, 1 to 200 characters
     * @param at when
     * @return the approvals afterwards, what changed, what was refused, and half a pair of exit routes if the import
     *     names an exit route
     * @throws IllegalArgumentException if the source is empty or too long
     */
    public ApprovalOutcome importApprovals(Collection<Prefix> prefixes, String source, Instant at) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(at, "at");
        ApprovalsEdit edit = new ApprovalsEdit(this);
        Approval approval = new Approval(new Approver.Import(source), at);
        for (Prefix prefix : Copies.sortedSet(prefixes, "prefixes")) {
            Optional<Verdict> settled = settled(prefix);
            if (settled.isEmpty()) {
                edit.approve(prefix, approval);
            } else if (!settled.get().isApproved()) {
                edit.add(new ApprovalChange.ImportRefused(prefix, settled.get()));
            }
        }
        edit.approvals()
                .halfExitPair()
                .filter(half -> prefixes.contains(half) || prefixes.contains(ExitPair.other(half)))
                .ifPresent(half -> edit.add(new ApprovalChange.HalfExitPair(half, ExitPair.other(half))));
        return edit.outcome();
    }

    /**
     * Notes that a node advertises another set of routes than before. Under {@link WithdrawalRule#REVOKE_APPROVAL} the
     * routes that it dropped lose their approval, and those that the policy had not approved are marked, so that
     * auto-approval does not bring them back. The exit routes are dropped when neither is advertised any more. What was
     * approved and never advertised keeps waiting.
     *
     * @param before what the node advertised, in any order
     * @param now what it advertises, in any order
     * @param rule whether approvals go with the advertisement
     * @return the approvals afterwards, and what changed
     */
    public ApprovalOutcome withdraw(Collection<Prefix> before, Collection<Prefix> now, ApprovalRule rule) {
        Copies.refuseNull(before, "before");
        Copies.refuseNull(now, "now");
        Objects.requireNonNull(rule, "rule");
        ApprovalsEdit edit = new ApprovalsEdit(this);
        if (rule.withdrawal() == WithdrawalRule.REVOKE_APPROVAL) {
            // completed on both sides, the exit routes stay together until neither is advertised
            for (Prefix prefix : Sets.difference(ExitPair.complete(before), ExitPair.complete(now))) {
                edit.withdraw(prefix);
            }
        }
        return edit.outcome();
    }

    /** The verdict of only these approvals on a route; empty if it is up to the policy. */
    Optional<Verdict> settled(Prefix prefix) {
        Approval approval = approved.get(prefix);
        if (approval != null) {
            return Optional.of(new Verdict.AlreadyApproved(approval));
        }
        Denial denial = denied.get(prefix);
        if (denial != null) {
            return Optional.of(new Verdict.Denied(denial));
        }
        Approval lost = withdrawn.get(prefix);
        return lost == null ? Optional.empty() : Optional.of(new Verdict.Withdrawn(lost));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Approvals that
                && approved.equals(that.approved)
                && denied.equals(that.denied)
                && withdrawn.equals(that.withdrawn);
    }

    @Override
    public int hashCode() {
        // not the approvals: they may hold enums, whose hashes differ from run to run
        return Objects.hash(approved.keySet(), denied.keySet(), withdrawn.keySet());
    }

    /** {@return everything for a person to read} */
    @Override
    public String toString() {
        return "approved " + approved + ", denied " + denied + ", withdrawn " + withdrawn;
    }
}
