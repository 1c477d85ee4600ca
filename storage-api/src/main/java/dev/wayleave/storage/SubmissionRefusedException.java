package dev.wayleave.storage;

import dev.wayleave.command.Problem;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.WayleaveException;
import java.util.List;
import java.util.stream.Collectors;

/** A submission was refused: nothing of it was applied. {@link #problems} has all its problems. */
public final class SubmissionRefusedException extends WayleaveException {

    private static final long serialVersionUID = 1L;

    /** Lost when the exception is serialized: a problem is not serializable. */
    private final transient List<Problem> problems;

    /**
     * Makes an exception.
     *
     * @param problems all problems of the submission, at least one
     */
    public SubmissionRefusedException(List<Problem> problems) {
        super(Copies.list(problems, "problems").stream()
                .map(problem -> problem.text(Names.NUMBERS))
                .collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** {@return all problems of the submission, in the order of its commands} */
    public List<Problem> problems() {
        return problems == null ? List.of() : problems;
    }
}
