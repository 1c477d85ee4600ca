package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Each of several independent mistakes is reported at its place. */
class PolicyProblemsPropertyTest {

    /** The content of a section, good or bad; {@code §} marks the token that is refused, if one is. */
    private record Entry(String section, String text, List<Code> mistakes) {

        static Entry of(String row) {
            String[] cells = row.split(" *[|] ", 3);
            List<Code> mistakes = Stream.of(cells[1].split(" "))
                    .filter(code -> !code.isEmpty())
                    .map(Code::valueOf)
                    .toList();
            return new Entry(cells[0], cells[2], mistakes);
        }
    }

    private static final List<Entry> ENTRIES = """
            acls     |                    | {"action": "accept", "src": ["tag:a", "group:a"], "dst": ["h:22"]}
            acls     | UNKNOWN_ACTION     | {"action": §"deny", "src": ["*"], "dst": ["*:*"]}
            acls     | UNKNOWN_TAG UNKNOWN_GROUP UNKNOWN_HOST \
                     | {"src": [§"tag:x", "*", §"group:x"], "action": "accept", "dst": ["h:1", §"x:1"]}
            acls     | PORT_ZERO          | {"action": "accept", "src": [], "dst": [§"*:0"]}
            acls     | MISSING_FIELD      | §{"action": "accept", "src": []}
            acls     | WRONG_TYPE         | §17
            acls     | UNKNOWN_FIELD      | {"action": "accept", "src": [], "dst": [], §"who": 1}
            grants   |                    | {"src": ["*"], "dst": ["h"], "ip": ["*"], "via": ["tag:a"]}
            grants   | IP_AND_APP_EMPTY   | §{"src": ["*"], "dst": ["*"]}
            grants   | VIA_NOT_A_TAG ALL_ADDRESSES MALFORMED_PREFIX MALFORMED_PORTS \
                     | {"via": [§"h"], "src": ["*"], "dst": [§"::/0", §"10.0.0.1/33"], "ip": ["*", §"x"]}
            grants   | SELF_WITHOUT_USER WRONG_TYPE \
                     | {"src": [§"*"], "dst": ["autogroup:self"], "ip": ["*"], "app": {"a/b": §1}}
            grants   | NOT_SUPPORTED DUPLICATE_NAME | {"src": [], §"srcPosture": [], §"SRC": [], "dst": [], "ip": ["*"]}
            exitNode |                    | "autogroup:member"
            exitNode | MISPLACED_SELECTOR | §"autogroup:self"
            exitNode | UNKNOWN_AUTOGROUP  | §"autogroup:people"
            exitNode | MALFORMED_SELECTOR | §"tag:?"
            """.lines().map(Entry::of).toList();

    @Provide
    Arbitrary<List<Entry>> entries() {
        return Arbitraries.of(ENTRIES).list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<String> gaps() {
        return Arbitraries.of(" ", "\n", "\r\n", "\r", " /* 🚇\n */ ", " // \"§\n".replace("§", "x"), "\t\n\n");
    }

    @Property(tries = 1000)
    void everyMistakeIsReportedAtItsPlace(@ForAll("entries") List<Entry> entries, @ForAll("gaps") String gap) {
        String marked = String.join(
                gap,
                "{",
                section("grants", entries, gap) + ",",
                """
                        "autoApprovers": {%s},""".formatted(section("exitNode", entries, gap)),
                section("acls", entries, gap) + ",",
                """
                        "groups": {"group:a": []},""",
                """
                        "tagOwners": {"tag:a": []},""",
                """
                        "hosts": {"h": "10.0.0.1"}""",
                "}");
        List<String> expected = expected(marked, entries);
        String text = marked.replace("§", "");
        if (expected.isEmpty()) {
            assertThat(PolicyReader.read(text)).isNotNull();
            return;
        }
        List<PolicyProblem> problems = Refusals.of(text);
        assertThat(problems)
                .extracting(problem -> problem.line() + ":" + problem.column() + " " + problem.code())
                .containsExactlyElementsOf(expected);
        Refusals.areWellFormed(problems);
    }

    private static String section(String name, List<Entry> entries, String gap) {
        return entries.stream()
                .filter(entry -> entry.section().equals(name))
                .map(Entry::text)
                .collect(Collectors.joining("," + gap, """
                        "%s":%s[""".formatted(name, gap), gap + "]"));
    }

    /** Counts lines and columns its own way: by cutting the text before each mark into lines. */
    private static List<String> expected(String marked, List<Entry> entries) {
        List<Code> codes = new ArrayList<>();
        for (String section : List.of("grants", "exitNode", "acls")) {
            entries.stream()
                    .filter(entry -> entry.section().equals(section))
                    .forEach(entry -> codes.addAll(entry.mistakes()));
        }
        List<String> result = new ArrayList<>();
        String[] pieces = marked.split("§", -1);
        StringBuilder before = new StringBuilder();
        for (int i = 0; i < codes.size(); i++) {
            before.append(pieces[i]);
            String[] lines = before.toString().split("\r\n|\r|\n", -1);
            result.add(lines.length + ":" + (lines[lines.length - 1].length() + 1) + " " + codes.get(i));
        }
        assertThat(pieces).hasSize(codes.size() + 1);
        return result;
    }
}
