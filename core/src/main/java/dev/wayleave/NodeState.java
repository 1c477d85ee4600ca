package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.approval.Approvals;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Drain;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one node: what it is, what it can and may carry, and whether it is there.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class NodeState {

    private static final int NO_SLOT = -1;

    private final Node facts;
    private final ImmutableSortedSet<Prefix> advertised;
    private final Approvals approvals;
    private final ImmutableSortedSet<Prefix> effective;
    private final @Nullable Drain drain;
    private final @Nullable SessionId session;
    private final int slot;
    private final Liveness liveness;
    private final long graceUntil;
    private final long idleSince;
    private final boolean keyExpired;
    private final Health health;
    private final ImmutableSortedSet<Prefix> unhealthy;

    private NodeState(Builder draft) {
        this.facts = draft.facts;
        this.advertised = draft.advertised;
        this.approvals = draft.approvals;
        this.effective = draft.effective;
        this.drain = draft.drain;
        this.session = draft.session;
        this.slot = draft.slot;
        this.liveness = draft.liveness;
        this.graceUntil = draft.graceUntil;
        this.idleSince = draft.idleSince;
        this.keyExpired = draft.keyExpired;
        this.health = draft.health;
        this.unhealthy = draft.unhealthy;
    }

    static Builder fresh(Node facts, long now) {
        return new Builder(facts, now);
    }

    Builder edit() {
        return new Builder(this);
    }

    /**
     * Returns what the host said of the node.
     *
     * @return name, owner, addresses, key
     */
    public Node facts() {
        return facts;
    }

    /**
     * Returns the number of the node.
     *
     * @return unique in the tailnet
     */
    public NodeId id() {
        return facts.id();
    }

    /**
     * Returns what the node says that it can carry.
     *
     * @return in the order of the prefixes; immutable
     */
    public SortedSet<Prefix> advertised() {
        return advertised;
    }

    /**
     * Returns what the node may carry, and what it may not.
     *
     * @return the approvals and denials
     */
    public Approvals approvals() {
        return approvals;
    }

    /**
     * Returns what is both advertised and approved.
     *
     * @return subnet and exit routes, in the order of the prefixes; immutable
     */
    public SortedSet<Prefix> effective() {
        return effective;
    }

    /**
     * Returns whether the node's control session is up.
     *
     * @return online, in grace or offline
     */
    public Liveness liveness() {
        return liveness;
    }

    /**
     * Returns when the grace ends.
     *
     * @return empty unless the node is in its grace, and where the sessions are somebody else's and it has no end
     */
    public Optional<Instant> graceUntil() {
        return liveness == Liveness.GRACE ? unlessNever(graceUntil) : Optional.empty();
    }

    /**
     * Returns since when the node has been without a live session: from the end or the silence of its last one, from its
     * registration, or from the restart.
     *
     * @return empty while it is online, and where the sessions are somebody else's
     */
    public Optional<Instant> absentSince() {
        return liveness == Liveness.ONLINE ? Optional.empty() : unlessNever(idleSince);
    }

    private static Optional<Instant> unlessNever(long at) {
        return at == Deadline.NEVER ? Optional.empty() : Optional.of(Times.instant(at));
    }

    /**
     * Returns the current session, also one that fell silent: something heard on it brings the node back.
     *
     * @return empty if no session is open
     */
    public Optional<SessionId> session() {
        return Optional.ofNullable(session);
    }

    /**
     * Returns what was last reported of the node as a whole.
     *
     * @return healthy if nothing was
     */
    public Health health() {
        return health;
    }

    /**
     * Returns what was last reported about the node's way to one prefix.
     *
     * @param prefix a subnet route
     * @return unhealthy if either the node or its way to the prefix is
     */
    public Health health(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return health == Health.UNHEALTHY || unhealthy.contains(prefix) ? Health.UNHEALTHY : Health.HEALTHY;
    }

    /**
     * Returns the prefixes for which the node was reported as unhealthy.
     *
     * @return in their order; immutable
     */
    public SortedSet<Prefix> unhealthyPrefixes() {
        return unhealthy;
    }

    /**
     * Returns the drain that the node is in.
     *
     * @return empty if it is not being drained
     */
    public Optional<Drain> drain() {
        return Optional.ofNullable(drain);
    }

    /**
     * Tells whether the node's key has expired.
     *
     * @return true from the moment of expiry on
     */
    public boolean isKeyExpired() {
        return keyExpired;
    }

    /**
     * Tells whether the node stands for election anywhere: it is online, or in its grace, with an effective subnet
     * route.
     *
     * @return true for a candidate
     */
    public boolean isCandidate() {
        return isPresent() && hasSubnetRoute();
    }

    boolean isPresent() {
        return liveness != Liveness.OFFLINE;
    }

    /** Exit routes come first of their family, so that the last prefix tells. */
    boolean hasSubnetRoute() {
        return !effective.isEmpty()
                && (!effective.last().isExitRoute() || effective.stream().anyMatch(route -> !route.isExitRoute()));
    }

    boolean isListening() {
        return slot != NO_SLOT;
    }

    boolean hasSession(SessionId other) {
        return session != null && session.equals(other);
    }

    int slot() {
        return slot;
    }

    @Nullable
    Drain drainOrNull() {
        return drain;
    }

    long idleSince() {
        return idleSince;
    }

    ImmutableSortedSet<Prefix> effectiveSet() {
        return effective;
    }

    /** When something about this node is due, the silence of its session apart. */
    long due(RoutingSettings settings) {
        long due = liveness == Liveness.GRACE ? graceUntil : Deadline.NEVER;
        if (facts.isEphemeral() && liveness != Liveness.ONLINE) {
            due = Math.min(due, Times.plus(idleSince, settings.ephemeralIdle()));
        }
        if (drain != null && drain.until().isPresent()) {
            due = Math.min(due, Times.ceilingMillis(drain.until().get()));
        }
        if (!keyExpired && facts.keyExpiry().isPresent()) {
            due = Math.min(due, Times.ceilingMillis(facts.keyExpiry().get()));
        }
        return due;
    }

    /** Whether the two are the same to an election of any prefix that both hold. */
    boolean standsAs(NodeState other) {
        return liveness == other.liveness
                && keyExpired == other.keyExpired
                && health == other.health
                && (drain == null) == (other.drain == null)
                && unhealthy.equals(other.unhealthy)
                && facts.registeredAt().equals(other.facts.registeredAt());
    }

    /** The node on a clock that was stepped by so many milliseconds. */
    NodeState moved(long by) {
        return liveness == Liveness.ONLINE ? this : edit().moved(by).build();
    }

    NodeRow row() {
        return new NodeRow(facts, drain(), isCandidate());
    }

    /** Returns the row of one prefix, primary apart, or null if nothing is known of it. */
    @Nullable
    RouteRow routeRow(Prefix prefix, boolean primary) {
        boolean isAdvertised = advertised.contains(prefix);
        RouteRow.Standing standing = standing(prefix);
        return isAdvertised || !(standing instanceof RouteRow.Undecided)
                ? new RouteRow(facts.id(), prefix, isAdvertised, standing, primary)
                : null;
    }

    private RouteRow.Standing standing(Prefix prefix) {
        var approval = approvals.approved().get(prefix);
        if (approval != null) {
            return new RouteRow.Approved(approval);
        }
        var denial = approvals.denied().get(prefix);
        if (denial != null) {
            return new RouteRow.Denied(denial);
        }
        var lost = approvals.withdrawn().get(prefix);
        return lost != null ? new RouteRow.Withdrawn(lost) : new RouteRow.Undecided();
    }

    /**
     * Returns name, number and liveness for a person to read.
     *
     * @return for example {@code router-a (17) ONLINE}
     */
    @Override
    public String toString() {
        return facts + " " + liveness;
    }

    /** A node's next state in the making. */
    static final class Builder {

        private Node facts;
        private ImmutableSortedSet<Prefix> advertised;
        private Approvals approvals;
        private ImmutableSortedSet<Prefix> effective;
        private @Nullable Drain drain;
        private @Nullable SessionId session;
        private int slot;
        private Liveness liveness;
        private long graceUntil;
        private long idleSince;
        private boolean keyExpired;
        private Health health;
        private ImmutableSortedSet<Prefix> unhealthy;

        private Builder(Node facts, long now) {
            this.facts = facts;
            this.advertised = ImmutableSortedSet.of();
            this.approvals = Approvals.none();
            this.effective = ImmutableSortedSet.of();
            this.slot = NO_SLOT;
            this.liveness = Liveness.OFFLINE;
            this.idleSince = now;
            this.health = Health.HEALTHY;
            this.unhealthy = ImmutableSortedSet.of();
        }

        private Builder(NodeState from) {
            this.facts = from.facts;
            this.advertised = from.advertised;
            this.approvals = from.approvals;
            this.effective = from.effective;
            this.drain = from.drain;
            this.session = from.session;
            this.slot = from.slot;
            this.liveness = from.liveness;
            this.graceUntil = from.graceUntil;
            this.idleSince = from.idleSince;
            this.keyExpired = from.keyExpired;
            this.health = from.health;
            this.unhealthy = from.unhealthy;
        }

        @CanIgnoreReturnValue
        Builder facts(Node next) {
            this.facts = next;
            return this;
        }

        @CanIgnoreReturnValue
        Builder routes(SortedSet<Prefix> nextAdvertised, Approvals nextApprovals) {
            this.advertised = ImmutableSortedSet.copyOf(nextAdvertised);
            this.approvals = nextApprovals;
            this.effective = ImmutableSortedSet.copyOf(nextApprovals.effective(nextAdvertised));
            return this;
        }

        @CanIgnoreReturnValue
        Builder drain(@Nullable Drain next) {
            this.drain = next;
            return this;
        }

        /** A session is open and was heard; its time is in the slot. */
        @CanIgnoreReturnValue
        Builder online(SessionId next, int nextSlot) {
            this.session = next;
            this.slot = nextSlot;
            this.liveness = Liveness.ONLINE;
            return this;
        }

        /** The session ended, or (if it is given) fell silent. */
        @CanIgnoreReturnValue
        Builder down(@Nullable SessionId silent, long at, long until) {
            this.session = silent;
            this.slot = NO_SLOT;
            this.liveness = Liveness.GRACE;
            this.idleSince = at;
            this.graceUntil = until;
            return this;
        }

        /** It was a candidate before the restart, and may take a while to come back. */
        @CanIgnoreReturnValue
        Builder restarting(long until) {
            this.liveness = Liveness.GRACE;
            this.graceUntil = until;
            return this;
        }

        @CanIgnoreReturnValue
        Builder noSession() {
            this.session = null;
            return this;
        }

        @CanIgnoreReturnValue
        Builder offline() {
            this.liveness = Liveness.OFFLINE;
            return this;
        }

        /** The clock was stepped: what runs moves along, dates stay. */
        @CanIgnoreReturnValue
        Builder moved(long by) {
            this.graceUntil = Times.moved(graceUntil, by);
            this.idleSince = Times.moved(idleSince, by);
            return this;
        }

        @CanIgnoreReturnValue
        Builder keyExpired(boolean expired) {
            this.keyExpired = expired;
            return this;
        }

        @CanIgnoreReturnValue
        Builder healthOfAll(Health next) {
            this.health = next;
            this.unhealthy = ImmutableSortedSet.of();
            return this;
        }

        @CanIgnoreReturnValue
        Builder unhealthy(SortedSet<Prefix> next) {
            this.unhealthy = ImmutableSortedSet.copyOf(next);
            return this;
        }

        NodeState build() {
            return new NodeState(this);
        }
    }
}
