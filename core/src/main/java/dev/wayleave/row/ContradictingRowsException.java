package dev.wayleave.row;

import com.google.common.collect.ImmutableList;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import java.util.List;
import java.util.Objects;

/** Rows that no state of a tailnet can have: they contradict each other, and all of them are refused. */
public final class ContradictingRowsException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Creates the exception with the rows that contradict each other.
     *
     * @param tailnet the tailnet whose rows they are
     * @param problems at least one; each names a row by its kind and key, and what is wrong with it
     */
    public ContradictingRowsException(TailnetId tailnet, List<String> problems) {
        super("the rows of tailnet `" + Objects.requireNonNull(tailnet, "tailnet") + "` contradict each other: "
                + String.join("; ", Copies.list(problems, "problems")) + "; correct or delete these rows");
        this.problems = ImmutableList.copyOf(problems);
    }

    /**
     * {@return every row that is wrong, by its kind and key, and why: users first, then each node with its
     * routes, then nodes with the host key of another}
     */
    public List<String> problems() {
        return problems;
    }
}
