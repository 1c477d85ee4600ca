package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.RoutingPolicy;
import java.util.Objects;

/**
 * The sources of policy and overlay, which the caller of an import decides.
 *
 * @param policy the source of the policy
 * @param overlay the source of the overlay
 */
public record ImportChoices(PolicySource policy, OverlaySource overlay) {

    public ImportChoices {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(overlay, "overlay");
    }

    /**
     * Takes the policy from the database; if it holds none, nothing is imported.
     *
     * @return the choices, with the overlay by the addresses of the nodes
     */
    public static ImportChoices policyOfDatabase() {
        return new ImportChoices(new PolicySource.Database(), new OverlaySource.Addresses());
    }

    /**
     * Takes a policy that the caller gives, and ignores the policy of the database.
     *
     * @param policy the policy
     * @return the choices, with the overlay by the addresses of the nodes
     */
    public static ImportChoices policy(RoutingPolicy policy) {
        return new ImportChoices(new PolicySource.Given(policy), new OverlaySource.Addresses());
    }

    /**
     * Takes no policy, and ignores the policy of the database: every node reaches every node.
     *
     * @return the choices, with the overlay by the addresses of the nodes
     */
    public static ImportChoices withoutPolicy() {
        return new ImportChoices(new PolicySource.None(), new OverlaySource.Addresses());
    }

    /**
     * Returns these choices with an overlay that the caller gives.
     *
     * @param ranges the ranges
     * @return a changed copy
     */
    public ImportChoices withOverlay(OverlayRanges ranges) {
        return new ImportChoices(policy, new OverlaySource.Given(ranges));
    }
}
