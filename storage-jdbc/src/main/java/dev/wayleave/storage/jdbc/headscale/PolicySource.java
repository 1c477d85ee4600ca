package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.policy.RoutingPolicy;
import java.util.Objects;

/**
 * The source of the policy of an imported tailnet.
 *
 * <p>A Headscale database holds the policy only if Headscale is configured to keep it there ({@code policy.mode:
 * database}); otherwise Headscale reads a file, or has no policy. Without a policy every node of a tailnet reaches
 * every node, so the caller of an import has to choose.
 */
public sealed interface PolicySource {

    /** The newest row of the table {@code policies}. Nothing is imported if there is none, or it cannot be read. */
    record Database() implements PolicySource {}

    /**
     * A policy that the caller gives, in place of a row.
     *
     * @param policy the policy, for example the one of Headscale's file
     */
    record Given(RoutingPolicy policy) implements PolicySource {

        public Given {
            Objects.requireNonNull(policy, "policy");
        }
    }

    /** No policy, even if the database holds one: every node reaches every node. */
    record None() implements PolicySource {}
}
