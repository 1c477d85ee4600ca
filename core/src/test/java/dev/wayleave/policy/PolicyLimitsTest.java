package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolicyLimitsTest {

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        assertThat(PolicyLimits.DEFAULT.textLength()).isEqualTo(4 * 1024 * 1024);
        assertThat(PolicyLimits.DEFAULT.nesting()).isEqualTo(64);
        assertThat(PolicyLimits.DEFAULT.entries()).isEqualTo(1_000_000);
        assertThat(PolicyLimits.DEFAULT.problems()).isEqualTo(1000);
    }

    @Test
    void aTextThatIsTooLongIsRefusedWithoutReadingIt() {
        PolicyLimits limits = PolicyLimits.builder().textLength(10).build();
        assertThatCode(() -> PolicyReader.read("{        }", limits)).doesNotThrowAnyException();
        assertThat(Refusals.by(() -> PolicyReader.read("{         }", limits)))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo(Code.TEXT_TOO_LONG);
                    assertThat(problem.message()).contains("11", "10");
                });
    }

    @Test
    void nestingThatIsTooDeepIsRefused() {
        PolicyLimits limits = PolicyLimits.builder().nesting(3).build();
        assertThatCode(() -> PolicyReader.read("""
                {"ssh": [[]]}""", limits)).doesNotThrowAnyException();
        assertThat(Refusals.by(() -> PolicyReader.read("""
                {"ssh": [[[]]]}""", limits)))
                .extracting(PolicyProblem::code, PolicyProblem::column)
                .containsExactly(tuple(Code.NESTED_TOO_DEEP, 11));
    }

    @Test
    void theDeepestNestingThatALimitCanAllowIsRead() {
        PolicyLimits limits = PolicyLimits.builder().nesting(500).build();
        assertThatCode(() -> PolicyReader.read("""
                {"ssh": %s%s}\
                """.formatted("[".repeat(499), "]".repeat(499)), limits))
                .doesNotThrowAnyException();
        assertThat(Refusals.by(() -> PolicyReader.read("[".repeat(1_000_000), limits)))
                .extracting(PolicyProblem::code)
                .containsExactly(Code.WRONG_TYPE, Code.NESTED_TOO_DEEP);
    }

    @Test
    void tooManyEntriesAreRefused() {
        PolicyLimits limits = PolicyLimits.builder().entries(4).build();
        assertThatCode(() -> PolicyReader.read("""
                {"ssh": [1, 2, 3]}""", limits)).doesNotThrowAnyException();
        assertThat(Refusals.by(() -> PolicyReader.read("""
                {"ssh": [1, 2, 3, 4]}""", limits)))
                .extracting(PolicyProblem::code, PolicyProblem::column)
                .containsExactly(tuple(Code.TOO_MANY_ENTRIES, 19));
    }

    @Test
    void theReaderStopsLookingAfterTooManyProblems() {
        String text = IntStream.range(0, 20).mapToObj(i -> """
                "x%s": 1\
                """.formatted(i)).collect(Collectors.joining(",", "{", "}"));
        PolicyLimits limits = PolicyLimits.builder().problems(3).build();
        List<PolicyProblem> problems = Refusals.by(() -> PolicyReader.read(text, limits));
        assertThat(problems)
                .extracting(PolicyProblem::code)
                .containsExactly(Code.UNKNOWN_FIELD, Code.UNKNOWN_FIELD, Code.UNKNOWN_FIELD, Code.TOO_MANY_PROBLEMS);
        Refusals.areWellFormed(problems);
    }

    @Test
    void aStoredPolicyKeepsAllItsNotices() {
        String text = IntStream.range(0, 1200)
                .mapToObj(i -> "\"10.0." + i / 200 + "." + (1 + i % 200) + "/24:*\"")
                .collect(Collectors.joining(",", """
                        {"acls": [{"action": "accept", "src": ["*"], "dst": [""", "]}]}"));

        assertThat(PolicyReader.read(text).notices()).hasSize(1001);
        assertThat(PolicyReader.read(text, PolicyLimits.NONE).notices()).hasSize(1200);
    }

    @Test
    void theFirstProblemsByTheirPlacesAreReported() {
        // names of sections are looked at before their contents
        String text = """
                {"hosts": {"a": 1, "b": 1}, "y": 1, "x": 1}""";
        List<PolicyProblem> problems = Refusals.by(
                () -> PolicyReader.read(text, PolicyLimits.builder().problems(3).build()));
        assertThat(problems)
                .extracting(PolicyProblem::code, PolicyProblem::path)
                .containsExactly(
                        tuple(Code.WRONG_TYPE, "hosts.a"),
                        tuple(Code.UNKNOWN_FIELD, "y"),
                        tuple(Code.UNKNOWN_FIELD, "x"),
                        tuple(Code.TOO_MANY_PROBLEMS, "x"));
    }

    @Test
    void theSearchStopsWhenTheLimitOfProblemsIsReached() {
        Problems problems =
                Problems.inText("", PolicyLimits.builder().problems(2).build());
        List<Integer> lookedAt = new ArrayList<>();
        for (int part : problems.untilFull(List.of(1, 2, 3, 4, 5))) {
            lookedAt.add(part);
            problems.add(Code.WRONG_TYPE, JsonValue.Path.root(0), "a problem");
        }
        assertThat(lookedAt).containsExactly(1, 2, 3);
        assertThat(problems.isFull()).isTrue();
        assertThat(problems.untilFull(List.of(6))).isEmpty();
    }

    @Test
    void asManyProblemsAreReportedAsTheLimitAllows() {
        assertThat(Refusals.by(() -> PolicyReader.read(
                        """
                                {"x": 1, "y": 2}\
                                """, PolicyLimits.builder().problems(2).build())))
                .extracting(PolicyProblem::code)
                .containsExactly(Code.UNKNOWN_FIELD, Code.UNKNOWN_FIELD);
    }

    @Test
    void namesThatAreTooLongAreRefused() {
        String name = "h".repeat(256);
        assertThat(Refusals.theOnly("""
                {"hosts": {"%s": "10.0.0.1"}}\
                """.formatted(name)).code()).isEqualTo(Code.MALFORMED_NAME);
        assertThat(Refusals.theOnly("""
                {"acls": [{"action": "accept", "src": ["%s"], "dst": []}]}\
                """.formatted(name)).code()).isEqualTo(Code.MALFORMED_SELECTOR);
        assertThatCode(() -> PolicyReader.read("""
                {"hosts": {"%s": "10.0.0.1"}}""".formatted(name.substring(1))))
                .doesNotThrowAnyException();
    }

    @Test
    void aCopyKeepsTheValues() {
        PolicyLimits limits = PolicyLimits.builder()
                .textLength(1)
                .nesting(2)
                .entries(3)
                .problems(4)
                .build();
        PolicyLimits copy = limits.toBuilder().problems(5).build();
        assertThat(List.of(copy.textLength(), copy.nesting(), copy.entries(), copy.problems()))
                .containsExactly(1, 2, 3, 5);
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyLimits.builder().textLength(0))
                .withMessageContaining("text length");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyLimits.builder().nesting(501));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyLimits.builder().entries(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyLimits.builder().problems(0));
    }
}
