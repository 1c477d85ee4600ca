package dev.wayleave;

import dev.wayleave.row.Absence;
import java.time.Instant;

/** Reads the absence of a node from its row, on a clock that may be set. */
final class StoredAbsence {

    private StoredAbsence() {}

    /** The absence goes on, on a clock that may have been set back since it was stored. */
    static Presence resumed(Absence row, long now) {
        long began = Times.millis(row.since());
        long since = Math.min(began, now);
        Presence absent = Presence.absent(since);
        if (row.graceUntilOrNull() == null) {
            return absent;
        }
        long length = Times.millis(row.graceUntilOrNull()) - began;
        return absent.down(null, since, since + length);
    }

    /** The same absence after a step of the clock, in milliseconds. */
    static Absence shifted(Absence row, long by) {
        Instant until = row.graceUntilOrNull();
        return new Absence(Times.shifted(row.since(), by), until == null ? null : Times.shifted(until, by));
    }
}
