package dev.wayleave.settings;

import com.google.common.collect.ImmutableSortedMap;
import dev.wayleave.access.ExitRule;
import dev.wayleave.approval.ApprovalRule;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.ElectionRule;
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
import org.jspecify.annotations.Nullable;

/**
 * The settings of one tailnet, for all packages; stored with the tailnet.
 *
 * <p>Start from a preset and change what differs.
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
 *     <tr><th>a policy whose tests fail</th><td>is taken</td><td>is refused</td><td>is refused</td></tr>
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
 *         <td>the last primary of a prefix keeps it while there is no candidate: clients fail closed</td></tr>
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

    /** What suits most tailnets: never flap, withdraw a prefix without candidates, remember denials. */
    public static final RoutingSettings DEFAULT = new RoutingSettings(new RoutingSettingsBuilder());

    /** As Tailscale's control plane does: the last primary stays, and auto-approval looks at new routes only. */
    public static final RoutingSettings TAILSCALE = DEFAULT.toBuilder()
            .retroactive(false)
            .offline(OfflineRule.KEEP_LAST)
            .policyTests(true)
            .build();

    /** As Headscale does: lowest number first, ten seconds of grace, and a denial lasts until the next review. */
    public static final RoutingSettings HEADSCALE = DEFAULT.toBuilder()
            .rememberDenied(false)
            .order(ElectionOrder.LOWEST_ID)
            .exit(ExitRule.REACHABLE)
            .grace(Duration.ofSeconds(10))
            .policyTests(true)
            .build();

    private final OverlayRanges overlay;
    private final ApprovalRule approval;
    private final ElectionRule election;
    private final ExitRule exit;
    private final boolean policyTests;
    private final Duration grace;
    private final Optional<Duration> silenceLimit;
    private final Duration restartGrace;
    private final Duration ephemeralIdle;
    private final ImmutableSortedMap<NodeId, Integer> nodePriorities;
    private final ImmutableSortedMap<RouteKey, Integer> routePriorities;
    private final TailnetLimits limits;

    RoutingSettings(RoutingSettingsBuilder builder) {
        this.overlay = builder.overlay;
        this.approval = builder.approval;
        this.election = builder.election;
        this.exit = builder.exit;
        this.policyTests = builder.policyTests;
        this.grace = builder.grace;
        this.silenceLimit = Optional.ofNullable(builder.silenceLimit);
        this.restartGrace = builder.restartGrace;
        this.ephemeralIdle = builder.ephemeralIdle;
        this.nodePriorities = ImmutableSortedMap.copyOf(builder.nodePriorities);
        this.routePriorities = ImmutableSortedMap.copyOf(builder.routePriorities);
        this.limits = builder.limits;
    }

    /** {@return a builder that starts from {@link #DEFAULT}} */
    public static RoutingSettingsBuilder builder() {
        return DEFAULT.toBuilder();
    }

    /** {@return a builder that holds what these settings hold} */
    public RoutingSettingsBuilder toBuilder() {
        RoutingSettingsBuilder builder = new RoutingSettingsBuilder();
        builder.overlay = overlay;
        builder.approval = approval;
        builder.election = election;
        builder.exit = exit;
        builder.policyTests = policyTests;
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
     * {@return the tailnet's own address ranges: {@code *} as a source stands for them, beside routes and nodes outside
     * of them, and they are no internet}
     */
    public OverlayRanges overlay() {
        return overlay;
    }

    /** {@return how approvals are handled} */
    public ApprovalRule approval() {
        return approval;
    }

    /** {@return how primaries are elected} */
    public ElectionRule election() {
        return election;
    }

    /** {@return who is shown an exit route} */
    public ExitRule exit() {
        return exit;
    }

    /** {@return whether a new policy is refused if one of its own {@code tests} fails} */
    public boolean policyTests() {
        return policyTests;
    }

    /** {@return how long a node keeps what it carries after its session ended; zero or longer; 15 s by default} */
    public Duration grace() {
        return grace;
    }

    /**
     * {@return after which silence a session counts as ended; empty for hosts without keep-alives; 130 s by default:
     * two keep-alives of 60 s and some slack}
     */
    public Optional<Duration> silenceLimit() {
        return silenceLimit;
    }

    /**
     * {@return how long nodes may take to come back after a restart before anything moves; zero or longer; 60 s by
     * default}
     */
    public Duration restartGrace() {
        return restartGrace;
    }

    /** {@return how long an ephemeral node stays without a session; longer than zero; 30 min by default} */
    public Duration ephemeralIdle() {
        return ephemeralIdle;
    }

    /** {@return the administrators' preference for a node; the priorities that are not 0, by node} */
    public SortedMap<NodeId, Integer> nodePriorities() {
        return nodePriorities;
    }

    /**
     * {@return the administrators' preference for a node as a carrier of one prefix, by node and prefix; it goes before
     * that for the node}
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

    /** {@return what the tailnet may hold} */
    public TailnetLimits limits() {
        return limits;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutingSettings that
                && overlay.equals(that.overlay)
                && approval.equals(that.approval)
                && election.equals(that.election)
                && exit == that.exit
                && policyTests == that.policyTests
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

    /** {@return the settings as canonical JSON in one line, which {@link #parse} reads} */
    public String toJson() {
        return SettingsText.write(this);
    }

    /** {@return the settings for a person to read: as {@link #toJson}} */
    @Override
    public String toString() {
        return toJson();
    }

    /**
     * Reads settings from the text that {@link #toJson} gives. What the text leaves out is as in {@link #DEFAULT}.
     *
     * @param text a JSON object
     * @return the settings
     * @throws StoredTextException if the text is malformed, a name in it is unknown or a value is out of range
     */
    public static RoutingSettings parse(String text) {
        Objects.requireNonNull(text, "text");
        return SettingsText.read(Json.readObject("settings", text));
    }
}
