package dev.wayleave.row;

import com.google.common.collect.ImmutableList;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Rows that no state of a tailnet can have: they contradict each other, and all of them are refused. */
public final class ContradictingRowsException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    private final transient List<RowContradiction> problems;

    /**
     * Creates the exception with the rows that contradict each other.
     *
     * @param tailnet the tailnet whose rows they are
     * @param problems at least one
     */
    public ContradictingRowsException(TailnetId tailnet, List<RowContradiction> problems) {
        super("the rows of tailnet `" + Objects.requireNonNull(tailnet, "tailnet") + "` contradict each other: "
                + Copies.list(problems, "problems").stream()
                        .map(RowContradiction::text)
                        .collect(Collectors.joining("; "))
                + "; correct or delete these rows");
        this.problems = ImmutableList.copyOf(problems);
    }

    /**
     * {@return every row that is wrong, and why: users first, then each node with its routes, then nodes with the host
     * key of another}
     */
    public List<RowContradiction> problems() {
        return problems;
    }
}
