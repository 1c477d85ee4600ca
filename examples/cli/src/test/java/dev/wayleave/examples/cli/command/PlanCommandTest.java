package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a change would do, for people, programs and pull requests. */
class PlanCommandTest {

    private static final String NEW_POLICY =
            Run.MODULE.resolve("sample/new-policy.hujson").toString();

    @TempDir
    Path folder;

    private static Run plan(String... words) {
        return Run.onSample("plan", words);
    }

    @Test
    void aPolicyThatCutsAViewerOffIsALossWithTheReason() {
        Run run = plan("--policy", NEW_POLICY);

        assertThat(run.code()).isEqualTo(11);
        Facts.assertSomeLines(run.out(), """
                1 viewer: ben-laptop …
                - … 10.20.0.0/16 … berlin-a … grants[0], line 45 … `group:staff` …
                … any traffic … ben-laptop … internet …
                """);
    }

    @Test
    void thePolicyInForceChangesNothing() {
        assertThat(plan("--policy", Run.SAMPLE))
                .returns(0, Run::code)
                .satisfies(run -> assertThat(run.out()).contains("nothing").hasLineCount(1));
    }

    @Test
    void aDrainMovesAndTakesNothingAway() {
        Run run = plan("--drain", "berlin-a");

        assertThat(run.code()).isEqualTo(10);
        Facts.assertSomeLines(run.out(), "~ … 10.20.0.0/16 … berlin-b … instead of berlin-a …");
    }

    @Test
    void approvalsAndRemovalsArePlannedTogether() {
        Run run = plan("--approve", "berlin-b=10.28.0.0/16", "--remove", "cloud");

        assertThat(run.code()).isEqualTo(11);
        Facts.assertSomeLines(run.out(), """
                + 10.28.0.0/16 … berlin-b … approved …
                - cloud … removed …
                - 172.31.0.0/16 … unserved …
                """);
    }

    @Test
    void aTestThatWouldFailIsGraverThanALoss() throws IOException {
        String policy = Files.readString(Path.of(Run.SAMPLE)).replace("""
                "src": ["group:staff"], "dst": ["intranet"]""", """
                "src": ["group:admins"], "dst": ["intranet"]""");

        Run run = plan("--policy", Run.file(folder, "new.json", policy));

        assertThat(run.code()).isEqualTo(12);
        assertThat(run.out()).contains("! tests[0]").containsPattern("(?m)^1 test fails");
    }

    @Test
    void routeTestsAreAskedOfTheTailnetAsItWouldBe() {
        String tests = Run.file(folder, "tests.json", """
                {"routeTests": [{"viewer": "ben-laptop", "reaches": ["10.20.1.80"]}]}""");

        assertThat(plan("--policy", Run.SAMPLE, "--routes", tests).code()).isZero();
        assertThat(plan("--policy", NEW_POLICY, "--routes", tests).code()).isEqualTo(12);
    }

    @Test
    void markdownShowsADifferenceThatCodeHostsColour() {
        Run run = plan("--policy", NEW_POLICY, "--markdown");

        assertThat(run.code()).isEqualTo(11);
        assertThat(Facts.match(
                        run.out().lines().findFirst().orElseThrow(),
                        "### … 1 viewer … routes, 4 viewers … peers … route, 4 nodes … traffic"))
                .as(run.out())
                .isTrue();
        assertThat(run.out()).containsPattern("````diff\n- .*0\\.0\\.0\\.0/0 .*frankfurt-exit");
    }

    @Test
    void aRewrittenRuleWithTheSameMeaningChangesNothing() throws IOException {
        String policy = Files.readString(Path.of(Run.SAMPLE)).replace("""
                "src": ["berlin-office"], "dst"\
                """, """
                "src": ["10.20.0.0/17", "10.20.128.0/17"], "dst"\
                """);

        Run run = plan("--policy", Run.file(folder, "new.json", policy));

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("nothing changes: ").contains("packet filters");
    }

    @Test
    void everyPlanThatChangesSomethingPrintsALine() {
        for (String change : List.of("--approve", "--revoke")) {
            Run run = plan(change, "cloud=10.99.0.0/16");

            assertThat(run.code()).isEqualTo(10);
            assertThat(run.out()).startsWith("Approvals\n  ~ 10.99.0.0/16 on cloud ");
        }
        assertThat(plan("--drain", "frankfurt-exit"))
                .returns(10, Run::code)
                .extracting(Run::out)
                .asString()
                .startsWith("Drains\n  ~ frankfurt-exit ");
    }

    @Test
    void aDrainThatWouldLeaveAPrefixIsRefusedAndShown() {
        Run run = plan("--drain", "cloud");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).startsWith("Refused\n  ! ");
        Facts.assertSomeLines(run.out(), """
                ! … drain … cloud …
                ~ cloud … draining …
                ~ 172.31.0.0/16 … cloud …
                … refused … --force …
                """);
    }

    @Test
    void aForcedDrainIsPlannedWithThePrefixesThatStay() {
        Run run = plan("--drain", "cloud", "--force");

        assertThat(run.code()).isEqualTo(10);
        Facts.assertSomeLines(run.out(), """
                ~ cloud … draining …
                ~ 172.31.0.0/16 … cloud …
                """);
        assertThat(run.out()).doesNotContainIgnoringCase("refused");
    }

    @Test
    void anApprovalBeforeTheAdvertisementIsSaidToWait() {
        Facts.assertSomeLines(
                plan("--approve", "berlin-b=10.99.0.0/16").out(),
                "~ 10.99.0.0/16 … berlin-b … approved; … berlin-b advertises …");
    }

    @Test
    void oneFormOfOutputIsAllowed() {
        Run run = plan("--policy", NEW_POLICY, "--markdown", "-o", "json");

        run.assertRefused("one of … --markdown … -o json");
        Run.onSample("lint", "--sarif", "-o", "json").assertRefused("one of … --sarif … -o json");
    }

    private static JsonNode json(Run run) {
        return JsonMapper.shared().readTree(run.out());
    }

    @Test
    void programsGetFactsOfLosses() {
        JsonNode plan = json(plan("--policy", NEW_POLICY, "-o", "json"));

        assertThat(plan.at("/verdict").stringValue()).isEqualTo("loss");
        assertThat(plan.at("/viewers/0/viewers/0/id").intValue()).isEqualTo(8);
        assertThat(plan.at("/viewers/0/viewers/0/name").stringValue()).isEqualTo("ben-laptop");
        JsonNode lost = plan.at("/viewers/0/routesLost/1");
        assertThat(lost.at("/prefix").stringValue()).isEqualTo("10.20.0.0/16");
        assertThat(lost.at("/from/id").intValue()).isEqualTo(1);
        assertThat(lost.at("/cause/kind").stringValue()).isEqualTo("rule-changed");
        assertThat(lost.at("/cause/rule/entry").stringValue()).isEqualTo("grants[0]");
        assertThat(lost.at("/cause/rule/line").intValue()).isEqualTo(45);
        assertThat(lost.at("/cause/fate/kind").stringValue()).isEqualTo("changed");
        assertThat(lost.at("/cause/fate/goneSources/0").stringValue()).isEqualTo("group:staff");
        assertThat(lost.at("/cause/text").stringValue()).contains("`group:staff`");
        JsonNode closed = plan.at("/traffic/0/lost/0");
        assertThat(closed.at("/sources/0").stringValue()).isEqualTo("100.64.0.8");
        assertThat(closed.at("/destinations/0").stringValue()).isEqualTo("10.20.1.80");
        assertThat(closed.at("/ports").toString()).isEqualTo("""
                ["80","443"]""");
        assertThat(closed.at("/protocol").stringValue()).isEqualTo("tcp");
        assertThat(closed.at("/rules/0/line").intValue()).isEqualTo(45);
        assertThat(plan.at("/failedTests").isArray()).isTrue();
    }

    @Test
    void programsGetFactsOfDrainsAndApprovals() {
        JsonNode plan = json(plan("--drain", "cloud", "--approve", "berlin-b=10.28.0.0/16", "-o", "json"));

        assertThat(plan.at("/refusals/0/kind").stringValue()).isEqualTo("drain-leaves-prefixes");
        assertThat(plan.at("/refusals/0/node/name").stringValue()).isEqualTo("cloud");
        assertThat(plan.at("/refusals/0/prefixes/0").stringValue()).isEqualTo("172.31.0.0/16");
        assertThat(plan.at("/staying/0/node/id").intValue()).isEqualTo(3);
        assertThat(plan.at("/staying/0/prefixes/0").stringValue()).isEqualTo("172.31.0.0/16");
        assertThat(plan.at("/events")
                        .valueStream()
                        .map(event -> event.at("/event/kind").stringValue()))
                .containsExactlyInAnyOrder("route-approved", "drain-started", "primary-elected");
        assertThat(json(plan("--remove", "cloud", "-o", "json")).at("/unserved").toString())
                .isEqualTo("""
                        ["172.31.0.0/16","2001:db8:31::/56"]""");
    }

    @Test
    void programsGetFactsOfMovedRoutes() {
        JsonNode moved = json(plan("--drain", "berlin-a", "-o", "json")).at("/viewers/0/routesMoved/0");

        assertThat(moved.at("/prefix").stringValue()).isEqualTo("10.20.0.0/16");
        assertThat(moved.at("/from/name").stringValue()).isEqualTo("berlin-a");
        assertThat(moved.at("/to/name").stringValue()).isEqualTo("berlin-b");
        assertThat(moved.at("/cause/kind").stringValue()).isNotEmpty();
    }

    @Test
    void aChangeThatCannotBePlannedIsRefused() {
        plan().assertRefused("nothing to plan … --policy … --approve … --revoke … --drain");
        plan("--approve", "berlin-b").assertRefused("NODE=PREFIX,PREFIX");
        assertThat(plan("--approve", "berlin-b=10.0.0.0/33").code()).isEqualTo(2);
        plan("--remove", "berlin-c").assertRefused("node `berlin-c`");
    }
}
