package dev.wayleave.storage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The single keep-alives of one session that wait: one place for all, and a second one for the newer ones while the
 * first is fixed. The queue guards it.
 */
final class WaitingKeepAlives {

    /**
     * The submission that is taken and not answered, or waits before one that may end a batch; null if there is none.
     */
    @Nullable
    PendingSubmission fixed;

    /** What waits otherwise; null if there is none. */
    @Nullable
    PendingSubmission fresh;

    /** Returns the one to take of those before a place; null if all come later. */
    @Nullable
    PendingSubmission takeBefore(long end) {
        if (fixed == null && fresh != null && fresh.place() < end) {
            fixed = fresh;
            fresh = null;
            return fixed;
        }
        if (fixed == null || fixed.place() >= end) {
            return null;
        }
        if (fresh != null && fresh.place() < end) {
            fixed.heardAgain(fresh.submission(), fresh.place());
        }
        return fixed;
    }

    /** {@return when the first of those arrived that come at a place or later; the end of time if there is none} */
    Instant arrivedFrom(long start) {
        if (fixed != null && fixed.place() >= start) {
            return fixed.arrived();
        }
        return fresh != null && fresh.place() >= start ? fresh.arrived() : Instant.MAX;
    }
}
