package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Each of several independent mistakes is reported at its place. */
class PolicyProblemsPropertyTest {

    /** The content of a section, good or bad; {@code §} marks the token that is refused, if one is. */
    private record Entry(String section, String text, List<Code> mistakes) {

        static Entry good(String section, String text) {
            return new Entry(section, text, List.of());
        }

        static Entry bad(String section, String text, Code... mistakes) {
            return new Entry(section, text, List.of(mistakes));
        }
    }

    private static final List<Entry> ENTRIES = List.of(
            Entry.good("acls", "{\"action\": \"accept\", \"src\": [\"tag:a\", \"group:a\"], \"dst\": [\"h:22\"]}"),
            Entry.bad("acls", "{\"action\": §\"deny\", \"src\": [\"*\"], \"dst\": [\"*:*\"]}", Code.UNKNOWN_ACTION),
            Entry.bad(
                    "acls",
                    "{\"src\": [§\"tag:x\", \"*\", §\"group:x\"], \"action\": \"accept\", \"dst\": [\"h:1\", §\"x:1\"]}",
                    Code.UNKNOWN_TAG,
                    Code.UNKNOWN_GROUP,
                    Code.UNKNOWN_HOST),
            Entry.bad("acls", "{\"action\": \"accept\", \"src\": [], \"dst\": [§\"*:0\"]}", Code.PORT_ZERO),
            Entry.bad("acls", "§{\"action\": \"accept\", \"src\": []}", Code.MISSING_FIELD),
            Entry.bad("acls", "§17", Code.WRONG_TYPE),
            Entry.bad("acls", "{\"action\": \"accept\", \"src\": [], \"dst\": [], §\"who\": 1}", Code.UNKNOWN_FIELD),
            Entry.good("grants", "{\"src\": [\"*\"], \"dst\": [\"h\"], \"ip\": [\"*\"], \"via\": [\"tag:a\"]}"),
            Entry.bad("grants", "§{\"src\": [\"*\"], \"dst\": [\"*\"]}", Code.IP_AND_APP_EMPTY),
            Entry.bad(
                    "grants",
                    "{\"via\": [§\"h\"], \"src\": [\"*\"], \"dst\": [§\"::/0\", §\"10.0.0.1/33\"], \"ip\": [\"*\", §\"x\"]}",
                    Code.VIA_NOT_A_TAG,
                    Code.ALL_ADDRESSES,
                    Code.MALFORMED_PREFIX,
                    Code.MALFORMED_PORTS),
            Entry.bad(
                    "grants",
                    "{\"src\": [§\"*\"], \"dst\": [\"autogroup:self\"], \"ip\": [\"*\"], \"app\": {\"a/b\": §1}}",
                    Code.SELF_WITHOUT_USER,
                    Code.WRONG_TYPE),
            Entry.bad(
                    "grants",
                    "{\"src\": [], §\"srcPosture\": [], \"SRC\": [], \"dst\": [], \"ip\": [\"*\"]}"
                            .replace("\"SRC\"", "§\"SRC\""),
                    Code.NOT_SUPPORTED,
                    Code.DUPLICATE_NAME),
            Entry.good("exitNode", "\"autogroup:member\""),
            Entry.bad("exitNode", "§\"autogroup:self\"", Code.MISPLACED_SELECTOR),
            Entry.bad("exitNode", "§\"autogroup:people\"", Code.UNKNOWN_AUTOGROUP),
            Entry.bad("exitNode", "§\"tag:?\"", Code.MALFORMED_SELECTOR));

    @Provide
    Arbitrary<List<Entry>> entries() {
        return Arbitraries.of(ENTRIES).list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<String> gaps() {
        return Arbitraries.of(" ", "\n", "\r\n", "\r", " /* 🚇\n */ ", " // \"§\n".replace("§", "x"), "\t\n\n");
    }

    @Property(tries = 1000)
    void hearsOfEveryMistakeAtItsPlace(@ForAll("entries") List<Entry> entries, @ForAll("gaps") String gap) {
        String marked = String.join(
                gap,
                "{",
                section("grants", entries, gap) + ",",
                "\"autoApprovers\": {" + section("exitNode", entries, gap) + "},",
                section("acls", entries, gap) + ",",
                "\"groups\": {\"group:a\": []},",
                "\"tagOwners\": {\"tag:a\": []},",
                "\"hosts\": {\"h\": \"10.0.0.1\"}",
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
                .collect(Collectors.joining("," + gap, "\"" + name + "\":" + gap + "[", gap + "]"));
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
