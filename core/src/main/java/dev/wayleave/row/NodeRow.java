package dev.wayleave.row;

import dev.wayleave.mesh.Node;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of one node.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param facts what the host said of it
 * @param drainOrNull the drain that it is in; null if it is not drained
 * @param candidate whether it was online, or in its grace, with a subnet route to carry: such a node gets the restart
 *     grace
 */
public record NodeRow(Node facts, @Nullable Drain drainOrNull, boolean candidate) {

    public NodeRow {
        Objects.requireNonNull(facts, "facts");
    }

    /**
     * {@return the drain that it is in; empty if it is not drained}
     */
    public Optional<Drain> drain() {
        return Optional.ofNullable(drainOrNull);
    }
}
