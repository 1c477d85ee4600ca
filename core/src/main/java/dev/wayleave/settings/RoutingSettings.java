package dev.wayleave.settings;

import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.access.ExitRule;
import dev.wayleave.approval.ApprovalRule;
import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.ElectionRule;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.internal.json.Json;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one tailnet, for all rooms; stored with the tailnet.
 *
 * <p>Immutable and safe for use by several threads. Start from a preset and change what differs.
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
 *     <tr><th>exit routes shown</th><td>internet</td><td>internet</td><td>reachable</td></tr>
 *     <tr><th>auto-approval on policy change</th><td>yes</td><td>no, only when advertised</td><td>yes</td></tr>
 *     <tr><th>denied remembered</th><td>yes</td><td>yes</td><td>no</td></tr>
 *     <tr><th>fail-back</th><td>never</td><td>never</td><td>never</td></tr>
 *     <tr><th>approval of a withdrawn route</th><td>kept</td><td>kept</td><td>kept</td></tr>
 *     <tr><th>silence limit, restart grace, ephemeral nodes</th>
 *         <td>130 s, 60 s, 30 min</td><td>the same</td><td>the same</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>Under all settings: a prefix has at most one primary, and has one if it has a candidate; a candidate that is its
 * primary is of the best class among those out of grace; nothing moves without a reason; exit routes are never elected,
 * and their approvals stay paired; auto-approval only adds; nothing of a removed node remains. {@code DEFAULT} promises
 * more, and the other presets give some of that up:
 *
 * <table>
 *   <caption>What presets give up</caption>
 *   <thead>
 *     <tr><th>promise</th><th>given up by</th><th>because there</th></tr>
 *   </thead>
 *   <tbody>
 *     <tr><th>a primary is a candidate</th><td>{@code TAILSCALE}</td>
 *         <td>the last primary of a prefix keeps it while nobody can carry it: clients fail closed</td></tr>
 *     <tr><th>what an administrator took away, no policy brings back</th><td>{@code HEADSCALE}</td>
 *         <td>no denial is remembered, so that the next review approves the route again</td></tr>
 *     <tr><th>what is advertised and the policy approves is approved</th> <td>{@code TAILSCALE}, {@code HEADSCALE}</td>
 *         <td>a new policy does not look at what is advertised already; or a route that was taken away waits for the
 *         next review</td></tr>
 *     <tr><th>priorities and the date of registration count</th><td>{@code HEADSCALE}</td>
 *         <td>the lowest number goes first</td></tr>
 *     <tr><th>an exit route is shown only to whom a rule opens the internet</th><td>{@code HEADSCALE}</td>
 *         <td>a rule for all ports of the exit node itself is enough</td></tr>
 *   </tbody>
 * </table>
 */
public final class RoutingSettings {

    /** The longest grace that can be set: one day. */
    public static final Duration LONGEST_GRACE = Duration.ofDays(1);

    /** The longest time that any other timer can be set to: 366 days. */
    public static final Duration LONGEST = Duration.ofDays(366);

    /** What suits most tailnets: never flap, withdraw what nobody can carry, remember denials. */
    public static final RoutingSettings DEFAULT = new RoutingSettings(new Builder());

    /** As Tailscale's control plane does: the last primary stays, and auto-approval looks at new routes only. */
    public static final RoutingSettings TAILSCALE = DEFAULT.toBuilder()
            .retroactive(false)
            .offline(OfflineRule.KEEP_LAST)
            .build();

    /** As Headscale does: lowest number first, ten seconds of grace, and a denial lasts until the next review. */
    public static final RoutingSettings HEADSCALE = DEFAULT.toBuilder()
            .rememberDenied(false)
            .order(ElectionOrder.LOWEST_ID)
            .exit(ExitRule.REACHABLE)
            .grace(Duration.ofSeconds(10))
            .build();

    private final OverlayRanges overlay;
    private final ApprovalRule approval;
    private final ElectionRule election;
    private final ExitRule exit;
    private final Duration grace;
    private final Optional<Duration> silenceLimit;
    private final Duration restartGrace;
    private final Duration ephemeralIdle;
    private final ImmutableSortedMap<NodeId, Integer> nodePriorities;
    private final ImmutableSortedMap<RouteKey, Integer> routePriorities;
    private final Limits limits;

    private RoutingSettings(Builder builder) {
        this.overlay = builder.overlay;
        this.approval = builder.approval;
        this.election = builder.election;
        this.exit = builder.exit;
        this.grace = builder.grace;
        this.silenceLimit = Optional.ofNullable(builder.silenceLimit);
        this.restartGrace = builder.restartGrace;
        this.ephemeralIdle = builder.ephemeralIdle;
        this.nodePriorities = ImmutableSortedMap.copyOf(builder.nodePriorities);
        this.routePriorities = ImmutableSortedMap.copyOf(builder.routePriorities);
        this.limits = builder.limits;
    }

    /**
     * What a tailnet may hold; more is refused.
     *
     * @param nodes nodes in the tailnet
     * @param users users in the tailnet
     * @param routesPerNode prefixes in one advertisement, and in one list of approvals
     * @param routesRememberedPerNode prefixes that are advertised, approved or denied on one node
     * @param commandsPerSubmission commands in one submission
     */
    public record Limits(
            int nodes, int users, int routesPerNode, int routesRememberedPerNode, int commandsPerSubmission) {

        /** A million nodes and users, 1,000 routes in a list, 4,000 remembered, 100,000 commands. */
        public static final Limits DEFAULT = new Limits(1_000_000, 1_000_000, 1_000, 4_000, 100_000);

        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one is not positive
         */
        public Limits {
            if (nodes <= 0 || users <= 0 || routesPerNode <= 0) {
                throw new IllegalArgumentException("a limit of nodes, users or routes is not positive");
            }
            if (routesRememberedPerNode <= 0 || commandsPerSubmission <= 0) {
                throw new IllegalArgumentException("a limit of remembered routes or commands is not positive");
            }
        }
    }

    /**
     * Starts from {@link #DEFAULT}.
     *
     * @return a builder
     */
    public static Builder builder() {
        return DEFAULT.toBuilder();
    }

    /**
     * Starts a changed copy.
     *
     * @return a builder that holds what these settings hold
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.overlay = overlay;
        builder.approval = approval;
        builder.election = election;
        builder.exit = exit;
        builder.grace = grace;
        builder.silenceLimit = silenceLimit.orElse(null);
        builder.restartGrace = restartGrace;
        builder.ephemeralIdle = ephemeralIdle;
        builder.nodePriorities.putAll(nodePriorities);
        builder.routePriorities.putAll(routePriorities);
        builder.limits = limits;
        return builder;
    }

    /**
     * Returns the tailnet's own addresses.
     *
     * @return ranges that {@code *} stands for as a source, beside routes and nodes outside of them, and that are no
     *     internet
     */
    public OverlayRanges overlay() {
        return overlay;
    }

    /**
     * Returns how approvals are handled.
     *
     * @return the rule
     */
    public ApprovalRule approval() {
        return approval;
    }

    /**
     * Returns how primaries are elected.
     *
     * @return the rule
     */
    public ElectionRule election() {
        return election;
    }

    /**
     * Returns who is shown an exit route.
     *
     * @return the rule
     */
    public ExitRule exit() {
        return exit;
    }

    /**
     * Returns how long a node keeps what it carries after its session ended.
     *
     * @return zero or longer; 15 s by default
     */
    public Duration grace() {
        return grace;
    }

    /**
     * Returns after which silence a session counts as ended.
     *
     * @return empty for hosts without keep-alives; 130 s by default: two keep-alives of 60 s and some slack
     */
    public Optional<Duration> silenceLimit() {
        return silenceLimit;
    }

    /**
     * Returns how long nodes may take to come back after a restart before anything moves.
     *
     * @return zero or longer; 60 s by default
     */
    public Duration restartGrace() {
        return restartGrace;
    }

    /**
     * Returns how long an ephemeral node stays without a session.
     *
     * @return longer than zero; 30 min by default
     */
    public Duration ephemeralIdle() {
        return ephemeralIdle;
    }

    /**
     * Returns the administrators' preference for a node.
     *
     * @return the priorities that are not 0, by node
     */
    public SortedMap<NodeId, Integer> nodePriorities() {
        return nodePriorities;
    }

    /**
     * Returns the administrators' preference for a node as a carrier of one prefix, which goes before that for the
     * node.
     *
     * @return the priorities, by node and prefix
     */
    public SortedMap<RouteKey, Integer> routePriorities() {
        return routePriorities;
    }

    /**
     * Returns the priority of a node as a carrier of a prefix.
     *
     * @param node the node
     * @param prefix the prefix
     * @return that for both, else that for the node, else 0; the higher goes first
     */
    public int priority(NodeId node, Prefix prefix) {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(prefix, "prefix");
        if (!routePriorities.isEmpty()) {
            Integer ofRoute = routePriorities.get(new RouteKey(node, prefix));
            if (ofRoute != null) {
                return ofRoute;
            }
        }
        return nodePriorities.isEmpty() ? 0 : Objects.requireNonNullElse(nodePriorities.get(node), 0);
    }

    /**
     * Returns what the tailnet may hold.
     *
     * @return the limits
     */
    public Limits limits() {
        return limits;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutingSettings that
                && overlay.equals(that.overlay)
                && approval.equals(that.approval)
                && election.equals(that.election)
                && exit == that.exit
                && grace.equals(that.grace)
                && silenceLimit.equals(that.silenceLimit)
                && restartGrace.equals(that.restartGrace)
                && ephemeralIdle.equals(that.ephemeralIdle)
                && nodePriorities.equals(that.nodePriorities)
                && routePriorities.equals(that.routePriorities)
                && limits.equals(that.limits);
    }

    @Override
    public int hashCode() {
        return Objects.hash(grace, silenceLimit, restartGrace, ephemeralIdle, nodePriorities, limits);
    }

    /**
     * Returns the settings as canonical JSON, the text that {@link #parse} reads.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return SettingsText.write(this);
    }

    /**
     * Reads settings from the text that {@link #toString} gives. What the text leaves out is as in {@link #DEFAULT}.
     *
     * @param text a JSON object
     * @return the settings
     * @throws StoredTextException if the text is malformed, a name in it is unknown or a value is out of range
     */
    public static RoutingSettings parse(String text) {
        Objects.requireNonNull(text, "text");
        return SettingsText.read(Json.readObject("settings", text));
    }

    /** Collects settings; for one thread. */
    public static final class Builder {

        private OverlayRanges overlay = OverlayRanges.DEFAULT;
        private ApprovalRule approval = ApprovalRule.DEFAULT;
        private ElectionRule election = ElectionRule.DEFAULT;
        private ExitRule exit = ExitRule.INTERNET;
        private Duration grace = Duration.ofSeconds(15);
        private @Nullable Duration silenceLimit = Duration.ofSeconds(130);
        private Duration restartGrace = Duration.ofSeconds(60);
        private Duration ephemeralIdle = Duration.ofMinutes(30);
        private final TreeMap<NodeId, Integer> nodePriorities = new TreeMap<>();
        private final TreeMap<RouteKey, Integer> routePriorities = new TreeMap<>();
        private Limits limits = Limits.DEFAULT;

        private Builder() {}

        /**
         * Sets the tailnet's own addresses.
         *
         * @param ranges the addresses that nodes are given
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder overlay(OverlayRanges ranges) {
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
        public Builder approval(ApprovalRule rule) {
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
        public Builder election(ElectionRule rule) {
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
        public Builder withdrawal(WithdrawalRule rule) {
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
        public Builder retroactive(boolean retroactive) {
            return approval(new ApprovalRule(approval.withdrawal(), retroactive, approval.rememberDenied()));
        }

        /**
         * Sets whether an approval that an administrator takes away leaves a denial.
         *
         * @param rememberDenied true to keep auto-approval off from then on
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder rememberDenied(boolean rememberDenied) {
            return approval(new ApprovalRule(approval.withdrawal(), approval.retroactive(), rememberDenied));
        }

        /**
         * Sets who goes first within a class.
         *
         * @param order the order
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder order(ElectionOrder order) {
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
        public Builder offline(OfflineRule rule) {
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
        public Builder failBack(FailBack failBack) {
            Objects.requireNonNull(failBack, "failBack");
            return election(new ElectionRule(election.order(), failBack, election.offline()));
        }

        /**
         * Sets who is shown an exit route.
         *
         * @param rule the rule
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder exit(ExitRule rule) {
            Objects.requireNonNull(rule, "rule");
            this.exit = rule;
            return this;
        }

        /**
         * Sets how long a node keeps what it carries after its session ended.
         *
         * @param time zero to {@link #LONGEST_GRACE}, in whole milliseconds
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder grace(Duration time) {
            Objects.requireNonNull(time, "time");
            this.grace = checked("grace", time, Duration.ZERO, LONGEST_GRACE);
            return this;
        }

        /**
         * Sets after which silence a session counts as ended.
         *
         * @param time 1 ms to {@link #LONGEST}, in whole milliseconds
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder silenceLimit(Duration time) {
            Objects.requireNonNull(time, "time");
            this.silenceLimit = checked("silence limit", time, Duration.ofMillis(1), LONGEST);
            return this;
        }

        /**
         * Lets no session end by silence, for hosts without keep-alives.
         *
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder withoutSilenceLimit() {
            this.silenceLimit = null;
            return this;
        }

        /**
         * Sets how long nodes may take to come back after a restart.
         *
         * @param time zero to {@link #LONGEST_GRACE}, in whole milliseconds
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder restartGrace(Duration time) {
            Objects.requireNonNull(time, "time");
            this.restartGrace = checked("restart grace", time, Duration.ZERO, LONGEST_GRACE);
            return this;
        }

        /**
         * Sets how long an ephemeral node stays without a session.
         *
         * @param time 1 ms to {@link #LONGEST}, in whole milliseconds
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        @CanIgnoreReturnValue
        public Builder ephemeralIdle(Duration time) {
            Objects.requireNonNull(time, "time");
            this.ephemeralIdle = checked("ephemeral idle time", time, Duration.ofMillis(1), LONGEST);
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
        public Builder priority(NodeId node, int priority) {
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
         * @param priority any number, the higher goes first; it goes before that for the node, also if it is 0
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder priority(NodeId node, Prefix prefix, int priority) {
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
        public Builder noPriority(NodeId node) {
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
        public Builder limits(Limits most) {
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
