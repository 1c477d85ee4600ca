package dev.wayleave.approval;

import dev.wayleave.mesh.Actor;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.Objects;

/**
 * One thing that an operation on {@link Approvals} did to a route, or found.
 *
 * <p>Immutable and safe for use by several threads.
 */
public sealed interface ApprovalChange {

    /**
     * Returns the route.
     *
     * @return the prefix that the notice is about
     */
    Prefix route();

    /**
     * It was not approved and is now.
     *
     * @param route the route
     * @param approval by whom and when
     */
    record Approved(Prefix route, Approval approval) implements ApprovalChange {

        public Approved {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(approval, "approval");
        }
    }

    /**
     * An administrator took its approval away.
     *
     * @param route the route
     * @param approval what it had
     * @param by the administrator
     * @param at when
     */
    record Revoked(Prefix route, Approval approval, Actor by, Instant at) implements ApprovalChange {

        public Revoked {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(approval, "approval");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * Its approval went because the node stopped advertising it.
     *
     * @param route the route
     * @param approval what it had; of an exit route that was approved alone, also for the other one
     * @param waits true if it waits for an administrator when it comes back, false if it is up to the policy
     */
    record Withdrawn(Prefix route, Approval approval, boolean waits) implements ApprovalChange {

        public Withdrawn {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(approval, "approval");
        }
    }

    /**
     * It was not denied and is now.
     *
     * @param route the route
     * @param denial by whom and when
     */
    record Denied(Prefix route, Denial denial) implements ApprovalChange {

        public Denied {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(denial, "denial");
        }
    }

    /**
     * An administrator's approval lifted its denial.
     *
     * @param route the route
     * @param denial what it had
     */
    record DenialLifted(Prefix route, Denial denial) implements ApprovalChange {

        public DenialLifted {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(denial, "denial");
        }
    }

    /**
     * An administrator approved it although it was approved; the earlier approval stays.
     *
     * @param route the route
     * @param approval the earlier approval
     */
    record AlreadyApproved(Prefix route, Approval approval) implements ApprovalChange {

        public AlreadyApproved {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(approval, "approval");
        }
    }

    /**
     * An import held an approval of it, which was not taken over because only an administrator can approve it here.
     *
     * @param route the route
     * @param because {@link Verdict.Denied} or {@link Verdict.Withdrawn}
     */
    record ImportRefused(Prefix route, Verdict because) implements ApprovalChange {

        public ImportRefused {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(because, "because");
        }
    }

    /**
     * An import that names an exit route left one approved without the other.
     *
     * @param route the one that is approved
     * @param missing the one that is not
     */
    record HalfExitPair(Prefix route, Prefix missing) implements ApprovalChange {

        public HalfExitPair {
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(missing, "missing");
        }
    }
}
