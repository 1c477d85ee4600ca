package dev.wayleave;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The volatile part of a node: its session, its health, and whether its key has expired at the time of the state.
 *
 * @param session the current session, also one that fell silent
 * @param slot the session's slot in {@link LastHeardTimes}, or {@link #NO_SLOT} if it is not live
 * @param liveness online, in grace, offline or unknown
 * @param graceUntil when the node is offline unless a session comes, in milliseconds; read in grace and while unknown
 * @param absentSince when the last live session ended, in milliseconds; read unless online
 * @param health what was reported of the node as a whole
 * @param unhealthy the prefixes that were reported as unhealthy
 * @param keyExpired whether the key has expired
 */
record Presence(
        @Nullable SessionId session,
        int slot,
        Liveness liveness,
        long graceUntil,
        long absentSince,
        Health health,
        ImmutableSortedSet<Prefix> unhealthy,
        boolean keyExpired) {

    static final int NO_SLOT = -1;

    static Presence absent(long since) {
        return new Presence(null, NO_SLOT, Liveness.OFFLINE, 0, since, Health.HEALTHY, ImmutableSortedSet.of(), false);
    }

    /** A session is live; the slot holds when it was last heard. */
    Presence online(SessionId next, int nextSlot) {
        return new Presence(next, nextSlot, Liveness.ONLINE, graceUntil, absentSince, health, unhealthy, keyExpired);
    }

    /** The session ended, or (if it is given) fell silent. */
    Presence down(@Nullable SessionId silent, long at, long until) {
        return new Presence(silent, NO_SLOT, Liveness.GRACE, until, at, health, unhealthy, keyExpired);
    }

    /** The node was a candidate before the restart, and has a grace to come back. */
    Presence restarting(long until) {
        return new Presence(session, slot, Liveness.GRACE, until, absentSince, health, unhealthy, keyExpired);
    }

    /** The node is no router, so that nothing is stored of where it was before the restart. */
    Presence unknown(long until) {
        return new Presence(session, slot, Liveness.UNKNOWN, until, absentSince, health, unhealthy, keyExpired);
    }

    Presence withoutSession() {
        return new Presence(null, slot, liveness, graceUntil, absentSince, health, unhealthy, keyExpired);
    }

    Presence offline() {
        return new Presence(session, slot, Liveness.OFFLINE, graceUntil, absentSince, health, unhealthy, keyExpired);
    }

    /** On a clock that was stepped by so many milliseconds. */
    Presence moved(long by) {
        return new Presence(
                session,
                slot,
                liveness,
                Times.moved(graceUntil, by),
                Times.moved(absentSince, by),
                health,
                unhealthy,
                keyExpired);
    }

    /** A report about the node as a whole replaces those about its prefixes. */
    Presence withHealth(Health next) {
        return new Presence(
                session, slot, liveness, graceUntil, absentSince, next, ImmutableSortedSet.of(), keyExpired);
    }

    Presence withUnhealthy(SortedSet<Prefix> next) {
        return new Presence(
                session, slot, liveness, graceUntil, absentSince, health, ImmutableSortedSet.copyOf(next), keyExpired);
    }

    Presence withKeyExpired(boolean next) {
        return new Presence(session, slot, liveness, graceUntil, absentSince, health, unhealthy, next);
    }
}
