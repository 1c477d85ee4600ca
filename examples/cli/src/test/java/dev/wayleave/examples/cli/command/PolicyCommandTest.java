package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {

    @TempDir
    Path folder;

    @Test
    void aPolicyWithoutProblemsIsSummedUp() {
        String file = Run.file(folder, "policy.hujson", """
                {
                  // two groups
                  "groups": {"group:a": ["ada@example.com"], "group:b": []},
                  "tagOwners": {"tag:router": ["group:a"]},
                  "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}, "exitNode": ["tag:router"]},
                  "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}],
                  "ssh": [],
                }
                """);
        Run run = Run.of("policy", "check", file);
        assertThat(run).returns(0, Run::code).returns("", Run::err);
        Facts.assertLines(run.out(), file + """
                : no problems
                2 groups, 0 hosts, 1 tag, 1 auto-approved prefix, 1 exit node approver, 1 access rule
                … not read: ssh
                """);
    }

    @Test
    void theCheckWarnsThatAPolicyWithoutRulesOpensEverything() {
        String file = Run.file(folder, "policy.hujson", "{}");
        Facts.assertSomeLines(Run.of("policy", "check", file).out(), "… `acls` … `grants` … every node …");
        String closed = Run.file(folder, "closed.hujson", """
                {"grants": []}""");
        assertThat(Run.of("policy", "check", closed).out()).doesNotContain("every node");
    }

    @Test
    void theCheckSaysHowTestsAreEvaluated() {
        String file = Run.file(folder, "policy.hujson", """
                {"grants": [], "tests": [{"src": "ada@example.com", "deny": ["10.0.0.1:22"]}]}
                """);
        Facts.assertSomeLines(Run.of("policy", "check", file).out(), "1 test: `wayleave policy test` …");
    }

    @Test
    void theCommandSaysWhichTestsOfAPolicyFail() {
        String file = Run.file(folder, "policy.hujson", """
                {
                  "tagOwners": {"tag:db": []},
                  "grants": [{"src": ["ada@example.com"], "dst": ["tag:db"], "ip": ["tcp:5432"]}],
                  "tests": [
                    {"src": "ada@example.com", "accept": ["tag:db:5432"]},
                    {"src": "ben@example.com", "accept": ["tag:db:5432"]}
                  ]
                }
                """);

        Run run = Run.of("policy", "test", file);
        assertThat(run).returns(1, Run::code).returns("", Run::err);
        Facts.assertLines(run.out(), file + """
                : 1 of 2 tests …
                tests[1], line 6: … `ben@example.com` … `tag:db:5432`
                """);
        assertThat(Run.of("policy", "test", file, "--output", "json").out())
                .contains("""
                        "ok": false
                        "kind": "not-accepted"
                        "line": 6
                        """.lines().toList());
    }

    @Test
    void thePolicyOfATailnetIsTestedWithItsUsers() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"groups": {"group:net": ["ada@example.com"]},
                            "grants": [{"src": ["group:net"], "dst": ["10.0.0.0/8"], "ip": ["*"]}],
                            "tests": [{"src": "ada@", "accept": ["10.0.0.1:22"]}]},
                 "users": [{"id": 1, "name": "ada", "email": "ada@example.com"}], "nodes": []}
                """);

        assertThat(Run.of("policy", "test", "--case", file).out()).endsWith(": 1 test holds\n");
        assertThat(Run.of("policy", "test", file)).isEqualTo(new Run(0, file + ": 1 test holds\n", ""));
    }

    @Test
    void theCommandSaysWhichRouteTestsFailInATailnet() {
        String tests = Run.file(folder, "routes.json", """
                {"routeTests": [
                  {"viewer": "ada-desktop", "reaches": ["10.20.1.80"], "not": ["10.28.0.0/16"]},
                  {"prefix": "10.20.0.0/16", "healthyRouters": ">=2"},
                  {"withDown": ["berlin-a", "berlin-b"], "viewer": "ada-desktop", "reaches": ["10.20.1.80"]}
                ]}
                """);

        Run run = Run.of("policy", "test", "--case", Run.SAMPLE, "--routes", tests);

        assertThat(run.code()).isEqualTo(1);
        Facts.assertSomeLines(run.out(), """
                …: 3 tests hold, 1 of 3 route tests fails
                routeTests[2]: `ada-desktop` … `10.20.1.80/32` … `berlin-a` … `10.20.0.0/16` …
                """);
    }

    @Test
    void aPolicyWithoutTestsPasses() {
        String file = Run.file(folder, "policy.hujson", "{}");

        Run run = Run.of("policy", "test", file);
        assertThat(run).returns(0, Run::code).returns("", Run::err);
        Facts.assertLines(run.out(), file + ": … no `tests`");
    }

    @Test
    void everyProblemIsPrintedWithItsPlace() {
        String file = Run.file(folder, "policy.hujson", """
                {
                  "autoApprovers": {
                    "routes": {"10.0.0.0/33": ["tag:nowhere"]},
                  },
                  "aclz": [],
                }
                """);
        Run run = Run.of("policy", "check", file);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(places(run, file)).containsExactly("3:16", "3:32", "5:3");
    }

    @Test
    void noticesArePrintedAndCountWhereTheCheckIsStrict() {
        String file = Run.file(folder, "policy.hujson", """
                {"hosts": {"lan": "10.0.0.5/24"}, "grants": []}""");
        Run run = Run.of("policy", "check", file);
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .startsWith(file + ":1:19: notice: ")
                .contains("10.0.0.0/24")
                .contains(": no problems\n");
        assertThat(Run.of("policy", "check", "--strict", file).code()).isEqualTo(1);
        assertThat(Run.of("policy", "check", file, "--output", "json").out()).contains("\"code\": \"HOST_BITS\"");
    }

    private static void assertFirst(Run run, String facts) {
        Facts.assertLines(run.out().lines().findFirst().orElseThrow(), facts);
    }

    private static final String TAILNET = """
            {"users": [{"id": 1, "name": "ada", "email": "ada@example.com"}],
             "nodes": [{"id": 1, "name": "rome", "tags": ["tag:router"], "ipv4": "100.64.0.1", \
            "advertised": ["10.0.0.0/8"]}],
             "policy": %s}
            """;

    @Test
    void namesThatMatchNothingInTheTailnetOfTheFileAreNotices() {
        String policy = """
                {
                "tagOwners": {"tag:router": ["adda@example.com"]},
                "hosts": {"lan": "10.4.0.0/16"}}""";
        String file = Run.file(folder, "case.json", TAILNET.formatted(policy));
        Run run = Run.of("policy", "check", file);
        assertThat(run.code()).isZero();
        assertFirst(run, file + ":4:30: notice: … `adda@example.com` … `ada@example.com`");
        assertThat(run.out()).doesNotContain("lan");
        assertThat(Run.of("policy", "check", "--strict", file).code()).isEqualTo(1);
    }

    @Test
    void namesThatMatchNothingInAnotherTailnetAreNotices() {
        String tailnet = Run.file(folder, "case.json", TAILNET.formatted("{}"));
        String file = Run.file(folder, "policy.hujson", """
                {"tagOwners": {"tag:routr": ["ADA@example.com"]}}""");
        assertThat(Run.of("policy", "check", file).out()).doesNotContain("notice");
        assertFirst(
                Run.of("policy", "check", file, "--case", tailnet),
                file + ":1:16: notice: … `tag:routr` … `tag:router`");
    }

    @Test
    void addressesOutsideTheOverlayAreNotices() {
        String nodes = """
                "nodes": [{"id": 1, "name": "rome", "tags": ["tag:a"], "ipv4": "10.77.0.1"}]""";
        String policy = """
                {"policy": {"grants": []}, %s""".formatted(nodes);
        String usual = Run.file(folder, "usual.json", policy + "}");
        assertFirst(Run.of("policy", "check", usual), usual + ": notice: … overlay … `10.77.0.1` … `rome` …");
        String own = Run.file(folder, "own.json", """
                %s, "overlay": ["10.77.0.0/16"]}""".formatted(policy));
        assertThat(Run.of("policy", "check", "--strict", own).code()).isZero();
    }

    @Test
    void problemsAreListedForPrograms() {
        String file = Run.file(folder, "policy.hujson", """
                {"aclz": []}""");
        Run run = Run.of("policy", "check", file, "--output", "json");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).matches("""
                \\{
                  "ok": false,
                  "problems": \\[
                    \\{
                      "code": "[A-Z_]+",
                      "message": "[^\\n]+",
                      "line": 1,
                      "column": 2
                    }
                  ],
                  "notices": \\[],
                  "notRead": \\[]
                }
                """);
        String good = Run.file(folder, "good.hujson", """
                {"ssh": []}""");
        assertThat(Run.of("policy", "check", good, "-o", "json")).isEqualTo(new Run(0, """
                {
                  "ok": true,
                  "problems": [],
                  "notices": [],
                  "notRead": [
                    "ssh"
                  ]
                }
                """, ""));
    }

    @Test
    void placesAreThoseOfTheFileThatHoldsThePolicy() {
        String policy = """
                {"groups": {"group:a": ["nobody"]},
                         "acls": [{"action": "deny", "src": ["*"], "dst": ["*:*"]}]}""";
        String alone = Run.file(folder, "policy.json", policy);
        String inside = Run.file(folder, "case.json", """
                {
                 "id": "x", /* {
                 */
                  "policy": %s,
                 "nodes": []}
                """.formatted(policy));
        assertThat(places(Run.of("policy", "check", alone), alone)).containsExactly("1:25", "2:30");
        // three lines more; and the first line begins after `  "policy": `
        assertThat(places(Run.of("policy", "check", inside), inside)).containsExactly("4:37", "5:30");
    }

    @Test
    void placesAreRightFarIntoALargeFile() {
        String filler = """
                {"nodes": [],
                %s""".formatted("// filler\n".repeat(20_000));
        String file = Run.file(folder, "case.json", """
                %s  "policy": {"groups": 1}}""".formatted(filler));
        assertThat(places(Run.of("policy", "check", file), file)).containsExactly("20002:24");
    }

    @Test
    void linesMayEndAsTheyDoOnWindows() {
        String inside = Run.file(folder, "case.json", """
                {\r
                 "policy": {\r
                  "acls": [],\r
                  "groups": 1\r
                 }, "nodes": []\r
                }""");
        assertThat(places(Run.of("policy", "check", inside), inside)).containsExactly("4:13");
    }

    @Test
    void problemsFoundBeforeASyntaxErrorAreReported() {
        String file = Run.file(folder, "case.json", """
                {"policy": {
                 "groups": 1,
                 "acls": [}
                }, "nodes": []}""");
        Run run = Run.of("policy", "check", file);
        assertThat(run.code()).isEqualTo(1);
        assertThat(places(run, file)).containsExactly("2:12", "3:11");
    }

    @Test
    void damageAroundThePolicyIsReportedToo() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"groups": 1},
                 "nodes": [}""");
        Run run = Run.of("policy", "check", file);
        assertThat(run.code()).isEqualTo(1);
        assertThat(places(run, file)).containsExactly("1:23", "2:12");
    }

    @Test
    void aPolicyThatIsCutOffIsReportedOnce() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"groups": {""");
        assertThat(places(Run.of("policy", "check", file), file)).containsExactly("1:24");
    }

    @Test
    void textsThatNameMoreThanOneOfTheUsersAreReported() {
        String file = Run.file(folder, "case.json", """
                {"users": [{"id": 1, "name": "x", "email": "a@b.c"}, {"id": 2, "name": "y", "email": "a@b.c"}], \
                "nodes": [],
                 "policy": {
                   "GROUPS": {"group:a": ["x@", "a@b.c"]}, "tagOwners": {"tag:a": ["a@b.c"]},
                   "autoApprovers": {"exitNode": ["a@b.c"], "routes": {"fd00:0::/64": ["a@b.c"]}}}}
                """);
        Run run = Run.of("policy", "check", file);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out().lines().map(line -> line.substring(file.length())))
                .allMatch(line -> line.contains("`a@b.c`"))
                .extracting(line -> line.substring(0, line.indexOf(": ")))
                .containsExactly(":3:33", ":3:68", ":4:35", ":4:72");
    }

    @Test
    void usersThatCannotBeReadAreReported() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"groups": 1},
                "users": [{"id": 0}]}""");
        Run run = Run.of("policy", "check", file);
        assertThat(run.code()).isEqualTo(1);
        assertThat(places(run, file)).containsExactly("1:23", "2:11");
    }

    @Test
    void aFileThatIsNoPolicyIsAProblemLikeAnyOther() {
        String file = Run.file(folder, "empty.json", "// nothing\n");
        Run run = Run.of("policy", "check", file);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).startsWith(file + ":").containsOnlyOnce("\n");
    }

    @Test
    void aFileThatCannotBeReadIsBadInput() {
        Run run = Run.of("policy", "check", folder.resolve("absent").toString());
        run.assertRefused("no file `" + folder.resolve("absent") + "`");
    }

    private static List<String> places(Run run, String file) {
        return run.out()
                .lines()
                .peek(line -> assertThat(line).matches("\\Q" + file + ":\\E\\d+:\\d+: .+"))
                .map(line -> line.substring(file.length() + 1))
                .map(line -> line.substring(0, line.indexOf(": ")))
                .toList();
    }
}
