package dev.wayleave.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.Routing;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.foresight.RouteTests;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.PolicyTestChecks;
import dev.wayleave.testing.Scenario;
import dev.wayleave.testing.StepExpectations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tools for other people's tests, from a module that has nothing of jqwik. */
class InYourTestsTest {

    private static final Path MODULE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    private static final String BORDER = "        // the README shows what is between these two lines\n";

    @Test
    void aScenarioPlaysAHistoryAndChecksIt() {
        // the README shows what is between these two lines
        Scenario.of(RoutingSettings.DEFAULT)
                .router("berlin", "10.20.0.0/16")
                .router("backup", "10.20.0.0/16")
                .disconnect("berlin")
                .expectPrimary("10.20.0.0/16", "berlin")
                .after(Duration.ofSeconds(15))
                .expectPrimary("10.20.0.0/16", "backup");
        // the README shows what is between these two lines
    }

    @Test
    void anExpectationThatIsNotMetFails() {
        Scenario scenario = Scenario.begin().router("berlin", "10.20.0.0/16").router("backup", "10.20.0.0/16");
        assertThatThrownBy(() -> scenario.expectPrimary("10.20.0.0/16", "backup"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("10.20.0.0/16 is carried by backup, not by berlin");
    }

    @Test
    void aRestartInTheMiddleOfAFailoverMovesNothingAtOnce() {
        // docs/testing.md: scenario
        Scenario.begin()
                .router("berlin", "10.20.0.0/16")
                .router("backup", "10.20.0.0/16")
                .disconnect("berlin")
                .restart()
                .connect("backup")
                .expectPrimary("10.20.0.0/16", "berlin") // the restart grace: nothing moves
                .after(Duration.ofSeconds(60))
                .expectLiveness("berlin", Liveness.OFFLINE)
                .expectPrimary("10.20.0.0/16", "backup");
        // docs/testing.md
    }

    @Test
    void invariantsCanBeCheckedOfAnyStep() {
        // docs/testing.md: step
        Scenario scenario = Scenario.begin().router("berlin", "10.20.0.0/16").disconnect("berlin");
        Step step = Routing.step(
                scenario.state(),
                List.of(),
                scenario.now().plus(scenario.state().settings().grace()));

        Invariants.check(scenario.state(), List.of(), step);
        StepExpectations.of(step)
                .accepted()
                .event(RouteEvent.PrefixUnserved.class)
                .noEvent(RouteEvent.PrimaryMoved.class)
                .unserved("10.20.0.0/16");
        // docs/testing.md
        assertThatThrownBy(() -> StepExpectations.of(step).nothingMoved()).isInstanceOf(AssertionError.class);
    }

    @TestFactory
    Stream<DynamicTest> routeTestsAreTestsOfJUnit() {
        // docs/testing.md: route-tests
        Scenario scenario = Scenario.begin()
                .router("berlin", "10.20.0.0/16")
                .router("backup", "10.20.0.0/16")
                .register("laptop");
        String tests = """
                {"routeTests": [
                  {"prefix": "10.20.0.0/16", "healthyRouters": ">=2"},
                  {"withDown": ["berlin"], "viewer": "laptop", "reaches": ["10.20.1.1"], "not": ["autogroup:internet"]}
                ]}""";
        return PolicyTestChecks.ofRoutes(RoutingViews.of(scenario.state()), RouteTests.read(tests)).stream()
                .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
        // docs/testing.md
    }

    @Test
    void nothingOfJqwikIsNeeded() {
        assertThatThrownBy(() -> Class.forName("net.jqwik.api.Arbitrary")).isInstanceOf(ClassNotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scenario", "step", "route-tests"})
    void thePageOnTestingShowsTheseTests(String marker) throws IOException {
        String source =
                Files.readString(MODULE.resolve("src/test/java/dev/wayleave/examples/tour/InYourTestsTest.java"));
        String border = "        // docs/testing.md";
        int from = source.indexOf(border + ": " + marker + "\n");
        String program = source.substring(source.indexOf('\n', from) + 1, source.indexOf(border + "\n", from))
                .indent(-8);
        assertThat(testingPage()).contains("<!-- program: " + marker + " -->\n```java\n" + program + "```\n");
    }

    @Test
    void thePageOnTestingShowsTheTestOfAnAdapter() throws IOException {
        String source = Files.readString(MODULE.resolve("../../.ci/outside/src/test/java/outside/AdapterTest.java"));
        String program = source.substring(source.indexOf("/** "));
        assertThat(testingPage()).contains("<!-- program: contract -->\n```java\n" + program + "```\n");
    }

    @Test
    void theReadmeShowsAPropertyOfAProjectOutside() throws IOException {
        String source = Files.readString(MODULE.resolve("../../.ci/outside/src/test/java/outside/ForAllTest.java"));
        String property = source.substring(source.lastIndexOf("    @Property"), source.lastIndexOf("}"))
                .indent(-4);
        String readme = Files.readString(MODULE.resolve("../../README.md")).replace("\r\n", "\n");
        assertThat(readme).contains("<!-- source: ForAllTest -->\n```java\n" + property + "```\n");
    }

    private static String testingPage() throws IOException {
        return Files.readString(MODULE.resolve("../../docs/testing.md")).replace("\r\n", "\n");
    }

    @Test
    void theReadmeShowsThisScenario() throws IOException {
        String source =
                Files.readString(MODULE.resolve("src/test/java/dev/wayleave/examples/tour/InYourTestsTest.java"));
        int from = source.indexOf(BORDER) + BORDER.length();
        String program = source.substring(from, source.indexOf(BORDER, from)).indent(-8);
        String readme = Files.readString(MODULE.resolve("../../README.md")).replace("\r\n", "\n");
        assertThat(readme).contains("```java\n" + program + "```\n");
    }
}
