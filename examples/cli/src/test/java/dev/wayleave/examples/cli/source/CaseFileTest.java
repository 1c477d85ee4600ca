package dev.wayleave.examples.cli.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fault of a file is reported in one line, with its place; there is never a stack trace. */
class CaseFileTest {

    @TempDir
    Path folder;

    private String complaint(String text) {
        String file = Run.file(folder, "case.json", text);
        Run run = Run.of("routes", "--case", file);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("wayleave: " + file + ":")
                .endsWith("\n")
                .containsOnlyOnce("\n");
        return run.err().substring(("wayleave: " + file + ":").length()).strip();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~                                    | 1:1: the file holds no JSON
            // only a comment                     | 1:1: the file holds no JSON
            []                                    | 1:1: expected a tailnet as an object
            {}                                    | 1:1: a tailnet needs a field `policy`
            {"policy": {}}                        | 1:1: a tailnet needs a field `nodes`
            {"policy": [], "nodes": []}           | 1:12: expected `policy` as an object
            {"policy": {}, "nodes": {}}           | 1:25: expected `nodes` as a list
            {"policy": {}, "nodes": [1]}          | 1:26: expected an object
            {"policy": {}, "nodes": []} x         | 1:29: this is not JSON: Unrecognized token 'x'
            {"policy": {}, "nodes": []} {}        | 1:29: something follows after the end of the JSON
            {"policy": {}, "policy": {}}          | 1:24: this is not JSON: Duplicate Object property "policy"
            {"policy": {}, "nodes": [             | 1:26: this is not JSON: the text ends before it is complete
            {"policy": {'a': 1}, "nodes": []}     | 1:13: this is not JSON: Unexpected character (''')
            {"policy": {}, "nodes": [NaN]}        | 1:29: this is not JSON: Non-standard token 'NaN'
            {"policy": {}, "nodes": [+1]}         | 1:27: this is not JSON: Unexpected character ('+')
            {"policy": {}, "nodes": [nodes]}      | 1:26: this is not JSON: Unrecognized token 'nodes'
            {"policy": {}, "nodes": [,]}          | 1:26: this is not JSON: Unexpected character (',')
            {"policy": {}, "nodes": []}}          | 1:28: this is not JSON: Unexpected close marker '}'
            {"policy": {}, "nodes": ["\\x"]}      | 1:28: this is not JSON: Unrecognized character escape 'x'
            # a comment                           | 1:1: this is not JSON: Unexpected character ('#')
            {"policy": {"aclz": 1}, "nodes": []}  | 1:13: `aclz`
            """)
    void aFileOfAnotherShapeIsRefused(String text, String complaint) {
        assertThat(complaint(text)).startsWith(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "id": 0, "name": "a", "tags": ["tag:a"]                           | 1:2: a node needs a positive `id`
            "id": 1.5, "name": "a", "tags": ["tag:a"]                         | 1:9: `id`: expected a whole number
            "id": 99999999999999999999, "name": "a", "tags": ["tag:a"]        | 1:29: expected a smaller number
            "name": "a", "tags": ["tag:a"]                                    | 1:2: a node needs a positive `id`
            "id": 1, "tags": ["tag:a"]                                        | 1:2: a node needs a `name`
            "id": 1, "name": "", "tags": ["tag:a"]                            | 1:2: node name is empty
            "id": 1, "name": "a\\u009b", "tags": ["tag:a"]                     | 1:2: node name has the control character U+009B
            "id": 1, "name": 7, "tags": ["tag:a"]                             | 1:20: `name`: expected a text
            "id": 1, "name": "a"                                              | 1:2: node `a` needs a `user` or `tags`
            "id": 1, "name": "a", "user": "bob"                               | 1:2: node `a`: there is no user `bob`; did you mean `rob`?
            "id": 1, "name": "a", "user": "rob", "tags": ["tag:a"]            | 1:2: node `a` has both a `user` and `tags`
            "id": 1, "name": "a", "tags": ["router"]                          | 1:34: `tags[0]`: `router` is not a tag: write `tag:` and a name
            "id": 1, "name": "a", "tags": ["tag:a"], "advertized": []         | 1:61: there is no field `advertized`; did you mean `advertised`?
            "id": 1, "name": "a", "tags": ["tag:a"], "advertised": "x"        | 1:58: `advertised`: expected a list
            "id": 1, "name": "a", "tags": ["tag:a"], "advertised": ["1/8"]    | 1:59: `advertised[0]`: `1/8` is not a prefix
            "id": 1, "name": "a", "tags": ["tag:a"], "ipv4": "fd00::1"        | 1:2: `fd00::1` is not an IPv4 address
            "id": 1, "name": "a", "tags": ["tag:a"], "ipv6": "x"              | 1:52: `ipv6`: `x`
            "id": 1, "name": "a", "tags": ["tag:a"], "online": 1              | 1:54: `online`: expected true or false
            """)
    void aNodeThatIsWrongIsRefused(String node, String complaint) {
        String text = """
                [{%s}],
                "policy": {}, "users": [{"id": 1, "name": "rob"}]}""".formatted(node);
        // the node begins in the first line, after nine characters that are not counted below
        String found = complaint("""
                {"nodes":%s""".formatted(text));
        assertThat(found).matches("1:\\d+: .*");
        int column = Integer.parseInt(found.substring(2, found.indexOf(':', 2))) - 9;
        assertThat("1:" + column + found.substring(found.indexOf(':', 2))).startsWith(complaint);
    }

    @Test
    void namesAndIdsAreUnique() {
        assertThat(complaint("""
                {"policy": {}, "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"]},
                {"id": 1, "name": "b", "tags": ["tag:a"]}]}""")).startsWith("2:1: ").contains("nodes", "id 1");
        assertThat(complaint("""
                {"policy": {}, "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"]},
                {"id": 2, "name": "a", "tags": ["tag:a"]}]}""")).startsWith("2:1: ").contains("nodes", "`a`");
        assertThat(complaint("""
                {"policy": {}, "nodes": [], "users": [{"id": 1, "name": "a"},
                {"id": 1, "name": "b"}]}""")).startsWith("2:1: ").contains("users", "id 1");
        assertThat(complaint("""
                {"policy": {}, "nodes": [], "users": [{"id": 1, "name": "a"},
                {"id": 2, "name": "a"}]}""")).startsWith("2:1: ").contains("users", "`a`");
    }

    @Test
    void aUserWithAControlCharacterIsRefused() {
        assertThat(complaint("""
                {"policy": {}, "nodes": [], "users": [{"id": 1, "name": "a\\u009b"}]}\
                """)).startsWith("1:39: user name has the control character U+009B");
        assertThat(complaint("""
                {"policy": {}, "nodes": [],
                "users": [{"id": 1, "name": "a", "email": "a\\u2028"}]}\
                """)).startsWith("2:11: ").contains("line separator U+2028");
    }

    @Test
    void anUnknownRoleIsRefused() {
        assertThat(complaint("""
                {"policy": {}, "nodes": [],
                "users": [{"id": 1, "name": "a", "role": "boss"}]}"""))
                .startsWith("2:11: `boss`")
                .contains("member", "admin", "network-admin", "it-admin", "billing-admin", "auditor", "owner");
    }

    @Test
    void everyRoleIsRead() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"autoApprovers": {"routes": {"10.0.0.0/8": ["autogroup:network-admin"]}}},
                 "users": [{"id": 1, "name": "a", "role": "network-admin"}, {"id": 2, "name": "b", "role": "admin"},
                           {"id": 3, "name": "c", "role": "owner"}, {"id": 4, "name": "d", "role": "member"}],
                 "nodes": [{"id": 1, "name": "x", "user": "a", "advertised": ["10.0.0.0/8"]}]}
                """);
        assertThat(Run.of("routes", "-c", file).out()).contains("1  | x        | 10.0.0.0/8");
    }

    @Test
    void everyProblemOfAPolicyIsNamedInTheOneLine() {
        String complaint = complaint("""
                {"policy": {"acls": 1, "groups": 2}, "nodes": []}""");
        assertThat(complaint).matches("1:21: .+; .+case\\.json:1:34: .+`wayleave policy check`.*");
    }

    @Test
    void aPolicyThatNamesTwoUsersByOneTextIsRefused() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"autoApprovers": {"exitNode": ["a@b.c"]}, "groups": {"group:a": ["a@b.c"]}}, "nodes": [],
                 "users": [{"id": 1, "name": "x", "email": "a@b.c"}, {"id": 2, "name": "y", "email": "a@b.c"}]}
                """);
        Run run = Run.of("routes", "-c", file);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains(file + ":1:44: user `a@b.c`", file + ":1:78: user `a@b.c`")
                .containsOnlyOnce("\n");
    }

    @Test
    void aByteOrderMarkAndOtherFieldsOfACaseArePassedOver() {
        String file = Run.file(folder, "case.json", """
                \uFEFF{"format": 1, "id": "x", "policy": {}, "expected": {"approved": {}}, "nodes": []}""");
        assertThat(Run.of("routes", "-c", file).code()).isZero();
    }

    @Test
    void theCauseOfAnUnreadableFileIsPrinted() throws IOException {
        assertThat(Run.of("routes", "-c", folder.toString()).err())
                .startsWith("wayleave: ")
                .contains("`" + folder + "`");
        assertThat(Run.of("routes", "-c", folder.resolve("x").toString()).err())
                .startsWith("wayleave: ")
                .contains("`" + folder.resolve("x") + "`");
        Path latin = Files.write(folder.resolve("latin"), new byte[] {'"', (byte) 0xe9, '"'});
        assertThat(Run.of("routes", "-c", latin.toString()).err())
                .startsWith("wayleave: ")
                .contains("`" + latin + "`", "UTF-8");
    }

    @Test
    void nestingWithoutEndIsRefused() {
        assertThat(complaint("""
                {"x": %s""".formatted("[".repeat(100_000)))).matches("1:\\d+: .*nested.* 500 .*");
    }

    @Test
    void aLongFileIsReadIfItsPolicyIsShort() {
        String file = Run.file(folder, "case.json", """
                {"nodes":[],"x":"%s","policy":{"acls":[]}}""".formatted("x".repeat(25_000_000)));
        assertThat(Run.of("routes", "-c", file).code()).isZero();
        assertThat(Run.of("policy", "check", file).code()).isZero();
    }

    @Test
    void theOverlaySaysFromWhichRangesNodesHaveTheirAddresses() {
        String node = """
                {"id": %d, "name": "n%d", "tags": ["tag:a"], "ipv4": "10.77.0.%d"}""";
        String nodes = node.formatted(1, 1, 1) + "," + node.formatted(2, 2, 2);
        String policy = """
                "policy": {
                  "tagOwners": {"tag:a": []},
                  "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]
                }""";
        String file = Run.file(folder, "case.json", """
                {%s, "overlay": ["10.77.0.0/16"], "nodes": [%s]}""".formatted(policy, nodes));
        assertThat(Run.of("filter", "--case", file, "--node", "n1").out()).contains("\n10.77.0.0/16 | *");
        assertThat(Run.of("can", "n1", "10.77.0.2:22", "-c", file).code()).isZero();
        String usual = Run.file(folder, "usual.json", """
                {%s, "nodes": [%s]}""".formatted(policy, nodes));
        assertThat(Run.of("filter", "--case", usual, "--node", "n1").out())
                .contains("10.77.0.1 ", "10.77.0.2 ", "100.64.0.0-");
        assertThat(Run.of("can", "n1", "10.77.0.2:22", "-c", usual).code()).isZero();
    }

    @Test
    void anOverlayThatIsWrongIsRefused() {
        assertThat(complaint("""
                {"policy": {}, "nodes": [], "overlay": []}""")).startsWith("1:40: `overlay`");
        assertThat(complaint("""
                {"policy": {}, "nodes": [], "overlay": ["10.77.0.1/16"]}""")).startsWith("1:41: `10.77.0.1/16`");
        assertThat(complaint("""
                {"policy": {}, "nodes": [], "overlay": "10.77.0.0/16"}\
                """)).startsWith("1:40: ").contains("`overlay`", "list");
    }
}
