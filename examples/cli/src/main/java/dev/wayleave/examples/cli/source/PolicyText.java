package dev.wayleave.examples.cli.source;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Problem;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.PolicyLimits;
import dev.wayleave.policy.PolicyProblem;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import java.util.List;
import java.util.Optional;

/**
 * The text of a policy, which may be a part of a larger file; its problems have the lines and columns of that file.
 *
 * @param source the file
 * @param line the line of the file in which the policy begins
 * @param column the column of its first character
 * @param text only the policy, so that the rest of the file does not count against its limits
 */
public record PolicyText(SourceText source, int line, int column, String text) {

    /** A file that holds only a policy. */
    public static PolicyText alone(SourceText source) {
        return new PolicyText(source, 1, 1, source.text());
    }

    /** Reads the policy, with the lines of the file, and refuses it in one line that names all its problems. */
    public RoutingPolicy read(Users users) {
        try {
            // so many empty lines before it that its rules have the lines of the file
            RoutingPolicy policy = PolicyReader.read("\n".repeat(line - 1) + text, PolicyLimits.NONE);
            if (policy.problemsWith(users).isEmpty()) {
                return policy;
            }
        } catch (PolicyException refused) {
            // its problems are listed below, with their places in the file
        }
        List<String> problems =
                problems(users).stream().map(problem -> problem.in(source)).toList();
        String listed = problems.size() == 1 ? "" : " (`wayleave policy check` prints each on a line)";
        throw new BadInput(String.join("; ", problems) + listed);
    }

    /** Everything that is wrong in a tailnet with these users. */
    public List<Problem> problems(Users users) {
        try {
            return PolicyReader.read(text).problemsWith(users).stream()
                    .map(this::inFile)
                    .toList();
        } catch (PolicyException refused) {
            return refused.problems().stream().map(this::inFile).toList();
        }
    }

    private Problem inFile(PolicyProblem problem) {
        return inFile(Problem.of(problem.code(), problem.message(), problem.line(), problem.column()));
    }

    /** The policy, unless it cannot be read; which users its texts mean is not checked here. */
    public Optional<RoutingPolicy> parsed() {
        try {
            return Optional.of(PolicyReader.read(text));
        } catch (PolicyException refused) {
            return Optional.empty();
        }
    }

    /** What the author of a policy may not expect in a tailnet; nothing where the policy cannot be read. */
    public List<Problem> notices(RoutingState tailnet) {
        return parsed().map(tailnet::notices).orElse(List.of()).stream()
                .map(notice -> inFile(Problem.of(notice.code(), notice.message(), notice.line(), notice.column())))
                .toList();
    }

    /** What has a place in the policy, with its place in the file. */
    private Problem inFile(Problem inPolicy) {
        if (inPolicy.line() == null || inPolicy.column() == null) {
            return inPolicy;
        }
        int first = inPolicy.line() == 1 ? column - 1 : 0;
        return new Problem(inPolicy.code(), inPolicy.message(), line + inPolicy.line() - 1, first + inPolicy.column());
    }
}
