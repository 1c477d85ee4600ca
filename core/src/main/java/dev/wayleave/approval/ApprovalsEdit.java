package dev.wayleave.approval;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.Actor;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The next {@link Approvals} in the making: the three maps, and changes of what happened to them. */
final class ApprovalsEdit {

    private final Approvals before;
    private final Routes<Approval> approved;
    private final Routes<Denial> denied;
    private final Routes<Approval> withdrawn;
    private final List<ApprovalChange> changes = new ArrayList<>();
    private boolean changed;

    ApprovalsEdit(Approvals before) {
        this.before = before;
        this.approved = new Routes<>(before.approved());
        this.denied = new Routes<>(before.denied());
        this.withdrawn = new Routes<>(before.withdrawn());
    }

    /** The routes in one state, copied before the first of them changes. */
    private static final class Routes<V> {

        private final SortedMap<Prefix, V> before;
        private @Nullable SortedMap<Prefix, V> copy;

        Routes(SortedMap<Prefix, V> before) {
            this.before = before;
        }

        SortedMap<Prefix, V> now() {
            return copy == null ? before : copy;
        }

        private SortedMap<Prefix, V> copy() {
            SortedMap<Prefix, V> own = copy == null ? new TreeMap<>(before) : copy;
            copy = own;
            return own;
        }

        boolean contains(Prefix prefix) {
            return now().containsKey(prefix);
        }

        void put(Prefix prefix, V value) {
            copy().put(prefix, value);
        }

        /** Removes a route; what it had, or null. */
        @CanIgnoreReturnValue
        @Nullable
        V remove(Prefix prefix) {
            return contains(prefix) ? copy().remove(prefix) : null;
        }
    }

    void approve(Prefix prefix, Approval approval) {
        if (!approved.contains(prefix)) {
            approved.put(prefix, approval);
            withdrawn.remove(prefix);
            change(new ApprovalChange.Approved(prefix, approval));
        }
    }

    void liftDenial(Prefix prefix) {
        Denial denial = denied.remove(prefix);
        if (denial != null) {
            change(new ApprovalChange.DenialLifted(prefix, denial));
        }
    }

    void takeAway(Prefix prefix, Actor actor, Instant at, ApprovalRule rule) {
        Approval approval = approved.remove(prefix);
        if (approval != null) {
            change(new ApprovalChange.Revoked(prefix, approval, actor, at));
        }
        if (rule.rememberDenied() && !denied.contains(prefix)) {
            Denial denial = new Denial(actor, at);
            denied.put(prefix, denial);
            withdrawn.remove(prefix);
            change(new ApprovalChange.Denied(prefix, denial));
        }
    }

    void withdraw(Prefix prefix) {
        Approval own = approved.remove(prefix);
        Approval other = prefix.isExitRoute() ? before.approved().get(ExitPair.other(prefix)) : null;
        Approval lost = own == null ? other : own;
        if (lost == null) {
            return;
        }
        // both exit routes of a node are approved or revoked together
        boolean waits = !isOfPolicy(lost) && (other == null || !isOfPolicy(other));
        if (waits) {
            withdrawn.put(prefix, lost);
        }
        if (waits || own != null) {
            change(new ApprovalChange.Withdrawn(prefix, lost, waits));
        }
    }

    private static boolean isOfPolicy(Approval approval) {
        return approval.by() instanceof Approver.AutoApprover;
    }

    void add(ApprovalChange change) {
        changes.add(change);
    }

    private void change(ApprovalChange change) {
        changed = true;
        changes.add(change);
    }

    Approvals approvals() {
        return changed ? new Approvals(approved.now(), denied.now(), withdrawn.now()) : before;
    }

    ApprovalOutcome outcome() {
        // stable: the changes of one route stay in the order of what happened to it
        changes.sort(Comparator.comparing(ApprovalChange::prefix));
        return new ApprovalOutcome(approvals(), changes);
    }
}
