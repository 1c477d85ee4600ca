package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.json.RoutingJson;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ExplainCommandTest {

    @TempDir
    Path folder;

    private static String explain(String node, String prefix) {
        return explain(Run.SAMPLE, node, prefix);
    }

    private static String explain(String file, String node, String prefix) {
        Run run = Run.of("explain", "--case", file, "--node", node, "--prefix", prefix);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run.out();
    }

    @Test
    void aPrimaryIsExplainedWithItsStandby() {
        assertThat(explain("berlin-a", "10.20.0.0/16")).isEqualTo("""
                        10.20.0.0/16 at berlin-a (1, tag:router)

                          advertised  yes
                          approved    yes      by the policy: key `10.20.0.0/16`, approver `tag:router`, line 33
                          serving     primary  goes before the other candidates: it registered earlier

                        Nodes that offer 10.20.0.0/16
                          berlin-a (1)  primary  goes before the other candidates: it registered earlier
                          berlin-b (2)  standby  berlin-a registered earlier
                        """);
    }

    @Test
    void programsReadTheExplanationOfTheLibrary() {
        Run run = Run.of("explain", "-c", Run.SAMPLE, "-n", "berlin-b", "-p", "10.20.0.0/16", "-o", "json");
        assertThat(run.err()).isEmpty();
        JsonNode document = JsonMapper.shared().readTree(run.out());
        assertThat(document.at("/serving").booleanValue()).isFalse();
        assertThat(document.at("/text").stringValue()).startsWith("10.20.0.0/16 at berlin-b (2, tag:router)\n");
        ObjectNode explanation = (ObjectNode) document.at("/explanation");
        explanation.put("version", RoutingJson.VERSION);
        assertThat(RoutingJson.read(RouteExplanation.class, explanation.toString())
                        .holders())
                .extracting(RouteExplanation.Holder::name)
                .containsExactly("berlin-a", "berlin-b");
    }

    @Test
    void aStandbyIsExplainedByTheLossOfItsElection() {
        assertThat(explain("berlin-b", "10.20.0.0/16"))
                .contains("  serving     standby  berlin-a registered earlier\n");
    }

    @Test
    void aRouteThatNoKeyCovers() {
        assertThat(explain("berlin-b", "10.28.0.0/16")).isEqualTo("""
                        10.28.0.0/16 at berlin-b (2, tag:router)

                          advertised  yes
                          approved    no       no key of `autoApprovers.routes` covers it, \
                        and no administrator approved it
                          serving     no       a route has to be approved first

                        No other node offers 10.28.0.0/16.

                        To have it approved, let an administrator approve it,
                        or add "10.28.0.0/16": ["tag:router"] to autoApprovers.routes.
                        """);
    }

    @Test
    void aRouteWhoseApproversNameOtherNodes() {
        assertThat(explain("lab-pi", "10.99.10.0/24"))
                .contains("no approver under `10.99.0.0/16` in `autoApprovers.routes` names this node\n")
                .endsWith("or name `tag:lab` under `10.99.0.0/16` in autoApprovers.routes.\n");
    }

    @Test
    void anApprovalByHandNamesTheAdministrator() {
        assertThat(explain("cloud", "2001:db8:31::/56")).contains("  approved    yes      by `administrator`\n");
    }

    @Test
    void anExitRouteIsExplainedWithoutAnElection() {
        assertThat(explain("frankfurt-exit", "::/0"))
                .contains(
                        "  approved    yes      by the policy: `exitNode`, approver `tag:exit`, line 40\n",
                        "  serving     yes      every exit node offers its own exit routes, and none is elected\n");
    }

    @Test
    void anExitRouteWithoutApproverSaysWhomToName() {
        assertThat(explain("ben-laptop", "0.0.0.0/0"))
                .contains("`tag:exit` in `autoApprovers.exitNode` does not name this node")
                .endsWith("or name `ben@harbour.example` in autoApprovers.exitNode.\n");
    }

    @Test
    void aFourViaSixRouteInItsOwnTerms() {
        assertThat(explain("lisbon", "fd7a:115c:a1e0:b1a:0:7:c0a8:100/120"))
                .contains("  stands for  4via6    site 7 (0x7), 192.168.1.0/24\n");
    }

    @Test
    void aRouteThatIsNotAdvertisedAndLiesInsideAnother() {
        assertThat(explain("berlin-b", "10.20.7.0/24")).isEqualTo("""
                        10.20.7.0/24 at berlin-b (2, tag:router)

                          advertised  no       the node advertises 10.20.0.0/16, 10.28.0.0/16
                          approved    not yet  as soon as it is advertised: by the policy: key `10.20.0.0/16`, \
                        approver `tag:router`, line 33
                          serving     no       a route has to be advertised first

                        No node offers 10.20.7.0/24.
                        It lies inside 10.20.0.0/16, which berlin-a carries.
                        """);
    }

    @Test
    void competitorsAreOfflineUnhealthyUnusedOrUnapproved() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"tagOwners": {"tag:r": []}, "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:r"]}}},
                 "users": [{"id": 1, "name": "ada"}],
                 "nodes": [{"id": 1, "name": "gone", "tags": ["tag:r"], "advertised": ["10.0.0.0/8"], "online": false},
                           {"id": 2, "name": "ill", "tags": ["tag:r"], "advertised": ["10.0.0.0/8"], "healthy": false},
                           {"id": 3, "name": "fit", "tags": ["tag:r"], "advertised": ["10.0.0.0/8"]},
                           {"id": 4, "name": "early", "tags": ["tag:x"], "approvedInitially": ["10.0.0.0/8"]},
                           {"id": 5, "name": "hers", "user": "ada", "advertised": ["10.0.0.0/8"]}]}
                """);
        assertThat(explain(file, "gone", "10.0.0.0/8"))
                .contains("  serving     no       it is offline, and therefore no candidate\n", """
                        Nodes that offer 10.0.0.0/8
                          gone (1)   offline       it is offline, and therefore no candidate
                          ill (2)    standby       it was reported unhealthy, while fit is healthy
                          fit (3)    primary       goes before the other candidates: its candidate class is better
                          early (4)  unused        approved, but the node does not advertise it
                          hers (5)   not approved  no approver under `10.0.0.0/8` in `autoApprovers.routes` names this \
                        node
                        """);
        assertThat(explain(file, "hers", "10.0.0.0/8")).contains("or name `ada@` under `10.0.0.0/8`");
    }

    /** A worse class than healthy is named wherever the election does not name it. */
    @Test
    void aCarrierThatIsNotHealthyIsNamed() {
        String file = Run.file(folder, "case.json", """
                {"policy": {},
                 "nodes": [{"id": 1, "name": "ill", "tags": ["tag:r"], "advertised": ["10.0.0.0/8", "10.1.0.0/16"],
                            "approvedInitially": ["10.0.0.0/8", "10.1.0.0/16"], "healthy": false},
                           {"id": 2, "name": "worn", "tags": ["tag:r"], "advertised": ["10.0.0.0/8"],
                            "approvedInitially": ["10.0.0.0/8"], "healthy": false}]}
                """);
        assertThat(explain(file, "ill", "10.1.0.0/16"))
                .contains("  serving     primary  is the only candidate; it was reported unhealthy\n");
        assertThat(explain(file, "ill", "10.0.0.0/8"))
                .contains(
                        "; it was reported unhealthy, and no other candidate is better\n",
                        "  worn (2)  standby  ",
                        "; it was reported unhealthy\n");
    }

    @Test
    void theCommandSaysThatAPrefixIsUnserved() {
        String file = Run.file(folder, "case.json", """
                {"policy": {},
                 "nodes": [{"id": 1, "name": "a", "tags": ["tag:r"], "advertised": ["10.0.0.0/8"],
                            "approvedInitially": ["10.0.0.0/8"], "online": false},
                           {"id": 2, "name": "b", "tags": ["tag:r"], "advertised": ["10.0.0.0/8"],
                            "approvedInitially": ["10.0.0.0/8"], "online": false}]}
                """);
        assertThat(explain(file, "a", "10.0.0.0/8")).contains("Nodes that offer 10.0.0.0/8 (unserved)\n");
    }

    @ParameterizedTest
    @CsvSource({"berlin-a, 10.20.0.0/16, 32", "berlin-b, 10.20.0.0/16, 33", "berlin-b, 10.28.0.0/16, 31"})
    void theFirstLineHasTheColourOfTheAnswer(String node, String prefix, String colour) {
        Run run = Run.with(Ansi.ON, "explain", "-c", Run.SAMPLE, "-n", node, "-p", prefix);
        assertThat(run.out()).startsWith("\u001B[" + colour + "m" + prefix + " at " + node);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            berlin      | 10.20.0.0/16 | there is no node `berlin`; did you mean `berlin-a` or `berlin-b`?
            Lisbonn     | 10.20.0.0/16 | there is no node `Lisbonn`; did you mean `lisbon`?
            elsewhere   | 10.20.0.0/16 | there is no node `elsewhere`; there are `berlin-a`, `berlin-b`, `cloud`, `lisbon`, `porto`, `frankfurt-exit`, `ada-desktop`, `ben-laptop`, `chloe-laptop`, `lab-pi`
            berlin-a    | 10.20.0.1/16 | invalid value for option `--prefix`: `10.20.0.1/16` is not a prefix: bits are set after the prefix length; write `10.20.0.0/16` (see `wayleave explain --help`)
            """)
    void aMistakeIsRefusedInOneLine(String node, String prefix, String complaint) {
        assertThat(Run.of("explain", "--case", Run.SAMPLE, "--node", node, "--prefix", prefix))
                .isEqualTo(new Run(2, "", "wayleave: " + complaint + "\n"));
    }
}
