package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.approval.Approvals;
import dev.wayleave.election.Candidate;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.Drain;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.SessionRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known about one node: its facts, what it can and may carry, and whether it is online.
 */
public final class NodeState {

    private final NodeFacts facts;
    private final Presence presence;

    private NodeState(NodeFacts facts, Presence presence) {
        this.facts = facts;
        this.presence = presence;
    }

    static NodeState of(NodeFacts facts, Presence presence) {
        return new NodeState(facts, presence);
    }

    NodeState with(NodeFacts next) {
        return new NodeState(next, presence);
    }

    NodeState with(Presence next) {
        return new NodeState(facts, next);
    }

    NodeState withRoutes(SortedMap<Prefix, Instant> advertisedAt, Approvals approvals) {
        return with(facts.withRoutes(advertisedAt, approvals));
    }

    NodeState withApprovals(Approvals approvals) {
        return with(facts.withApprovals(approvals));
    }

    NodeFacts durable() {
        return facts;
    }

    Presence presence() {
        return presence;
    }

    /** {@return what the host stated about the node: name, owner, addresses, key} */
    public Node facts() {
        return facts.node();
    }

    /** {@return the number of the node, unique in the tailnet} */
    public NodeId id() {
        return facts.node().id();
    }

    /** {@return the prefixes that the node advertises, in their order; immutable} */
    public SortedSet<Prefix> advertised() {
        return facts.advertised();
    }

    /**
     * Returns since when the node advertises a prefix without a break.
     *
     * @param prefix a subnet or exit route
     * @return empty if the node does not advertise it
     */
    public Optional<Instant> advertisedAt(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return Optional.ofNullable(facts.advertisedAt().get(prefix));
    }

    /** {@return what the node may carry, and what it may not: the approvals and denials} */
    public Approvals approvals() {
        return facts.approvals();
    }

    /** {@return what is both advertised and approved, in the order of the prefixes; immutable} */
    public SortedSet<Prefix> effective() {
        return facts.effective();
    }

    /** {@return whether the node's control session is up: online, in grace, offline, or not known} */
    public Liveness liveness() {
        return presence.liveness();
    }

    /**
     * {@return when the node counts as offline unless a session comes: the end of its grace or, while it is not known
     * whether it is online, of the restart grace; empty if the node is online or offline, and where another process has
     * the sessions: that grace has no end}
     */
    public Optional<Instant> graceUntil() {
        return unlessNever(graceEnds());
    }

    /**
     * {@return since when the node has been without a live session: from the end or the silence of its last one, from
     * its registration, or from the restart; empty while it is online, and where another process has the sessions}
     */
    public Optional<Instant> absentSince() {
        return liveness() == Liveness.ONLINE ? Optional.empty() : unlessNever(presence.absentSince());
    }

    private static Optional<Instant> unlessNever(long at) {
        return at == Deadline.NEVER ? Optional.empty() : Optional.of(Times.instant(at));
    }

    /**
     * {@return the current session, even one that fell silent: a keep-alive on it brings the node back; empty if no
     * session is open}
     */
    public Optional<SessionId> session() {
        return Optional.ofNullable(presence.session());
    }

    /** {@return the process with the session, or the last one, as far as it is known; empty for a single process} */
    public Optional<SessionHolder> sessionHolder() {
        return Optional.ofNullable(presence.holder());
    }

    /** {@return what was last reported about the node as a whole; healthy if nothing was} */
    public Health health() {
        return presence.health();
    }

    /**
     * Returns what was last reported about the node's way to one prefix.
     *
     * @param prefix a subnet route
     * @return unhealthy if either the node or its way to the prefix is
     */
    public Health health(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return health() == Health.UNHEALTHY
                        || (!presence.unhealthy().isEmpty()
                                && presence.unhealthy().contains(prefix))
                ? Health.UNHEALTHY
                : Health.HEALTHY;
    }

    /** {@return the prefixes for which the node was reported as unhealthy, in their order; immutable} */
    public SortedSet<Prefix> unhealthyPrefixes() {
        return presence.unhealthy();
    }

    /** {@return the drain that the node is in; empty if it is not draining} */
    public Optional<Drain> drain() {
        return Optional.ofNullable(facts.drain());
    }

    /** {@return whether the node's key has expired: true from the moment of expiry on} */
    public boolean isKeyExpired() {
        return presence.keyExpired();
    }

    /** {@return whether the node is a subnet router: some subnet route is effective on it} */
    public boolean isRouter() {
        // exit routes come first of their family, so that the last prefix mostly decides
        ImmutableSortedSet<Prefix> effective = facts.effective();
        return !effective.isEmpty()
                && (!effective.last().isExitRoute() || effective.stream().anyMatch(route -> !route.isExitRoute()));
    }

    /**
     * {@return whether the node is a candidate for any prefix: it is online, or in its grace, with an effective subnet
     * route}
     */
    public boolean isCandidate() {
        return isPresent() && isRouter();
    }

    boolean isPresent() {
        return liveness() == Liveness.ONLINE || liveness() == Liveness.GRACE;
    }

    /** Whether nothing about the node counts from a session here. */
    boolean isDormant() {
        boolean isOver = liveness() == Liveness.OFFLINE
                || (liveness() == Liveness.UNKNOWN && presence.graceUntil() == Deadline.NEVER);
        return presence.isElsewhere() || (isOver && presence.session() == null && !facts().isEphemeral());
    }

    boolean isListening() {
        return presence.slot() != Presence.NO_SLOT;
    }

    boolean hasSession(SessionId other) {
        return other.equals(presence.session());
    }

    int slot() {
        return presence.slot();
    }

    @Nullable
    Drain drainOrNull() {
        return facts.drain();
    }

    ImmutableSortedSet<Prefix> effectiveSet() {
        return facts.effective();
    }

    /** When the first thing about this node is due, the silence of its session apart. */
    long due(RoutingSettings settings) {
        return Math.min(Math.min(graceEnds(), idleEnds(settings)), Math.min(facts.drainEnds(), keyDue()));
    }

    private long graceEnds() {
        return liveness() == Liveness.GRACE || liveness() == Liveness.UNKNOWN ? presence.graceUntil() : Deadline.NEVER;
    }

    boolean isGraceOver(long now) {
        return graceEnds() <= now;
    }

    /**
     * When an ephemeral node has been absent for so long that it is removed: counted by the process that had its last
     * session, while that one lives.
     */
    private long idleEnds(RoutingSettings settings) {
        return facts().isEphemeral() && liveness() != Liveness.ONLINE && !presence.isElsewhere()
                ? Times.plus(presence.absentSince(), settings.ephemeralIdle())
                : Deadline.NEVER;
    }

    boolean isIdle(RoutingSettings settings, long now) {
        return idleEnds(settings) <= now;
    }

    private long keyDue() {
        return isKeyExpired() ? Deadline.NEVER : facts.keyExpires();
    }

    /** The node with what is true of its key at a time; keys become valid again if the clock was ahead. */
    NodeState withKeyAt(long now) {
        return withKey(facts.keyExpires() <= now);
    }

    private NodeState withKey(boolean expired) {
        return expired == isKeyExpired() ? this : with(presence.withKeyExpired(expired));
    }

    /** Whether an election of any prefix that both hold reads the same facts of both. */
    boolean hasSameElectionFacts(NodeState other) {
        return liveness() == other.liveness()
                && isKeyExpired() == other.isKeyExpired()
                && health() == other.health()
                && (facts.drain() == null) == (other.facts.drain() == null)
                && presence.unhealthy().equals(other.presence.unhealthy())
                && facts().registeredAt().equals(other.facts().registeredAt());
    }

    /** The node on a clock that was stepped by so many milliseconds. */
    NodeState shifted(long by) {
        return liveness() == Liveness.ONLINE ? this : with(presence.shifted(by));
    }

    /** The same where the tailnet is shared, without an absence that begins in the future. */
    NodeState shiftedWhereShared(long by, long now, boolean isSessionStored) {
        return liveness() == Liveness.ONLINE
                ? with(presence.withSessionShifted(by, isSessionStored))
                : with(SharedPresence.notAbsentAfter(now, presence));
    }

    /**
     * The node; if it stays online and its health, key or drain changed, it is steady since that moment. Only for nodes
     * of a shared tailnet, where this time is stored. Where there is only one process, only {@link Candidate} has it.
     */
    NodeState steadyAsOf(NodeState previous, Instant since) {
        boolean isSame = liveness() != Liveness.ONLINE
                || previous.liveness() != Liveness.ONLINE
                || (health() == previous.health()
                        && isKeyExpired() == previous.isKeyExpired()
                        && (facts.drain() == null) == (previous.facts.drain() == null));
        return isSame ? this : with(presence.steadyFrom(Times.millis(since)));
    }

    /**
     * The node; if rows will have its live session from now on, it is steady since that session began. Another process
     * that has a session of the node compares the two times: the later session stays.
     */
    NodeState steadyAsOfItsSession(NodeState previous) {
        return isListening() && isTracked() && !previous.isTracked()
                ? with(presence.steadyFrom(presence.sessionSince()))
                : this;
    }

    /**
     * The node with what is still known about its session at another process. The row of a router or ephemeral node has
     * that session; of other nodes only a message of that process has it. So a node that ceases to be a router is not
     * known here until the next message.
     */
    NodeState asFarAsStored() {
        if (presence.isReported()) {
            return isTracked() ? with(presence.asStored()) : this;
        }
        return presence.isElsewhere() && !isTracked()
                ? with(Presence.sharedUnknown()).withKey(isKeyExpired())
                : this;
    }

    NodeRow row() {
        return isTracked()
                ? new NodeRow(facts(), facts.drain(), isCandidate(), presence.absence(), sessionRow())
                : new NodeRow(facts(), facts.drain(), isCandidate(), null);
    }

    /** {@return whether rows have the session or the absence of the node: true for routers and ephemeral nodes} */
    public boolean isTracked() {
        return isRouter() || facts().isEphemeral();
    }

    /** {@return the stored form of its absence} */
    private @Nullable Absence absence() {
        return isTracked() ? presence.absence() : null;
    }

    /** {@return the stored form of its session, where several processes share the tailnet} */
    private @Nullable SessionRow sessionRow() {
        SessionHolder holder = presence.holder();
        if (holder == null && (!presence.isShared() || health() == Health.HEALTHY)) {
            return null;
        }
        boolean isLive = holder != null && liveness() == Liveness.ONLINE;
        return new SessionRow(
                holder,
                isLive ? presence.session() : null,
                health(),
                isLive ? Times.instant(presence.steadySince()) : null);
    }

    boolean hasSameAbsence(NodeState other) {
        return Objects.equals(absence(), other.absence());
    }

    /**
     * Returns the row of one prefix, or null if nothing is known about it.
     *
     * @param primary whether the node is its primary
     * @param route the prefix, in which the node may be a candidate
     */
    @Nullable
    RouteRow routeRow(Prefix prefix, boolean primary, @Nullable RouteState route) {
        Instant advertisedAt = facts.advertisedAt().get(prefix);
        RouteRow.Status status = facts.status(prefix);
        if (advertisedAt == null && status instanceof RouteRow.Undecided) {
            return null;
        }
        boolean isUnhealthy = presence.isShared() && presence.unhealthy().contains(prefix) && isTracked();
        Health health = isUnhealthy ? Health.UNHEALTHY : null;
        return new RouteRow(id(), prefix, advertisedAt, status, primary, health, steadySinceOfItsOwn(route));
    }

    /** Since when it is steady as a candidate for a prefix, from rows; null where rows do not have it. */
    @Nullable
    Instant storedSteadySince(RouteRow row) {
        if (!presence.isShared() || liveness() != Liveness.ONLINE) {
            return null;
        }
        return row.steadySinceOrNull() == null ? Times.instant(presence.steadySince()) : row.steadySinceOrNull();
    }

    /** Since when it is steady as a candidate for one prefix; null if that is the time in its row, or not stored. */
    private @Nullable Instant steadySinceOfItsOwn(@Nullable RouteState route) {
        Candidate candidate =
                presence.isShared() && route != null && liveness() == Liveness.ONLINE ? route.candidate(id()) : null;
        return candidate == null || Times.millis(candidate.steadySince()) == presence.steadySince()
                ? null
                : candidate.steadySince();
    }

    /** {@return name, number and liveness for a person to read} */
    @Override
    public String toString() {
        return facts() + " " + liveness();
    }
}
