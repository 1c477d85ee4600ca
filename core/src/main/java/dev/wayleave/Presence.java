package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import java.time.Instant;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node is there: its session, its health, and whether its key has expired at the time of the state. All of it
 * is volatile, but since when a router or an ephemeral node has no session.
 *
 * @param session the current session, also one that fell silent
 * @param slot the session's slot in {@link LastHeardTimes}, or {@link #NO_SLOT} if it is not live
 * @param liveness online, in grace, offline or unknown
 * @param graceUntil when the node is offline unless a session comes, in milliseconds; read in grace and while unknown
 * @param absentSince when the last live session ended, in milliseconds; read unless online
 * @param health what was reported of the node as a whole
 * @param unhealthy the prefixes that were reported as unhealthy
 * @param keyExpired whether the key has expired
 * @param stored what its row says of its absence, in a grace that a session left, and where another process wrote it;
 *     null otherwise
 */
record Presence(
        @Nullable SessionId session,
        int slot,
        Liveness liveness,
        long graceUntil,
        long absentSince,
        Health health,
        ImmutableSortedSet<Prefix> unhealthy,
        boolean keyExpired,
        @Nullable Absence stored) {

    static final int NO_SLOT = -1;

    static Presence absent(long since) {
        return new Presence(
                null, NO_SLOT, Liveness.OFFLINE, 0, since, Health.HEALTHY, ImmutableSortedSet.of(), false, null);
    }

    /**
     * What the row of a router or an ephemeral node says of its absence. Null while it is online, unknown, or in the
     * restart grace: a second restart gives it another one, since it may not have had the time to come back.
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

    /** A session is live; the slot holds when it was last heard. */
    Presence online(SessionId next, int nextSlot) {
        return new Presence(
                next, nextSlot, Liveness.ONLINE, graceUntil, absentSince, health, unhealthy, keyExpired, null);
    }

    /** The session ended, or (if it is given) fell silent. */
    Presence down(@Nullable SessionId silent, long at, long until) {
        Absence begun = new Absence(Times.instant(at), Times.instant(until));
        return new Presence(silent, NO_SLOT, Liveness.GRACE, until, at, health, unhealthy, keyExpired, begun);
    }

    /** What was stored of the absence goes on, on a clock that may have been set back since. */
    static Presence resumed(Absence row, long now) {
        long began = Times.millis(row.since());
        Presence absent = absent(Math.min(began, now));
        if (row.graceUntilOrNull() == null) {
            return absent;
        }
        long length = Times.millis(row.graceUntilOrNull()) - began;
        return absent.down(null, absent.absentSince, absent.absentSince + length);
    }

    /**
     * As another process stored it, where this one has no session of the node either: two processes that differ in
     * since when would write over each other without end.
     */
    Presence as(Absence row, long now) {
        if (liveness == Liveness.ONLINE || row.equals(absence())) {
            return this;
        }
        Presence other = resumed(row, now);
        if (liveness == Liveness.UNKNOWN) {
            return storedAs(row);
        }
        return other.liveness != liveness
                ? this
                : new Presence(
                        session,
                        slot,
                        liveness,
                        other.graceUntil,
                        other.absentSince,
                        health,
                        unhealthy,
                        keyExpired,
                        other.stored);
    }

    /** The node was a candidate before the restart, and has a grace to come back. */
    Presence restarting(long until) {
        return with(Liveness.GRACE, until);
    }

    /** The node is no router, so that nothing is stored of where it was before the restart. */
    Presence unknown(long until) {
        return with(Liveness.UNKNOWN, until);
    }

    private Presence with(Liveness next, long until) {
        return new Presence(session, slot, next, until, absentSince, health, unhealthy, keyExpired, null);
    }

    /** What another process has stored of the absence stays. */
    Presence storedAs(@Nullable Absence row) {
        return new Presence(session, slot, liveness, graceUntil, absentSince, health, unhealthy, keyExpired, row);
    }

    Presence withoutSession() {
        return new Presence(null, slot, liveness, graceUntil, absentSince, health, unhealthy, keyExpired, stored);
    }

    Presence offline() {
        return with(Liveness.OFFLINE, graceUntil);
    }

    /** On a clock that was stepped by so many milliseconds. */
    Presence moved(long by) {
        if (absentSince == Deadline.NEVER) {
            return this; // another process has the sessions, and moves them
        }
        return new Presence(
                session,
                slot,
                liveness,
                Times.moved(graceUntil, by),
                Times.moved(absentSince, by),
                health,
                unhealthy,
                keyExpired,
                stored == null ? null : moved(stored, by));
    }

    private static Absence moved(Absence row, long by) {
        Instant until = row.graceUntilOrNull();
        return new Absence(Times.moved(row.since(), by), until == null ? null : Times.moved(until, by));
    }

    /** A report about the node as a whole replaces those about its prefixes. */
    Presence withHealth(Health next) {
        return new Presence(
                session, slot, liveness, graceUntil, absentSince, next, ImmutableSortedSet.of(), keyExpired, stored);
    }

    Presence withUnhealthy(SortedSet<Prefix> next) {
        return new Presence(
                session,
                slot,
                liveness,
                graceUntil,
                absentSince,
                health,
                ImmutableSortedSet.copyOf(next),
                keyExpired,
                stored);
    }

    Presence withKeyExpired(boolean next) {
        return new Presence(session, slot, liveness, graceUntil, absentSince, health, unhealthy, next, stored);
    }
}
