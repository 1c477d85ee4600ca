package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.SessionRow;
import java.time.Instant;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The session, health and key state of a node at the time of the state. All of it is volatile, except for the time
 * since when a router or an ephemeral node has no session. Where several processes share the tailnet, the sessions and
 * the health of these nodes are stored as well.
 *
 * <p>Immutable once it is returned: each change writes to a copy.
 */
final class Presence {

    static final int NO_SLOT = -1;

    /** The current session, also one that fell silent. */
    private @Nullable SessionId session;

    /** Which of several processes has the session, or had the last one; null for a single process, and if none had. */
    private @Nullable SessionHolder holder;

    /** Whether that is another process than this one. */
    private boolean isElsewhere;

    /** Whether this is known from a message of that process, and from no row. */
    private boolean isReported;

    /** Whether the session and the health are in the rows: several processes share the tailnet. */
    private boolean isShared;

    /** The session's slot in {@link LastHeardTimes}, or {@link #NO_SLOT} if this process has no live session. */
    private int slot = NO_SLOT;

    private Liveness liveness = Liveness.OFFLINE;

    /** When the node is offline, in milliseconds; read in grace and while unknown. */
    private long graceUntil;

    /** When the live session of this process began, in milliseconds; read while there is one. */
    private long sessionSince;

    /** When the last live session ended, in milliseconds; read unless online. */
    private long absentSince;

    /** Since when the node is online, with the health, key and drain that it has; stored for shared nodes. */
    private long steadySince;

    /** What was reported about the node as a whole. */
    private Health health = Health.HEALTHY;

    /** The prefixes that were reported as unhealthy. */
    private ImmutableSortedSet<Prefix> unhealthy = ImmutableSortedSet.of();

    private boolean keyExpired;

    /** The absence in the row: in the grace after a session, and where another process wrote the row; else null. */
    private @Nullable Absence stored;

    private Presence() {}

    private Presence copy() {
        Presence copy = new Presence();
        copy.session = session;
        copy.holder = holder;
        copy.isElsewhere = isElsewhere;
        copy.isReported = isReported;
        copy.isShared = isShared;
        copy.slot = slot;
        copy.liveness = liveness;
        copy.graceUntil = graceUntil;
        copy.sessionSince = sessionSince;
        copy.absentSince = absentSince;
        copy.steadySince = steadySince;
        copy.health = health;
        copy.unhealthy = unhealthy;
        copy.keyExpired = keyExpired;
        copy.stored = stored;
        return copy;
    }

    static Presence absent(long since) {
        Presence absent = new Presence();
        absent.absentSince = since;
        return absent;
    }

    /** Nothing is stored about a node, and this process has no session of it. */
    static Presence sharedUnknown() {
        Presence unknown = absent(Deadline.NEVER);
        unknown.isShared = true;
        unknown.liveness = Liveness.UNKNOWN;
        unknown.graceUntil = Deadline.NEVER;
        return unknown;
    }

    @Nullable
    SessionId session() {
        return session;
    }

    @Nullable
    SessionHolder holder() {
        return holder;
    }

    boolean isElsewhere() {
        return isElsewhere;
    }

    boolean isReported() {
        return isReported;
    }

    boolean isShared() {
        return isShared;
    }

    int slot() {
        return slot;
    }

    Liveness liveness() {
        return liveness;
    }

    long graceUntil() {
        return graceUntil;
    }

    long sessionSince() {
        return sessionSince;
    }

    long absentSince() {
        return absentSince;
    }

    long steadySince() {
        return steadySince;
    }

    Health health() {
        return health;
    }

    ImmutableSortedSet<Prefix> unhealthy() {
        return unhealthy;
    }

    boolean keyExpired() {
        return keyExpired;
    }

    /**
     * The absence in the row of a router or an ephemeral node. Null while the node is online, unknown, or in the
     * restart grace: a second restart gives it another restart grace, since it may not have had the time to come back.
     */
    @Nullable
    Absence absence() {
        if (stored != null) {
            return stored;
        }
        return liveness == Liveness.OFFLINE && absentSince != Deadline.NEVER
                ? new Absence(Times.instant(absentSince), null)
                : null;
    }

    // ---- sessions of this process

    /** A session is live since a time, or is heard again since then; the slot holds when it was last heard. */
    Presence online(SessionId next, int nextSlot, long since) {
        Presence online = copy();
        online.session = next;
        online.slot = nextSlot;
        online.liveness = Liveness.ONLINE;
        online.sessionSince = since;
        online.steadySince = liveness == Liveness.ONLINE ? steadySince : since;
        online.isElsewhere = false;
        online.stored = null;
        return online;
    }

    Presence heldBy(@Nullable SessionHolder next) {
        if (next == null && holder == null) {
            return this;
        }
        Presence held = copy();
        held.holder = next;
        held.isElsewhere = false;
        held.isReported = false;
        return held;
    }

    /** Another process has a session, of which nothing is stored. */
    Presence reportedBy(SessionHolder by, SessionId next, long since) {
        Presence reported = sharedUnknown();
        reported.session = next;
        reported.holder = by;
        reported.isElsewhere = true;
        reported.isReported = true;
        reported.liveness = Liveness.ONLINE;
        reported.steadySince = since;
        reported.health = health;
        reported.unhealthy = unhealthy;
        reported.keyExpired = keyExpired;
        return reported;
    }

    /** This presence, known from the row from now on. */
    Presence asStored() {
        Presence known = copy();
        known.isReported = false;
        return known;
    }

    /** The session ended, or (if it is given) fell silent. */
    Presence down(@Nullable SessionId silent, long at, long until) {
        Presence down = copy();
        down.session = silent;
        down.slot = NO_SLOT;
        down.liveness = Liveness.GRACE;
        down.graceUntil = until;
        down.absentSince = at;
        down.stored = new Absence(Times.instant(at), Times.instant(until));
        return down;
    }

    Presence withoutSession() {
        Presence next = copy();
        next.session = null;
        return next;
    }

    Presence offline() {
        return with(Liveness.OFFLINE, graceUntil);
    }

    // ---- from rows

    /**
     * Takes the absence that another process stored, if this one has no session of the node either. If each process
     * kept its own start of the absence, they would overwrite each other's row without end.
     */
    Presence as(Absence row, long now) {
        if (liveness == Liveness.ONLINE || row.equals(absence())) {
            return this;
        }
        if (liveness == Liveness.UNKNOWN) {
            return storedAs(row);
        }
        Presence other = StoredAbsence.resumed(row, now);
        if (other.liveness != liveness) {
            return this;
        }
        Presence same = copy();
        same.graceUntil = other.graceUntil;
        same.absentSince = other.absentSince;
        same.stored = other.stored;
        return same;
    }

    /** The node was a candidate before the restart, and has a grace to come back. */
    Presence restarting(long until) {
        return with(Liveness.GRACE, until);
    }

    /** The node is not a router, so that nothing is stored about where it was before the restart. */
    Presence unknown(long until) {
        return with(Liveness.UNKNOWN, until);
    }

    private Presence with(Liveness next, long until) {
        Presence changed = copy();
        changed.liveness = next;
        changed.graceUntil = until;
        changed.stored = null;
        return changed;
    }

    /** What another process has stored about the absence stays. */
    Presence storedAs(@Nullable Absence row) {
        Presence next = copy();
        next.stored = row;
        return next;
    }

    /** Reads from the rows of a shared tailnet the presence of a node of which this process has no session. */
    static Presence shared(
            @Nullable SessionRow row,
            @Nullable Absence absence,
            ImmutableSortedSet<Prefix> unhealthy,
            @Nullable SessionHolder self) {
        Presence shared = sharedUnknown();
        shared.unhealthy = unhealthy;
        if (row != null) {
            shared.holder = row.holderOrNull();
            shared.isElsewhere = shared.holder != null && !shared.holder.equals(self);
            shared.health = row.health();
        }
        if (row != null && row.sessionOrNull() != null) {
            shared.liveness = Liveness.ONLINE;
            shared.session = row.sessionOrNull();
            shared.steadySince = row.steadySince().map(Times::millis).orElse(0L);
        } else if (absence != null) {
            Instant until = absence.graceUntilOrNull();
            shared.absentSince = Times.millis(absence.since());
            shared.liveness = until == null ? Liveness.OFFLINE : Liveness.GRACE;
            shared.graceUntil = until == null ? 0 : Times.millis(until);
            shared.stored = absence;
        }
        return shared;
    }

    Presence absentFrom(long since) {
        Presence absent = copy();
        absent.absentSince = since;
        return absent;
    }

    /** No time ends its grace or its absence here. */
    Presence withoutTimers() {
        Presence still = copy();
        still.graceUntil = Deadline.NEVER;
        still.absentSince = Deadline.NEVER;
        return still;
    }

    /** What another process reported about a node whose session this process has. */
    Presence withReports(SessionRow row, ImmutableSortedSet<Prefix> nextUnhealthy) {
        long since = row.steadySince().map(Times::millis).orElse(steadySince);
        if (row.health() == health && since == steadySince && nextUnhealthy.equals(unhealthy)) {
            return this;
        }
        Presence next = copy();
        next.health = row.health();
        next.steadySince = since;
        next.unhealthy = nextUnhealthy;
        return next;
    }

    // ---- clock, health, key

    /** This presence on a clock that was stepped by so many milliseconds. */
    Presence shifted(long by) {
        if (absentSince == Deadline.NEVER) {
            return this; // another process has the sessions, and shifts them
        }
        Presence shifted = copy();
        shifted.graceUntil = Times.shifted(graceUntil, by);
        shifted.absentSince = Times.shifted(absentSince, by);
        shifted.stored = stored == null ? null : StoredAbsence.shifted(stored, by);
        return shifted;
    }

    /** The same for a live session of a shared tailnet; what is stored stays, because all processes read it. */
    Presence withSessionShifted(long by, boolean isStored) {
        Presence shifted = copy();
        shifted.sessionSince = Times.shifted(sessionSince, by);
        shifted.steadySince = isStored ? steadySince : Times.shifted(steadySince, by);
        return shifted;
    }

    /** A report about the node as a whole replaces those about its prefixes. */
    Presence withHealth(Health next) {
        Presence changed = copy();
        changed.health = next;
        changed.unhealthy = ImmutableSortedSet.of();
        return changed;
    }

    Presence withUnhealthy(SortedSet<Prefix> next) {
        Presence changed = copy();
        changed.unhealthy = ImmutableSortedSet.copyOf(next);
        return changed;
    }

    Presence withKeyExpired(boolean next) {
        Presence changed = copy();
        changed.keyExpired = next;
        return changed;
    }

    Presence steadyFrom(long since) {
        Presence changed = copy();
        changed.steadySince = since;
        return changed;
    }
}
