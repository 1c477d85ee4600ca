package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What depends on which router. */
class WhatIfCommandTest {

    @TempDir
    Path folder;

    private static Run whatIf(String... words) {
        return Run.onSample("what-if", words);
    }

    @Test
    void eachRouterIsATableWithTheGreatestDamageFirst() {
        Run run = whatIf();

        assertThat(run.code()).isZero();
        assertThat(run.out().lines().skip(1).findFirst().orElseThrow()).startsWith("cloud");
        assertThat(run.out())
                .contains("10.20.0.0/16 to berlin-b")
                .contains("172.31.0.0/16 depends on cloud alone")
                .contains("10.20.0.0/16 depends on berlin-a, berlin-b, which share tag:router");
    }

    @Test
    void eachPairSharesAPrefix() {
        assertThat(whatIf("--each-pair").out())
                .contains("berlin-a, berlin-b | 4")
                .doesNotContain("cloud |");
    }

    @Test
    void nodesGoDownTogether() {
        assertThat(whatIf("--down", "berlin-a", "berlin-b").out())
                .startsWith("If berlin-a, berlin-b go down together:\n  - 10.20.0.0/16 is unserved\n  - 4 viewers lose "
                        + "10.20.0.0/16 through berlin-a: cloud, ");
        assertThat(whatIf("--tag-down", "tag:shop").out())
                .startsWith("If all nodes with tag:shop go down: lisbon, porto\n");
    }

    @Test
    void aUserIsGoneWithAllNodesAtOnce() {
        Run run = onTailnet("""
                {"policy": {"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]},
                 "users": [{"id": 1, "name": "ada"}, {"id": 2, "name": "ben"}],
                 "nodes": [
                   {"id": 1, "name": "router", "user": "ada", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1",
                    "tags": [], "advertised": ["10.1.0.0/16"], "approvedInitially": ["10.1.0.0/16"]},
                   {"id": 2, "name": "viewer", "user": "ben", "ipv4": "100.64.0.2", "ipv6": "fd7a:115c:a1e0::2",
                    "tags": [], "advertised": [], "approvedInitially": []}]}""", "--user-gone", "ada");

        assertThat(run.out()).isEqualTo("""
                If the user ada and the user's node router are removed:
                  - 10.1.0.0/16 is unserved
                  - 1 viewer loses 10.1.0.0/16 through router: viewer
                The nodes are removed at once: there is no grace.
                """);
    }

    @Test
    void aUserWithoutNodesIsAnswered() {
        Run run = onTailnet("""
                {"policy": {}, "users": [{"id": 1, "name": "ada"}], "nodes": []}""", "--user-gone", "ada");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("""
                If the user ada, who owns no node, is removed:
                  no viewer loses a route, and no prefix moves
                """);
    }

    @Test
    void aTailnetWithoutRoutersOrPairsIsSaidToHaveNone() {
        String empty = """
                {"policy": {}, "users": [], "nodes": []}""";

        assertThat(onTailnet(empty, "--each-router").out())
                .isEqualTo("no node has a route that is advertised and approved\n");
        assertThat(onTailnet(empty, "--each-pair").out()).isEqualTo("no two nodes can carry the same prefix\n");
    }

    private Run onTailnet(String tailnet, String... words) {
        return Run.of(Stream.concat(
                        Stream.of("what-if", "--case", Run.file(folder, "tailnet.json", tailnet)), Stream.of(words))
                .toArray(String[]::new));
    }

    @Test
    void programsGetFacts() {
        JsonNode document = JsonMapper.shared().readTree(whatIf("-o", "json").out());

        assertThat(document.at("/question").stringValue()).isEqualTo("each-router");
        assertThat(document.at("/failoverAfterSeconds").intValue()).isEqualTo(15);
        JsonNode cloud = document.at("/outages/0");
        assertThat(cloud.at("/down/0/id").intValue()).isEqualTo(3);
        assertThat(cloud.at("/down/0/name").stringValue()).isEqualTo("cloud");
        assertThat(cloud.at("/losses/0/prefix").stringValue()).isEqualTo("172.31.0.0/16");
        assertThat(cloud.at("/losses/0/viewerCount").intValue()).isEqualTo(3);
        assertThat(cloud.at("/losses/0/viewers/0/name").stringValue()).isEqualTo("berlin-a");
        assertThat(cloud.at("/unserved/0").stringValue()).isEqualTo("172.31.0.0/16");
        assertThat(document.at("/risks")
                        .valueStream()
                        .filter(risk -> risk.at("/kind").stringValue().equals("shared-fate"))
                        .map(risk -> risk.at("/routers/1/name").stringValue()))
                .containsExactly("berlin-b");
    }

    @Test
    void anOptionThatNamesNothingIsRefused() {
        assertThat(whatIf("--down", "nobody").err()).contains("there is no node `nobody`");
        assertThat(whatIf("--tag-down", "tag:none").err()).contains("no node has the tag `tag:none`");
        assertThat(whatIf("--user-gone", "zoe").err()).contains("there is no user `zoe`");
    }
}
