package dev.wayleave.examples.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.Routing;
import dev.wayleave.Step;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.Scenario;
import dev.wayleave.testing.StepExpectations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tools for other people's tests, from a module that has nothing of jqwik. */
class InYourTestsTest {

    private static final Path MODULE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    private static final String BORDER = "        // the README shows what stands between these two lines\n";

    @Test
    void aScenarioTellsAHistoryAndHoldsItToWhatIsExpected() {
        // the README shows what stands between these two lines
        Scenario.of(RoutingSettings.DEFAULT)
                .router("berlin", "10.20.0.0/16")
                .router("backup", "10.20.0.0/16")
                .disconnect("berlin")
                .expectPrimary("10.20.0.0/16", "berlin")
                .after(Duration.ofSeconds(15))
                .expectPrimary("10.20.0.0/16", "backup");
        // the README shows what stands between these two lines
    }

    @Test
    void whatIsExpectedInVainFails() {
        Scenario scenario = Scenario.begin().router("berlin", "10.20.0.0/16").router("backup", "10.20.0.0/16");
        assertThatThrownBy(() -> scenario.expectPrimary("10.20.0.0/16", "backup"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("10.20.0.0/16 is carried by backup, not by berlin");
    }

    @Test
    void invariantsCanBeCheckedOfAnyStep() {
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
        assertThatThrownBy(() -> StepExpectations.of(step).nothingMoved()).isInstanceOf(AssertionError.class);
    }

    @Test
    void nothingOfJqwikIsNeeded() {
        assertThatThrownBy(() -> Class.forName("net.jqwik.api.Arbitrary")).isInstanceOf(ClassNotFoundException.class);
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
