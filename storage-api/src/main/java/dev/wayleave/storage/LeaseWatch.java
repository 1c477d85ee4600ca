package dev.wayleave.storage;

import org.jspecify.annotations.Nullable;

/**
 * Judges when the lease of another process has run out: once this process has seen it unrenewed for its whole length,
 * by its own steady nanoseconds, at looks of which none came late and each found a store that takes renewals. After any
 * other look the time begins anew: the store may have been gone, and then no process could renew. For one thread at a
 * time.
 */
final class LeaseWatch {

    private @Nullable Lease seen;

    /** Since when the lease is as it was seen. */
    private long since;

    private long lookedAt;

    /**
     * Notes the lease as it is now.
     *
     * @param takesRenewals whether the store takes renewals now
     * @param most the longest time between two looks
     * @param now the steady nanoseconds
     * @return whether the lease was renewed since the last look, or is of another start of the process
     */
    boolean look(Lease lease, boolean takesRenewals, long most, long now) {
        Lease last = seen;
        boolean isSame =
                last != null && last.incarnation().equals(lease.incarnation()) && last.renewals() == lease.renewals();
        if (!isSame || !takesRenewals || now - lookedAt > most) {
            seen = lease;
            since = now;
        }
        lookedAt = now;
        return last != null && !isSame;
    }

    /** {@return for how long the lease is known to be unrenewed, in nanoseconds} */
    long unrenewed(long now) {
        return now - since;
    }

    boolean hasRunOut(long now) {
        return seen != null && unrenewed(now) >= seen.length().toNanos();
    }
}
