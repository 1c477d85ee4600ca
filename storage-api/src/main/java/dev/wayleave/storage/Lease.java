package dev.wayleave.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The row that shows that a replica lives. All times are the store's.
 *
 * @param replica the process
 * @param incarnation which start of the process: a new one at each {@link RoutingStore#joinReplica}
 * @param length after how long without a renewal another process may take over its tailnets, in whole milliseconds
 * @param renewals how often it was renewed since it joined
 * @param takeovers how many tailnets other replicas took from it since it joined
 * @param joinedAt when it joined
 * @param renewedAt when it joined or was renewed last
 */
public record Lease(
        ReplicaId replica,
        CommitToken incarnation,
        Duration length,
        long renewals,
        long takeovers,
        Instant joinedAt,
        Instant renewedAt) {

    /** The longest lease: a day. */
    public static final Duration LONGEST = Duration.ofDays(1);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the length is out of range, or a count is negative
     */
    public Lease {
        Objects.requireNonNull(replica, "replica");
        Objects.requireNonNull(incarnation, "incarnation");
        Objects.requireNonNull(length, "length");
        Objects.requireNonNull(joinedAt, "joinedAt");
        Objects.requireNonNull(renewedAt, "renewedAt");
        checkLength(length);
        if (renewals < 0 || takeovers < 0) {
            throw new IllegalArgumentException("a lease with `" + renewals + "` renewals and `" + takeovers
                    + "` takeovers cannot be: neither is negative");
        }
    }

    /**
     * Refuses a length that no lease has: for stores, before they write one.
     *
     * @param length the length of a lease
     * @throws IllegalArgumentException if it is not longer than zero, or longer than {@link #LONGEST}
     */
    public static void checkLength(Duration length) {
        Objects.requireNonNull(length, "length");
        if (length.isZero() || length.isNegative()) {
            throw new IllegalArgumentException("a lease of `" + length + "` never begins: it must be longer than zero");
        }
        if (length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a lease of `" + length + "` is too long: give it " + LONGEST + " or less");
        }
    }
}
