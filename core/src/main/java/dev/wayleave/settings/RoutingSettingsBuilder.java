package dev.wayleave.settings;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.access.ExitRule;
import dev.wayleave.approval.ApprovalRule;
import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.ElectionRule;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.time.Duration;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a tailnet, for {@link RoutingSettings}; for one thread.
 *
 * <p>{@link RoutingSettings#builder()} starts from the defaults, {@link RoutingSettings#toBuilder()} from other
 * settings.
 */
public final class RoutingSettingsBuilder {

    OverlayRanges overlay = OverlayRanges.DEFAULT;
    ApprovalRule approval = ApprovalRule.DEFAULT;
    ElectionRule election = ElectionRule.DEFAULT;
    ExitRule exit = ExitRule.INTERNET;
    boolean policyTests;
    Duration grace = Duration.ofSeconds(15);

    @Nullable
    Duration silenceLimit = Duration.ofSeconds(130);

    Duration restartGrace = Duration.ofSeconds(60);
    Duration ephemeralIdle = Duration.ofMinutes(30);
    final TreeMap<NodeId, Integer> nodePriorities = new TreeMap<>();
    final TreeMap<RouteKey, Integer> routePriorities = new TreeMap<>();
    TailnetLimits limits = TailnetLimits.DEFAULT;

    RoutingSettingsBuilder() {}

    /**
     * Sets the tailnet's own addresses.
     *
     * @param ranges the addresses that nodes are given
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder overlay(OverlayRanges ranges) {
        Objects.requireNonNull(ranges, "ranges");
        this.overlay = ranges;
        return this;
    }

    /**
     * Sets how approvals are handled.
     *
     * @param rule the rule
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder approval(ApprovalRule rule) {
        Objects.requireNonNull(rule, "rule");
        this.approval = rule;
        return this;
    }

    /**
     * Sets how primaries are elected.
     *
     * @param rule the rule
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder election(ElectionRule rule) {
        Objects.requireNonNull(rule, "rule");
        this.election = rule;
        return this;
    }

    /**
     * Sets what becomes of the approval of a route that its node stops advertising.
     *
     * @param rule the rule
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder withdrawal(WithdrawalRule rule) {
        Objects.requireNonNull(rule, "rule");
        return approval(new ApprovalRule(rule, approval.retroactive(), approval.rememberDenied()));
    }

    /**
     * Sets whether auto-approval looks at routes again when the policy, the users or an owner change.
     *
     * @param retroactive true to look again
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder retroactive(boolean retroactive) {
        return approval(new ApprovalRule(approval.withdrawal(), retroactive, approval.rememberDenied()));
    }

    /**
     * Sets whether an approval that an administrator takes away leaves a denial.
     *
     * @param rememberDenied true to keep auto-approval off from then on
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder rememberDenied(boolean rememberDenied) {
        return approval(new ApprovalRule(approval.withdrawal(), approval.retroactive(), rememberDenied));
    }

    /**
     * Sets who goes first within a class.
     *
     * @param order the order
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder order(ElectionOrder order) {
        Objects.requireNonNull(order, "order");
        return election(new ElectionRule(order, election.failBack(), election.offline()));
    }

    /**
     * Sets what becomes of a prefix whose candidates are all gone.
     *
     * @param rule the rule
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder offline(OfflineRule rule) {
        Objects.requireNonNull(rule, "rule");
        return election(new ElectionRule(election.order(), election.failBack(), rule));
    }

    /**
     * Sets whether the first in the order takes a prefix back.
     *
     * @param failBack the rule
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder failBack(FailBack failBack) {
        Objects.requireNonNull(failBack, "failBack");
        return election(new ElectionRule(election.order(), failBack, election.offline()));
    }

    /**
     * Sets whether a new policy is refused if one of its own {@code tests} fails. Changes of users and nodes are never
     * refused for it, and neither is a policy that is restored.
     *
     * @param evaluated true to refuse; false by default
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder policyTests(boolean evaluated) {
        this.policyTests = evaluated;
        return this;
    }

    /**
     * Sets who is shown an exit route.
     *
     * @param rule the rule
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder exit(ExitRule rule) {
        Objects.requireNonNull(rule, "rule");
        this.exit = rule;
        return this;
    }

    /**
     * Sets how long a node keeps what it carries after its session ended.
     *
     * @param time zero to {@link RoutingSettings#LONGEST_GRACE}, in whole milliseconds
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder grace(Duration time) {
        Objects.requireNonNull(time, "time");
        this.grace = checked("grace", time, Duration.ZERO, RoutingSettings.LONGEST_GRACE);
        return this;
    }

    /**
     * Sets after which silence a session counts as ended.
     *
     * @param time 1 ms to {@link RoutingSettings#LONGEST}, in whole milliseconds
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder silenceLimit(Duration time) {
        Objects.requireNonNull(time, "time");
        this.silenceLimit = checked("silence limit", time, Duration.ofMillis(1), RoutingSettings.LONGEST);
        return this;
    }

    /**
     * Lets no session end by silence, for hosts without keep-alives.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder withoutSilenceLimit() {
        this.silenceLimit = null;
        return this;
    }

    /**
     * Sets how long nodes may take to come back after a restart.
     *
     * @param time zero to {@link RoutingSettings#LONGEST_GRACE}, in whole milliseconds
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder restartGrace(Duration time) {
        Objects.requireNonNull(time, "time");
        this.restartGrace = checked("restart grace", time, Duration.ZERO, RoutingSettings.LONGEST_GRACE);
        return this;
    }

    /**
     * Sets how long an ephemeral node stays without a session.
     *
     * @param time 1 ms to {@link RoutingSettings#LONGEST}, in whole milliseconds
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder ephemeralIdle(Duration time) {
        Objects.requireNonNull(time, "time");
        this.ephemeralIdle = checked("ephemeral idle time", time, Duration.ofMillis(1), RoutingSettings.LONGEST);
        return this;
    }

    /**
     * Sets the preference for a node.
     *
     * @param node the node, known or not
     * @param priority any number, the higher goes first; 0 is the default
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder priority(NodeId node, int priority) {
        Objects.requireNonNull(node, "node");
        if (priority == 0) {
            nodePriorities.remove(node);
        } else {
            nodePriorities.put(node, priority);
        }
        return this;
    }

    /**
     * Sets the preference for a node as a carrier of one prefix.
     *
     * @param node the node, known or not
     * @param prefix a subnet route
     * @param priority any number, the higher goes first; it goes before that for the node, even if it is 0
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder priority(NodeId node, Prefix prefix, int priority) {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(prefix, "prefix");
        routePriorities.put(new RouteKey(node, prefix), priority);
        return this;
    }

    /**
     * Takes all preferences for a node away.
     *
     * @param node the node
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder noPriority(NodeId node) {
        Objects.requireNonNull(node, "node");
        nodePriorities.remove(node);
        routePriorities.keySet().removeIf(key -> key.node().equals(node));
        return this;
    }

    /**
     * Sets what the tailnet may hold.
     *
     * @param most the limits
     * @return this builder
     */
    @CanIgnoreReturnValue
    public RoutingSettingsBuilder limits(TailnetLimits most) {
        Objects.requireNonNull(most, "most");
        this.limits = most;
        return this;
    }

    private static Duration checked(String what, Duration time, Duration least, Duration most) {
        if (time.compareTo(least) < 0 || time.compareTo(most) > 0 || time.toNanos() % 1_000_000 != 0) {
            throw new IllegalArgumentException(what + " `" + time + "` is out of range: choose `" + least + "` to `"
                    + most + "` in whole milliseconds");
        }
        return time;
    }

    /** {@return the settings} */
    public RoutingSettings build() {
        return new RoutingSettings(this);
    }
}
