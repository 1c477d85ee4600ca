package dev.wayleave.approval;

/** The treatment of the approval of a route that its node stops advertising. */
public enum WithdrawalRule {
    /** It stays, and the route is effective again when the node advertises it again (Tailscale and Headscale today). */
    KEEP_APPROVAL,
    /**
     * It goes with the advertisement. What the policy had approved is up to the policy again when the route comes back;
     * what an administrator or an import had approved waits for an administrator.
     */
    REVOKE_APPROVAL
}
