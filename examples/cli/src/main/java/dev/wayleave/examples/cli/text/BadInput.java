package dev.wayleave.examples.cli.text;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.WayleaveException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A mistake in the input: printed in one line, with exit code 2 and no stack trace. */
public class BadInput extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public BadInput(String message) {
        this(message, List.of());
    }

    public BadInput(WayleaveException refused) {
        this(String.valueOf(refused.getMessage()));
    }

    /** The library refuses a submission: all its problems, after what this is about. */
    public static BadInput refused(String about, Names names, Collection<SubmissionResult.Refused> refusals) {
        return new BadInput(refusals.stream()
                .flatMap(refused -> refused.problems().stream())
                .map(problem -> problem.text(names))
                .collect(Collectors.joining("; ", about, "")));
    }

    /** Something is wrong in a file, at a place. */
    public BadInput(SourceText source, Problem problem) {
        this(problem.in(source), List.of(problem));
    }

    BadInput(String message, List<Problem> problems) {
        super(Printable.line(message));
        this.problems = List.copyOf(problems);
    }

    /** Each thing that is wrong, where it is known. */
    public List<Problem> problems() {
        return problems;
    }
}
