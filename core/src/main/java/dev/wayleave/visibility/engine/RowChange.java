package dev.wayleave.visibility.engine;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row that changed.
 *
 * @param before the row before; null if the prefix was effective nowhere
 * @param after the row now; null if the prefix is effective nowhere
 * @param moved the classes that are the same before and after and get the prefix from another carrier, or none
 */
@SuppressWarnings("ArrayRecordComponent") // nothing writes it, and nothing compares the record
record RowChange(@Nullable CarrierRow before, @Nullable CarrierRow after, long[] moved) {

    Prefix prefix() {
        return Objects.requireNonNull(after == null ? before : after, "row")
                .access
                .prefix();
    }

    /** The nodes that hold the prefix, or held it. */
    Stream<NodeId> holders() {
        return Stream.of(before, after)
                .filter(Objects::nonNull)
                .flatMap(row -> row.access.holders().stream())
                .distinct();
    }
}
