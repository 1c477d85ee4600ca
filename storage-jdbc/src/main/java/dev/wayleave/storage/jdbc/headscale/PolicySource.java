package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.policy.RoutingPolicy;
import java.util.Objects;

/**
 * Where the policy of an imported tailnet comes from.
 *
 * <p>A Headscale database holds the policy only if Headscale was told to keep it there ({@code policy.mode: database});
 * otherwise Headscale reads a file, or has none. Without a policy every node of a tailnet reaches every other one, so
 * the caller of an import has to say which it is.
 *
 * <p>Immutable and safe for use by several threads.
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

        /** Checks that there is one. */
        public Given {
            Objects.requireNonNull(policy, "policy");
        }
    }

    /** No policy, whatever the database holds: every node reaches every other one. */
    record None() implements PolicySource {}
}
