package dev.wayleave.row;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records that a router, or an ephemeral node, has no session, so that a restart in the middle of a failover forgets
 * nothing. A step of the clock shifts both times.
 *
 * @param since when its last session ended or fell silent, or when it was registered
 * @param graceUntilOrNull when its grace ends; null if it is over, or never was
 */
public record Absence(Instant since, @Nullable Instant graceUntilOrNull) {

    /**
     * Checks the order of the two.
     *
     * @throws IllegalArgumentException if the grace ends before it begins
     */
    public Absence {
        Objects.requireNonNull(since, "since");
        if (graceUntilOrNull != null && graceUntilOrNull.isBefore(since)) {
            throw new IllegalArgumentException("the grace ends at `" + graceUntilOrNull
                    + "`, before the absence begins at `" + since + "`: it must end at or after its beginning");
        }
    }

    /** {@return when its grace ends; empty if it is over, or never was} */
    public Optional<Instant> graceUntil() {
        return Optional.ofNullable(graceUntilOrNull);
    }
}
