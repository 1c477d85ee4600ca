package dev.wayleave.examples.server.plane;

import dev.wayleave.command.Problem;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.ApiException.Fault;
import dev.wayleave.mesh.Names;
import java.util.List;

/** Makes the answer to a submission that the library refused. */
public final class Refusals {

    private Refusals() {}

    public static ApiException of(SubmissionResult.Refused refused, Names names) {
        List<Problem> problems = refused.problems();
        Problem first = problems.get(0);
        return new ApiException(
                status(first),
                first.text(names),
                problems.stream().map(problem -> fault(problem, names)).toList());
    }

    private static int status(Problem problem) {
        if (problem instanceof Problem.UnknownNode) {
            return 404;
        }
        boolean now = problem instanceof Problem.DrainLeavesPrefixes
                || problem instanceof Problem.DrainOver
                || problem instanceof Problem.HostKeyTaken
                || problem instanceof Problem.UserOwnsNode;
        return now ? 409 : 422;
    }

    private static Fault fault(Problem problem, Names names) {
        List<String> prefixes = problem instanceof Problem.DrainLeavesPrefixes drain
                ? drain.prefixes().stream().map(Object::toString).toList()
                : List.of();
        return new Fault(problem.kind(), problem.text(names), null, null, null, prefixes);
    }
}
