package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What is wrong with a policy, and what holds for everything that is ever said about one. */
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

    static void areWellFormed(List<PolicyProblem> problems) {
        assertThat(problems).isNotEmpty();
        PolicyProblem before = problems.get(0);
        for (PolicyProblem problem : problems) {
            assertThat(problem.line()).isPositive();
            assertThat(problem.column()).isPositive();
            assertThat(problem.line() > before.line()
                            || (problem.line() == before.line() && problem.column() >= before.column()))
                    .as("%s stands after %s", problem, before)
                    .isTrue();
            assertThat(problem.message()).isNotBlank().hasSizeLessThan(1000);
            assertThat(problem.message().chars())
                    .as(problem.message())
                    .noneMatch(c -> c < ' ' || (c >= 0x7f && c < 0xa0));
            assertThat(problem.message().substring(0, 1))
                    .isEqualTo(problem.message().substring(0, 1).toLowerCase(Locale.ROOT));
            assertThat(problem.message()).doesNotContain("Exception", "jackson", "java.");
            assertThat(problem.message().chars().filter(c -> c == '`').count() % 2)
                    .as(problem.message())
                    .isIn(0L, 1L);
            before = problem;
        }
    }
}
