package dev.wayleave.row;

import dev.wayleave.mesh.Actor;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records that a router is draining.
 *
 * @param since when it began
 * @param untilOrNull when it ends by itself; null if it does not
 * @param by the actor that asked for the drain
 */
public record Drain(Instant since, @Nullable Instant untilOrNull, Actor by) {

    public Drain {
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(by, "by");
    }

    /** {@return when it ends by itself; empty if it does not} */
    public Optional<Instant> until() {
        return Optional.ofNullable(untilOrNull);
    }
}
