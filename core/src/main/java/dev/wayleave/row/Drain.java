package dev.wayleave.row;

import dev.wayleave.mesh.Actor;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * That a router is being drained.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param since when it began
 * @param until when it ends by itself, if it does
 * @param by who asked for it
 */
public record Drain(Instant since, Optional<Instant> until, Actor by) {

    public Drain {
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(by, "by");
    }
}
