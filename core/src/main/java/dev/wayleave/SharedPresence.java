package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.command.ClockStepDetector;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.SessionRow;
import dev.wayleave.settings.RoutingSettings;
import org.jspecify.annotations.Nullable;

/**
 * Computes the presence of a node at one of several processes that share a tailnet, from two sources: what rows have,
 * and what this process knows of the sessions that it has itself.
 *
 * <pre>
 *   the row has           this process has a live session        it has none
 *   a session of it       it stays, with what was reported       (the session was lost here) a grace begins
 *   another session       the node has connected elsewhere; one  it is online there
 *                         that was not stored, and began later,
 *                         stays, and will be stored
 *   an absence            a stored session was ended elsewhere;  in grace, or offline
 *                         one that was not stored stays, and
 *                         will be stored
 *   nothing               it stays, and will be stored           not known; a candidate has the restart grace,
 *                                                                an ephemeral node is idle from now on
 * </pre>
 */
final class SharedPresence {

    /** By fewer milliseconds the clocks of two processes may differ: they must not correct each other. */
    private static final long CLOCK_STEP = ClockStepDetector.THRESHOLD.toMillis();

    private final SessionHolder self;
    private final RoutingSettings settings;
    private final long now;

    SharedPresence(SessionHolder self, RoutingSettings settings, long now) {
        this.self = self;
        this.settings = settings;
        this.now = now;
    }

    /**
     * A node as it is now.
     *
     * @param last the node before; null if it was not known
     * @param stored the row that the node was made of, if that differs from the row of the state
     */
    NodeState of(
            NodeFacts facts,
            NodeRow row,
            ImmutableSortedSet<Prefix> unhealthy,
            @Nullable NodeState last,
            @Nullable NodeRow stored) {
        return withIdleTime(found(facts, row, unhealthy, last, stored), now);
    }

    /**
     * An ephemeral node whose row has neither a session nor an absence: its idle time counts from now on. If another
     * process has its session, that process stores it, and nothing is counted then.
     */
    static NodeState withIdleTime(NodeState node, long now) {
        boolean isUncounted = node.facts().isEphemeral()
                && node.liveness() == Liveness.UNKNOWN
                && node.presence().absentSince() == Deadline.NEVER;
        return isUncounted ? node.with(node.presence().absentFrom(now)) : node;
    }

    private NodeState found(
            NodeFacts facts,
            NodeRow row,
            ImmutableSortedSet<Prefix> unhealthy,
            @Nullable NodeState last,
            @Nullable NodeRow stored) {
        if (last == null) {
            return NodeState.of(facts, read(row, unhealthy));
        }
        Presence known = last.presence();
        NodeState same = NodeState.of(facts, known);
        if (same.isListening()) {
            boolean isStored = sessionHere(stored == null ? last.row() : stored) != null;
            SessionRow other = sessionElsewhere(row);
            boolean isOver = isStored
                    ? row.absenceOrNull() != null || other != null
                    : other != null && !hasBegunAfter(known, other);
            if (isOver) {
                return same.with(read(row, unhealthy));
            }
            NodeState stays = same.with(connected(same, row, unhealthy));
            return sessionHere(row) == null ? stays.steadyAsOfItsSession(last) : stays;
        }
        // nothing is stored about a node that is neither a router nor ephemeral: what is known here stays
        boolean isSame = same.isTracked()
                ? same.row().equals(row) && known.unhealthy().equals(unhealthy)
                : row.sessionOrNull() == null
                        && row.absenceOrNull() == null
                        && (!known.isElsewhere() || known.isReported());
        return isSame ? same.asFarAsStored() : same.with(read(row, unhealthy));
    }

    private Presence connected(NodeState same, NodeRow row, ImmutableSortedSet<Prefix> unhealthy) {
        Presence known = same.presence();
        SessionRow session = row.sessionOrNull();
        if (session != null && session.sessionOrNull() != null) {
            // a row of another session than the live one has what was reported of that one
            return session.sessionOrNull().equals(known.session()) ? known.withReports(session, unhealthy) : known;
        }
        // what was reported about prefixes before the node was a router is known only here
        return same.isTracked() && !known.unhealthy().equals(unhealthy) ? known.withUnhealthy(unhealthy) : known;
    }

    /** The session in a row, if it is one of another process. */
    private @Nullable SessionRow sessionElsewhere(NodeRow row) {
        SessionRow session = row.sessionOrNull();
        return session != null && session.sessionOrNull() != null && !self.equals(session.holderOrNull())
                ? session
                : null;
    }

    /**
     * Whether the session here began after the one in a row, as far as it can be known: a node is steady since its
     * session began, or since a session before it, which the other process replaced by this one.
     */
    private static boolean hasBegunAfter(Presence known, SessionRow other) {
        long steadySince = other.steadySince().map(Times::millis).orElse(Deadline.NEVER);
        return steadySince != Deadline.NEVER && known.sessionSince() - steadySince >= CLOCK_STEP;
    }

    /** The session in a row, if it is one of this process. */
    private @Nullable SessionRow sessionHere(NodeRow row) {
        SessionRow session = row.sessionOrNull();
        return session != null && session.sessionOrNull() != null && self.equals(session.holderOrNull())
                ? session
                : null;
    }

    private Presence read(NodeRow row, ImmutableSortedSet<Prefix> unhealthy) {
        SessionRow lost = sessionHere(row);
        if (lost != null) {
            return Presence.shared(new SessionRow(self, null, lost.health(), null), null, unhealthy, self)
                    .down(null, now, Times.plus(now, settings.grace()));
        }
        SessionRow session = row.sessionOrNull();
        if (session == null && row.absenceOrNull() == null && row.candidate()) {
            long until = Times.plus(now, settings.restartGrace());
            Absence begun = new Absence(Times.instant(now), until > now ? Times.instant(until) : null);
            return Presence.shared(null, begun, unhealthy, self);
        }
        return notAbsentAfter(now, Presence.shared(session, row.absenceOrNull(), unhealthy, self));
    }

    /** An absence that begins in the future begins now, and is as long: the clock of the store was set back. */
    static Presence notAbsentAfter(long now, Presence presence) {
        long since = presence.absentSince();
        return since == Deadline.NEVER || since - now < CLOCK_STEP ? presence : presence.shifted(now - since);
    }
}
