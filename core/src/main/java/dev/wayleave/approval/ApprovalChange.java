package dev.wayleave.approval;

import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.Objects;

/**
 * One thing that an operation on {@link Approvals} did to a route, or found.
 */
public sealed interface ApprovalChange extends NamedKind {

    /** {@return the prefix that the change is about} */
    Prefix prefix();

    /**
     * It was not approved and is now.
     *
     * @param prefix the prefix
     * @param approval by whom and when
     */
    @Kind("approved")
    record Approved(Prefix prefix, Approval approval) implements ApprovalChange {

        public Approved {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(approval, "approval");
        }
    }

    /**
     * An administrator took its approval away.
     *
     * @param prefix the prefix
     * @param approval what it had
     * @param by the administrator
     * @param at when
     */
    @Kind("revoked")
    record Revoked(Prefix prefix, Approval approval, Actor by, Instant at) implements ApprovalChange {

        public Revoked {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(approval, "approval");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * Its approval went because the node stopped advertising it.
     *
     * @param prefix the prefix
     * @param approval what it had; of an exit route that was approved without the other one, also for the other one
     * @param waits true if it waits for an administrator when it comes back, false if it is up to the policy
     */
    @Kind("withdrawn")
    record Withdrawn(Prefix prefix, Approval approval, boolean waits) implements ApprovalChange {

        public Withdrawn {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(approval, "approval");
        }
    }

    /**
     * It was not denied and is now.
     *
     * @param prefix the prefix
     * @param denial by whom and when
     */
    @Kind("denied")
    record Denied(Prefix prefix, Denial denial) implements ApprovalChange {

        public Denied {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(denial, "denial");
        }
    }

    /**
     * An administrator's approval lifted its denial.
     *
     * @param prefix the prefix
     * @param denial what it had
     */
    @Kind("denial-lifted")
    record DenialLifted(Prefix prefix, Denial denial) implements ApprovalChange {

        public DenialLifted {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(denial, "denial");
        }
    }

    /**
     * An administrator approved it although it was approved; the earlier approval stays.
     *
     * @param prefix the prefix
     * @param approval the earlier approval
     */
    @Kind("already-approved")
    record AlreadyApproved(Prefix prefix, Approval approval) implements ApprovalChange {

        public AlreadyApproved {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(approval, "approval");
        }
    }

    /**
     * An import held an approval of it, which was not taken over because only an administrator can approve it here.
     *
     * @param prefix the prefix
     * @param reason {@link Verdict.Denied} or {@link Verdict.Withdrawn}
     */
    @Kind("import-refused")
    record ImportRefused(Prefix prefix, Verdict reason) implements ApprovalChange {

        public ImportRefused {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * An import that names an exit route left one approved without the other.
     *
     * @param prefix the one that is approved
     * @param missing the one that is not
     */
    @Kind("half-exit-pair")
    record HalfExitPair(Prefix prefix, Prefix missing) implements ApprovalChange {

        public HalfExitPair {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(missing, "missing");
        }
    }
}
