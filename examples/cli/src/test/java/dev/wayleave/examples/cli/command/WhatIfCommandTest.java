package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import org.junit.jupiter.api.Test;

/** What hangs on which router. */
class WhatIfCommandTest {

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
                .contains("172.31.0.0/16 hangs on cloud alone")
                .contains("10.20.0.0/16: berlin-a, berlin-b all have the same tags, tag:router");
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
                .startsWith("If berlin-a, berlin-b go down together:\n  - 4 viewers lose 10.20.0.0/16");
        assertThat(whatIf("--tag-down", "tag:shop").out()).startsWith("If lisbon, porto go down together:\n");
    }

    @Test
    void aUserIsGoneWithAllNodes() {
        assertThat(whatIf("--user-gone", "ada").out()).startsWith("If ada-desktop goes down:\n");
    }

    @Test
    void programsGetTheSameAsJson() {
        assertThat(whatIf("-o", "json").out()).contains("\"damage\": 6").contains("\"kind\": \"shared-fate\"");
    }

    @Test
    void whatNamesNothingIsRefused() {
        assertThat(whatIf("--down", "nobody").err()).contains("there is no node `nobody`");
        assertThat(whatIf("--tag-down", "tag:none").err()).contains("no node has the tag `tag:none`");
        assertThat(whatIf("--user-gone", "zoe").err()).contains("there is no user `zoe`");
    }
}
