package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.policy.PolicyProblem.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HuJSON is not; the end of the reading, but not of the report. */
class PolicySyntaxTest {

    /** A {@code §} stands before the token that is refused. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{§a: 1}",
                "{§'a': 1}",
                "§# comment\n{}",
                "{§/ comment\n}",
                "{§,}",
                "{\"ssh\": §}",
                "{\"ssh\" §1}",
                "{\"ssh\": [§,]}",
                "{\"ssh\": [1,§,2]}",
                "{\"ssh\": [1 §2]}",
                "{\"ssh\": §01}",
                "{\"ssh\": §tru}",
                "{\"ssh\": §NaN}",
                "{\"ssh\": [§}",
                "{\"ssh\": {§]",
                "{}§}",
                "{} §{}",
                "{} §x",
                "§nul",
                "§]",
                "{\"ssh\": \"a§\n\"}",
                "{\"ssh\": \"a§\\x\"}",
                "{\"ssh\": \"a§\\u12g4\"}",
                "{\"ssh\": §\"a\\ud83d\"}",
                "{\"ssh\": §\"\\udc00\"}",
                "{\"ssh\": §\"\ud83d\"}",
                "{\"ssh\": {§\"\udc00\": 1}}",
                "{\"ssh\": \"a§",
                "{\"ssh\": \"a\\§",
                "{§",
                "{\"ssh\": [§",
                "{ /* never closed §"
            })
    void refusesAndPointsAt(String marked) {
        int offset = marked.indexOf('§');
        PolicyProblem problem = Refusals.theOnly(marked.replace("§", ""));
        assertThat(problem.code()).isEqualTo(Code.SYNTAX);
        assertThat(problem.line()).isEqualTo(1);
        assertThat(problem.column()).isEqualTo(offset + 1);
        Refusals.areWellFormed(List.of(problem));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{a: 1}|`a` cannot stand here: an object holds pairs such as `\"name\": 1` with commas between them, and ends with `}`",
                "{\"ssh\": [1 2]}|`2` cannot stand here: a list holds values with commas between them, and ends with `]`",
                "{'a': 1}|`'` cannot stand here: names and texts stand in double quotes",
                "# no|`#` cannot stand here: comments begin with `//` or stand between `/*` and `*/`",
                "{\"a\\d\": 1}|`\\d` cannot stand here: there is no such escape; write a backslash as `\\\\`",
                "{\"ssh\": [|the text ends too early: close the list with `]`, and any text or comment in it",
                "\"|the text ends too early: finish the value or comment at its end; a policy is one object in braces",
                "-|the text ends too early: finish the value or comment at its end; a policy is one object in braces",
                "/|the text ends too early: finish the value or comment at its end; a policy is one object in braces",
                "/*|the text ends too early: finish the value or comment at its end; a policy is one object in braces",
                "{} /*|the text ends too early: finish the value or comment at its end; a policy is one object in braces",
                "{|the text ends too early: close the object with `}`, and any text or comment in it",
                "{} {}|text follows the end of the policy: a policy is one object in braces"
            })
    void saysWhatToDo(String text, String message) {
        assertThat(Refusals.theOnly(text).message()).isEqualTo(message);
    }

    @Test
    void readsWholeSurrogatePairsHoweverTheyAreWritten() {
        assertThat(PolicyReader.read(grantWith("\\ud83d\\udca1"))).isEqualTo(PolicyReader.read(grantWith("💡")));
    }

    private static String grantWith(String value) {
        return "{\"grants\": [{\"src\": [], \"dst\": [], \"app\": {\"a.b/c\": [\"" + value + "\"]}}]}";
    }

    @Test
    void reportsWhatWasFoundBeforeTheErrorToo() {
        assertThat(Refusals.of("""
                        {
                          "hosts": {"lan": "10.0.0.1/8"},
                          "acls": [{"action": "drop", "src": ["*"] "dst": ["*:*"]}],
                          "groups": 1
                        }
                        """))
                .extracting(problem -> problem.line() + " " + problem.code())
                .containsExactly("2 HOST_BITS", "3 UNKNOWN_ACTION", "3 SYNTAX");
    }

    @Test
    void doesNotMissWhatMayFollowTheError() {
        assertThat(Refusals.of("""
                        {"grants": [{"src": ["tag:a", "group:b", "host"], !
                         "dst": ["*"], "ip": ["*"]}], "tagOwners": {"tag:a": []}, "groups": {"group:b": []}, "hosts": {"host": "10.0.0.1"}}
                        """)).extracting(PolicyProblem::code).containsExactly(Code.SYNTAX);
    }
}
