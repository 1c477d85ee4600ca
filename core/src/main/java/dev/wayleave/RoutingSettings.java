package dev.wayleave;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.approval.ApprovalRule;
import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.ElectionRule;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.net.OverlayRanges;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which the routes of one tailnet are run.
 *
 * <p>Immutable and safe for use by several threads. Three presets: {@link #DEFAULT}, and two that behave as the products
 * they are named after:
 *
 * <table>
 *   <caption>The presets</caption>
 *   <thead>
 *     <tr><th></th><th>{@code DEFAULT}</th><th>{@code TAILSCALE}</th><th>{@code HEADSCALE}</th></tr>
 *   </thead>
 *   <tbody>
 *     <tr><th>order in a class</th>
 *         <td>incumbent, priority, registered first, id</td><td>the same</td><td>incumbent, lowest id</td></tr>
 *     <tr><th>grace after a disconnect</th><td>15 s</td><td>15 s</td><td>10 s</td></tr>
 *     <tr><th>all candidates gone</th><td>withdraw</td><td>keep last</td><td>withdraw</td></tr>
 *     <tr><th>auto-approval on policy change</th><td>yes</td><td>no, only when advertised</td><td>yes</td></tr>
 *     <tr><th>denied remembered</th><td>yes</td><td>yes</td><td>no</td></tr>
 *     <tr><th>fail-back</th><td>never</td><td>never</td><td>never</td></tr>
 *     <tr><th>approval of a withdrawn route</th><td>kept</td><td>kept</td><td>kept</td></tr>
 *   </tbody>
 * </table>
 */
public final class RoutingSettings {

    /** The longest grace that can be set: one day. */
    public static final Duration LONGEST_GRACE = Duration.ofDays(1);

    /** What this library recommends. */
    public static final RoutingSettings DEFAULT = new Builder().build();

    /** As Tailscale behaves ({@code peers.md} §4). */
    public static final RoutingSettings TAILSCALE = DEFAULT.toBuilder()
            .offline(OfflineRule.KEEP_LAST)
            .retroactive(false)
            .build();

    /** As Headscale behaves ({@code headscale-routes.md} §3 and §4), its faults left out. */
    public static final RoutingSettings HEADSCALE = DEFAULT.toBuilder()
            .order(ElectionOrder.LOWEST_ID)
            .grace(Duration.ofSeconds(10))
            .rememberDenied(false)
            .build();

    private final OverlayRanges overlay;
    private final ApprovalRule approval;
    private final ElectionRule election;
    private final Duration grace;

    private RoutingSettings(Builder builder) {
        this.overlay = builder.overlay;
        this.approval = new ApprovalRule(builder.withdrawal, builder.retroactive, builder.rememberDenied);
        this.election = new ElectionRule(builder.order, builder.failBack, builder.offline);
        this.grace = builder.grace;
    }

    /**
     * Starts settings.
     *
     * @return a builder that holds what {@link #DEFAULT} holds
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts a changed copy.
     *
     * @return a builder that holds what these settings hold
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.overlay = overlay;
        builder.withdrawal = approval.withdrawal();
        builder.retroactive = approval.retroactive();
        builder.rememberDenied = approval.rememberDenied();
        builder.order = election.order();
        builder.failBack = election.failBack();
        builder.offline = election.offline();
        builder.grace = grace;
        return builder;
    }

    /**
     * Returns the addresses that the tailnet gives to its own nodes.
     *
     * @return the ranges; the usual ones in every preset
     */
    public OverlayRanges overlay() {
        return overlay;
    }

    /**
     * Returns how approvals are handled.
     *
     * @return withdrawal, retroactive auto-approval, and denials
     */
    public ApprovalRule approval() {
        return approval;
    }

    /**
     * Returns how primaries are elected.
     *
     * @return order, fail-back, and what becomes of a prefix without candidates
     */
    public ElectionRule election() {
        return election;
    }

    /**
     * Returns how long a node whose session went down stays a candidate.
     *
     * @return zero to {@link #LONGEST_GRACE}
     */
    public Duration grace() {
        return grace;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutingSettings that
                && overlay.equals(that.overlay)
                && approval.equals(that.approval)
                && election.equals(that.election)
                && grace.equals(that.grace);
    }

    @Override
    public int hashCode() {
        // no enum in it: the hash of one differs from run to run
        return Objects.hash(grace, approval.retroactive(), approval.rememberDenied(), election.failBack());
    }

    /**
     * Returns the rules for a person to read.
     *
     * @return every rule with its value
     */
    @Override
    public String toString() {
        return "overlay " + overlay + ", " + approval + ", " + election + ", grace " + grace;
    }

    /** Collects the rules of a tailnet; for one thread. */
    public static final class Builder {

        private OverlayRanges overlay = OverlayRanges.DEFAULT;
        private WithdrawalRule withdrawal = ApprovalRule.DEFAULT.withdrawal();
        private boolean retroactive = ApprovalRule.DEFAULT.retroactive();
        private boolean rememberDenied = ApprovalRule.DEFAULT.rememberDenied();
        private ElectionOrder order = ElectionRule.DEFAULT.order();
        private FailBack failBack = ElectionRule.DEFAULT.failBack();
        private OfflineRule offline = ElectionRule.DEFAULT.offline();
        private Duration grace = Duration.ofSeconds(15);

        private Builder() {}

        /**
         * Sets the addresses that the tailnet gives to its own nodes.
         *
         * @param overlay the ranges
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder overlay(OverlayRanges overlay) {
            this.overlay = overlay;
            return this;
        }

        /**
         * Sets what becomes of the approval of a route that its node stops advertising.
         *
         * @param withdrawal the rule
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder withdrawal(WithdrawalRule withdrawal) {
            this.withdrawal = withdrawal;
            return this;
        }

        /**
         * Sets whether auto-approval also looks at routes that were advertised before.
         *
         * @param retroactive false to look at a route only when its node advertises it
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder retroactive(boolean retroactive) {
            this.retroactive = retroactive;
            return this;
        }

        /**
         * Sets whether an approval that an administrator takes away leaves a denial.
         *
         * @param rememberDenied false to let auto-approval bring the route back
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder rememberDenied(boolean rememberDenied) {
            this.rememberDenied = rememberDenied;
            return this;
        }

        /**
         * Sets who goes first within a class.
         *
         * @param order the order
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder order(ElectionOrder order) {
            this.order = order;
            return this;
        }

        /**
         * Sets whether the first in the order may take a prefix from an incumbent of its class.
         *
         * @param failBack the rule
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder failBack(FailBack failBack) {
            this.failBack = failBack;
            return this;
        }

        /**
         * Sets what becomes of a prefix whose candidates are all gone.
         *
         * @param offline the rule
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder offline(OfflineRule offline) {
            this.offline = offline;
            return this;
        }

        /**
         * Sets how long a node whose session went down stays a candidate.
         *
         * @param grace zero to {@link #LONGEST_GRACE}
         * @return this builder
         * @throws IllegalArgumentException if it is negative or too long
         */
        @CanIgnoreReturnValue
        public Builder grace(Duration grace) {
            if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
                throw new IllegalArgumentException(
                        "grace `" + grace + "` is out of range: choose zero to `" + LONGEST_GRACE + "`");
            }
            this.grace = grace;
            return this;
        }

        /**
         * Returns the settings.
         *
         * @return an immutable value
         */
        public RoutingSettings build() {
            return new RoutingSettings(this);
        }
    }
}
