package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import java.util.stream.Collectors;
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
        Facts.assertSomeLines(run.out(), """
                … 10.20.0.0/16 to berlin-b …
                … 172.31.0.0/16 … cloud alone …
                … 10.20.0.0/16 … berlin-a, berlin-b … tag:router …
                """);
    }

    @Test
    void eachPairSharesAPrefix() {
        assertThat(whatIf("--each-pair").out())
                .contains("berlin-a, berlin-b | 4")
                .doesNotContain("cloud |");
    }

    @Test
    void nodesGoDownTogether() {
        assertBegins(whatIf("--down", "berlin-a", "berlin-b").out(), """
                … berlin-a, berlin-b … together:
                - 10.20.0.0/16 … unserved
                - 4 viewers … 10.20.0.0/16 … berlin-a: cloud, …
                """);
        assertBegins(whatIf("--tag-down", "tag:shop").out(), "… tag:shop … lisbon, porto");
    }

    private static void assertBegins(String printed, String facts) {
        Facts.assertLines(printed.lines().limit(facts.lines().count()).collect(Collectors.joining("\n")), facts);
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

        Facts.assertLines(run.out(), """
                … user ada … node router … removed:
                - 10.1.0.0/16 … unserved
                - 1 viewer … 10.1.0.0/16 … router: viewer
                … no grace.
                """);
    }

    @Test
    void aUserWithoutNodesIsAnswered() {
        Run run = onTailnet("""
                {"policy": {}, "users": [{"id": 1, "name": "ada"}], "nodes": []}""", "--user-gone", "ada");

        assertThat(run.code()).isZero();
        Facts.assertLines(run.out(), """
                … user ada … no node … removed:
                no viewer … route … no prefix …
                """);
    }

    @Test
    void aTailnetWithoutRoutersOrPairsIsSaidToHaveNone() {
        String empty = """
                {"policy": {}, "users": [], "nodes": []}""";

        Facts.assertLines(onTailnet(empty, "--each-router").out(), "no node … route …");
        Facts.assertLines(onTailnet(empty, "--each-pair").out(), "no two nodes … prefix");
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
        whatIf("--down", "nobody").assertRefused("node `nobody`");
        whatIf("--tag-down", "tag:none").assertRefused("tag `tag:none`");
        whatIf("--user-gone", "zoe").assertRefused("user `zoe`");
    }
}
