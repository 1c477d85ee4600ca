package dev.wayleave.row;

import dev.wayleave.mesh.Node;
import java.util.Objects;
import java.util.Optional;

/**
 * What is stored of one node.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param facts what the host said of it
 * @param drain the drain that it is in, if any
 * @param candidate whether it was online, or in its grace, with a subnet route to carry: such a node gets the restart
 *     grace
 */
public record NodeRow(Node facts, Optional<Drain> drain, boolean candidate) {

    public NodeRow {
        Objects.requireNonNull(facts, "facts");
        Objects.requireNonNull(drain, "drain");
    }
}
