package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;

/**
 * Some sentences of a plan about the same nodes.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param title whom or what they are about, for example {@code 2 viewers: ann-laptop, ann-phone}
 * @param lines at least one
 */
public record PlanSection(String title, List<PlanLine> lines) {

    public PlanSection {
        Objects.requireNonNull(title, "title");
        lines = Copies.list(lines, "lines");
    }
}
