package dev.wayleave.approval;

import java.util.Objects;

/**
 * The settings of a tailnet for approvals.
 *
 * @param withdrawal what becomes of the approval of a route that its node stops advertising
 * @param retroactive true if auto-approval also looks at routes that were advertised before, whenever the policy, the
 *     users, or a node's owner change; false if it looks at a route only when its node advertises it
 * @param rememberDenied true if an approval that an administrator takes away leaves a denial, which keeps auto-approval
 *     off; denials that are there already hold either way
 */
public record ApprovalRule(WithdrawalRule withdrawal, boolean retroactive, boolean rememberDenied) {

    public ApprovalRule {
        Objects.requireNonNull(withdrawal, "withdrawal");
    }

    /** Approvals outlive the advertisement, auto-approval is retroactive, denials are remembered. */
    public static final ApprovalRule DEFAULT = new ApprovalRule(WithdrawalRule.KEEP_APPROVAL, true, true);
}
