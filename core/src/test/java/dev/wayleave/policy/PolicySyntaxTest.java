package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.policy.PolicyProblem.Code;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HuJSON is not; the end of the reading, but not of the report. */
class PolicySyntaxTest {

    /** A {@code §} marks the token that is refused. */
    static Stream<String> marked() {
        Stream<String> printable = """
                {§a: 1}
                {§'a': 1}
                {§,}
                {"ssh": §}
                {"ssh" §1}
                {"ssh": [§,]}
                {"ssh": [1,§,2]}
                {"ssh": [1 §2]}
                {"ssh": §01}
                {"ssh": §tru}
                {"ssh": §NaN}
                {"ssh": [§}
                {"ssh": {§]
                {}§}
                {} §{}
                {} §x
                §nul
                §]
                {"ssh": [§a"]}
                {"ssh": "a§\\x"}
                {"ssh": "a§\\u12g4"}
                {"ssh": §"a\\ud83d"}
                {"ssh": §"\\udc00"}
                {"ssh": §"a
                {"ssh": §"a\\
                {"ssh": §"a\\"
                {"ssh": "//", "acls": §"/*
                {§"ssh
                {§
                {"ssh": [§
                { §/* never closed
                { /* " */ §/* never closed * /
                {} /* " */ §/*
                """.lines();
        return Stream.concat(
                printable,
                Stream.of(
                        "§# comment\n{}",
                        "{§/ comment\n}",
                        """
                                {"ssh": §"a
                                "}""",
                        """
                                {"ssh": ["b", §"a],\r
                                "x": 1}""",
                        "{§\"ssh\n\": 1}",
                        """
                                {"ssh": "a§\t"}""",
                        """
                                {"ssh": §"\ud83d"}""",
                        """
                                {"ssh": {§"\udc00": 1}}""",
                        "{ §/* \"never closed\" ",
                        "{} /* §\u0000 */",
                        "{ // §\ud83d\n}",
                        "{} // \ud83d\udca1 §\udca1"));
    }

    @ParameterizedTest
    @MethodSource("marked")
    void anErrorOfSyntaxIsRefusedAtItsPlace(String marked) {
        int offset = marked.indexOf('§');
        PolicyProblem problem = Refusals.theOnly(marked.replace("§", ""));
        assertThat(problem.code()).isEqualTo(Code.SYNTAX);
        assertThat(problem.line()).isEqualTo(1);
        assertThat(problem.column()).isEqualTo(offset + 1);
        Refusals.areWellFormed(List.of(problem));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {a: 1} \
              | `a` cannot be here: names and texts are in double quotes, and one may be missing here or before
            {1: 1} \
              | `1` cannot be here: an object holds pairs such as `"name": 1` with commas between them, \
            and ends with `}`
            {"ssh": [1 2]} | `2` cannot be here: a list holds values with commas between them, and ends with `]`
            {'a': 1}       | `'` cannot be here: names and texts are in double quotes
            ~# no~         | `#` cannot be here: comments begin with `//` or are between `/*` and `*/`
            {"a\\d": 1}    | `\\d` cannot be here: there is no such escape; write a backslash as `\\\\`
            {"ssh": [      | the text ends too early: close the list that begins in line 1 with `]`
            "              | the text that begins here is not closed: write `"` at its end, in the same line
            -              | the text ends too early: finish the value at its end; a policy is one object in braces
            /              | the text ends too early: finish the value at its end; a policy is one object in braces
            /*             | the comment that begins here is not closed: write `*/` at its end
            {} /*          | the comment that begins here is not closed: write `*/` at its end
            {              | the text ends too early: close the object that begins in line 1 with `}`
            {} {}          | text follows the end of the policy: a policy is one object in braces
            """)
    void aProblemSaysWhatToDo(String text, String message) {
        assertThat(Refusals.theOnly(text).message()).isEqualTo(message);
    }

    @Test
    void theProblemNamesTheLineWhereAnUnclosedListBegins() {
        assertThat(Refusals.theOnly("""
                {"acls": [],\r
                "ssh":\r
                 [{"a": []}
                """).message()).contains("line 3", "`]`");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "§acls:\n- action: accept",
                "§# who may do what\ngroups:\n  group:all: []",
                "§---\nacls: []\n",
                "§- a\n- b",
                "\n\n§hosts: {}"
            })
    void theProblemSaysOfYamlThatItIsYaml(String marked) {
        int offset = marked.indexOf('§');
        PolicyProblem problem = Refusals.theOnly(marked.replace("§", ""));
        assertThat(problem.code()).isEqualTo(Code.SYNTAX);
        assertThat(problem.message()).contains("YAML", "HuJSON");
        assertThat(problem.line()).isEqualTo(1 + offset);
        Refusals.areWellFormed(List.of(problem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"# a comment\n{\"acls\": []}", "\"acls\": []", "acls", "http://example.com"})
    void nothingElseIsTakenForYaml(String text) {
        assertThat(Refusals.of(text)).noneMatch(problem -> problem.message().contains("YAML"));
    }

    @Test
    void wholeSurrogatePairsAreReadHoweverTheyAreWritten() {
        assertThat(PolicyReader.read(grantWith("\\ud83d\\udca1"))).isEqualTo(PolicyReader.read(grantWith("💡")));
    }

    private static String grantWith(String value) {
        return """
                {"grants": [{"src": [], "dst": [], "app": {"a.b/c": ["%s"]}}]}""".formatted(value);
    }

    @Test
    void problemsFoundBeforeTheErrorAreReportedToo() {
        assertThat(Refusals.of("""
                        {
                          "hosts": {"lan": "10.0.0.1/33"},
                          "acls": [{"action": "drop", "src": ["*"] "dst": ["*:*"]}],
                          "groups": 1
                        }
                        """))
                .extracting(problem -> problem.line() + " " + problem.code())
                .containsExactly("2 MALFORMED_PREFIX", "3 UNKNOWN_ACTION", "3 SYNTAX");
    }

    @Test
    void aNameThatMayBeDefinedAfterTheErrorIsNoProblem() {
        assertThat(Refusals.of("""
                        {"grants": [{"src": ["tag:a", "group:b", "host"], !
                         "dst": ["*"], "ip": ["*"]}], "tagOwners": {"tag:a": []}, "groups": {"group:b": []}, \
                        "hosts": {"host": "10.0.0.1"}}
                        """)).extracting(PolicyProblem::code).containsExactly(Code.SYNTAX);
    }
}
