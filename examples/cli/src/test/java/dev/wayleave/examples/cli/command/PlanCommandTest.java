package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void aPolicyThatCutsSomebodyOffIsALossWithTheReason() {
        Run run = plan("--policy", NEW_POLICY);

        assertThat(run.code()).isEqualTo(11);
        assertThat(run.out())
                .contains("1 viewer: ben-laptop")
                .contains("- lose 10.20.0.0/16 through berlin-a, because grants[0], line 45")
                .contains("no longer names `group:staff`")
                .contains("any traffic from ben-laptop to the internet");
    }

    @Test
    void thePolicyInForceChangesNothing() {
        assertThat(plan("--policy", Run.SAMPLE)).returns(0, Run::code).returns("nothing changes\n", Run::out);
    }

    @Test
    void aDrainMovesAndTakesNothingAway() {
        Run run = plan("--drain", "berlin-a");

        assertThat(run.code()).isEqualTo(10);
        assertThat(run.out()).contains("~ get 10.20.0.0/16 through berlin-b instead of berlin-a");
    }

    @Test
    void approvalsAndRemovalsArePlannedTogether() {
        Run run = plan("--approve", "berlin-b=10.28.0.0/16", "--remove", "cloud");

        assertThat(run.code()).isEqualTo(11);
        assertThat(run.out())
                .contains("+ 10.28.0.0/16 on berlin-b is approved")
                .contains("- cloud is removed")
                .contains("- 172.31.0.0/16 is unserved");
    }

    @Test
    void aTestThatWouldFailIsGraverThanALoss() throws IOException {
        String policy = Files.readString(Path.of(Run.SAMPLE))
                .replace(
                        "\"src\": [\"group:staff\"], \"dst\": [\"intranet\"]",
                        "\"src\": [\"group:admins\"], " + "\"dst\": [\"intranet\"]");

        Run run = plan("--policy", Run.file(folder, "new.json", policy));

        assertThat(run.code()).isEqualTo(12);
        assertThat(run.out()).contains("! tests[0]").contains("1 test fails; ");
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
        assertThat(run.out())
                .startsWith("### Routes: 1 viewer loses routes, 4 viewers lose peers alone, 4 nodes let in less\n")
                .contains("````diff\n- lose 0.0.0.0/0 through frankfurt-exit");
    }

    @Test
    void programsGetTheSameAsJson() {
        Run run = plan("--policy", NEW_POLICY, "-o", "json");

        assertThat(run.out()).contains("\"verdict\": \"LOSS\"").contains("\"ben-laptop\"");
    }

    @Test
    void whatCannotBePlannedIsRefused() {
        assertThat(plan()).returns(2, Run::code).extracting(Run::err).asString().contains("there is nothing to plan");
        assertThat(plan("--approve", "berlin-b").err()).contains("write NODE=PREFIX,PREFIX");
        assertThat(plan("--approve", "berlin-b=10.0.0.0/33").code()).isEqualTo(2);
        assertThat(plan("--remove", "berlin-c").err()).contains("there is no node `berlin-c`");
    }
}
