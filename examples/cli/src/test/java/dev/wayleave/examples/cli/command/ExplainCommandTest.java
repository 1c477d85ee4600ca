package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
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
        Facts.assertLines(explain("berlin-a", "10.20.0.0/16"), """
                10.20.0.0/16 at berlin-a (1, tag:router)
                advertised yes
                approved yes … policy … `10.20.0.0/16` … `tag:router` … line 33
                serving primary … registered earlier
                … 10.20.0.0/16
                berlin-a (1) primary … registered earlier
                berlin-b (2) standby berlin-a registered earlier
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
        Facts.assertSomeLines(explain("berlin-b", "10.20.0.0/16"), "serving standby berlin-a registered earlier");
    }

    @Test
    void aRouteThatNoKeyCovers() {
        Facts.assertLines(explain("berlin-b", "10.28.0.0/16"), """
                10.28.0.0/16 at berlin-b (2, tag:router)
                advertised yes
                approved no … key … `autoApprovers.routes` …
                serving no … approved …
                No other … 10.28.0.0/16.
                … administrator …
                … "10.28.0.0/16": ["tag:router"] … autoApprovers.routes.
                """);
    }

    @Test
    void aRouteWhoseApproversNameOtherNodes() {
        Facts.assertSomeLines(explain("lab-pi", "10.99.10.0/24"), """
                approved no … no approver … `10.99.0.0/16` … `autoApprovers.routes` …
                … `tag:lab` … `10.99.0.0/16` … autoApprovers.routes.
                """);
    }

    @Test
    void anApprovalByHandNamesTheAdministrator() {
        assertThat(explain("cloud", "2001:db8:31::/56")).contains("  approved    yes      by `administrator`\n");
    }

    @Test
    void anExitRouteIsExplainedWithoutAnElection() {
        Facts.assertSomeLines(explain("frankfurt-exit", "::/0"), """
                approved yes … policy … `exitNode` … `tag:exit` … line 40
                serving yes … exit …
                """);
    }

    @Test
    void anExitRouteWithoutApproverSaysWhomToName() {
        Facts.assertSomeLines(explain("ben-laptop", "0.0.0.0/0"), """
                approved no … `tag:exit` … `autoApprovers.exitNode` …
                … `ben@harbour.example` … autoApprovers.exitNode.
                """);
    }

    @Test
    void aFourViaSixRouteInItsOwnTerms() {
        assertThat(explain("lisbon", "fd7a:115c:a1e0:b1a:0:7:c0a8:100/120"))
                .contains("  stands for  4via6    site 7 (0x7), 192.168.1.0/24\n");
    }

    @Test
    void aRouteThatIsNotAdvertisedAndLiesInsideAnother() {
        Facts.assertLines(explain("berlin-b", "10.20.7.0/24"), """
                10.20.7.0/24 at berlin-b (2, tag:router)
                advertised no … 10.20.0.0/16, 10.28.0.0/16
                approved not yet … advertised … policy … `10.20.0.0/16` … `tag:router` … line 33
                serving no … advertised …
                No node … 10.20.7.0/24.
                … 10.20.0.0/16 … berlin-a …
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
        Facts.assertSomeLines(explain(file, "gone", "10.0.0.0/8"), """
                serving no … offline …
                gone (1) offline … offline …
                ill (2) standby … unhealthy … fit … healthy
                fit (3) primary … class …
                early (4) unused … advertise …
                hers (5) not approved … no approver … `10.0.0.0/8` … `autoApprovers.routes` …
                """);
        Facts.assertSomeLines(explain(file, "hers", "10.0.0.0/8"), "… `ada@` … `10.0.0.0/8` …");
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
        Facts.assertSomeLines(explain(file, "ill", "10.1.0.0/16"), "serving primary … only … unhealthy");
        Facts.assertSomeLines(explain(file, "ill", "10.0.0.0/8"), """
                serving primary … unhealthy … better
                ill (1) primary … unhealthy … better
                worn (2) standby … unhealthy
                """);
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
            berlin      | 10.20.0.0/16 | node `berlin` … mean `berlin-a` … `berlin-b`
            Lisbonn     | 10.20.0.0/16 | node `Lisbonn` … mean `lisbon`
            elsewhere   | 10.20.0.0/16 | node `elsewhere` … `berlin-a`, `berlin-b`, `cloud`, `lisbon`, `porto`, `frankfurt-exit`, `ada-desktop`, `ben-laptop`, `chloe-laptop`, `lab-pi`
            berlin-a    | 10.20.0.1/16 | `--prefix` … `10.20.0.1/16` … `10.20.0.0/16` … `wayleave explain --help`
            """)
    void aMistakeIsRefusedInOneLine(String node, String prefix, String complaint) {
        Run.of("explain", "--case", Run.SAMPLE, "--node", node, "--prefix", prefix)
                .assertRefused(complaint);
    }
}
