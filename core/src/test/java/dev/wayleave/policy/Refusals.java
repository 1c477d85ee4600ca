package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The problems of a policy, and what holds for every message about one. */
final class Refusals {

    private Refusals() {}

    static List<PolicyProblem> of(String text) {
        return by(() -> PolicyReader.read(text));
    }

    /** The only problem of a text. */
    static PolicyProblem theOnly(String text) {
        List<PolicyProblem> problems = of(text);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    static List<PolicyProblem> by(ThrowingCallable reading) {
        PolicyException refused = catchThrowableOfType(PolicyException.class, reading);
        assertThat(refused).as("a refusal").isNotNull();
        return refused.problems();
    }

    /** Checks by hand what is checked very often. */
    static void areWellFormed(List<PolicyProblem> problems) {
        assertThat(problems).isNotEmpty();
        PolicyProblem before = problems.get(0);
        for (PolicyProblem problem : problems) {
            String message = problem.message();
            boolean wellPlaced = problem.line() > 0
                    && problem.column() > 0
                    && (problem.line() > before.line()
                            || (problem.line() == before.line() && problem.column() >= before.column()));
            boolean wellWorded = !message.isBlank()
                    && message.length() < 1000
                    && !Character.isUpperCase(message.charAt(0))
                    && message.chars().noneMatch(Character::isISOControl)
                    && !message.contains("Exception")
                    && !message.contains("java");
            if (!wellPlaced || !wellWorded) {
                throw new AssertionError(problem + " after " + before);
            }
            before = problem;
        }
    }
}
