package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.RoutingPolicy;
import java.util.Objects;

/**
 * What an import cannot know by itself, and its caller decides.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param policy where the policy comes from
 * @param overlay where the overlay comes from
 */
public record ImportChoices(PolicySource policy, OverlaySource overlay) {

    /** Checks that both are there. */
    public ImportChoices {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(overlay, "overlay");
    }

    /**
     * Takes the policy from the database; where it holds none, nothing is imported.
     *
     * @return the choices, with the overlay by the addresses of the nodes
     */
    public static ImportChoices policyOfDatabase() {
        return new ImportChoices(new PolicySource.Database(), new OverlaySource.Addresses());
    }

    /**
     * Takes a policy that the caller gives, whatever the database holds.
     *
     * @param policy the policy
     * @return the choices, with the overlay by the addresses of the nodes
     */
    public static ImportChoices policy(RoutingPolicy policy) {
        return new ImportChoices(new PolicySource.Given(policy), new OverlaySource.Addresses());
    }

    /**
     * Takes no policy, whatever the database holds: every node reaches every other one.
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
