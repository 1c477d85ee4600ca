package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import java.util.List;
import java.util.Objects;

/**
 * Some lines of a plan about the same nodes, or about the same kind of change.
 *
 * @param title what the lines are about, for example {@code Approvals} or {@code 2 viewers: ann-laptop, ann-phone}
 * @param lines at least one; under a title that names viewers or packet filters, each begins with the verb of which
 *     these are the subject
 */
public record PlanSection(String title, List<PlanLine> lines) {

    public PlanSection {
        Objects.requireNonNull(title, "title");
        lines = Copies.list(lines, "lines");
    }
}
