package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.command.Problem;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** A policy whose own tests fail is refused where the settings say so, and only when it is set. */
class PolicyTestsTest {

    private static final String FAILING = """
            {"tagOwners": {"tag:db": []},
             "acls": [{"action": "accept", "src": ["ann@example.com"], "dst": ["tag:db:80"]}],
             "tests": [{"src": "ann@example.com", "accept": ["tag:db:22"]},
                       {"src": "ann@example.com", "accept": ["tag:db:80"]},
                       {"src": "ann@example.com", "deny": ["tag:db:80"]}]}""";

    private static final String HOLDING = FAILING.substring(0, FAILING.indexOf(",\n \"tests\"")) + "}";

    @Test
    void thePresetsOfControlPlanesRefuseIt() {
        assertThat(RoutingSettings.TAILSCALE.policyTests()).isTrue();
        assertThat(RoutingSettings.HEADSCALE.policyTests()).isTrue();
        assertThat(RoutingSettings.DEFAULT.policyTests()).isFalse();
    }

    @Test
    void storedSettingsThatDoNotNameItDoNotRefuse() {
        assertThat(RoutingSettings.parse("{}").policyTests()).isFalse();
        assertThat(RoutingSettings.parse(RoutingSettings.TAILSCALE.toJson())).isEqualTo(RoutingSettings.TAILSCALE);
    }

    @Test
    void itIsRefusedWithOneProblemATest() {
        Scenario scenario = Scenario.of(RoutingSettings.TAILSCALE).user("ann").policy(HOLDING);
        scenario.policy(FAILING).expectRefused();

        assertThat(((SubmissionResult.Refused) scenario.last().results().get(0)).problems())
                .asInstanceOf(InstanceOfAssertFactories.list(Problem.PolicyTestFailed.class))
                .extracting(
                        problem -> problem.failure().test(),
                        problem -> problem.failure().lineOrNull(),
                        problem -> problem.failure().faults().get(0).kind())
                .containsExactly(tuple(0, 3, "not-accepted"), tuple(2, 5, "not-denied"));
        assertThat(scenario.state().policy().tests()).isEmpty();
    }

    @Test
    void itIsTakenWhereTheSettingsDoNotAsk() {
        Scenario.begin().policy(FAILING).expectAccepted();
    }

    @Test
    void aPolicyInForceIsNeverRefused() {
        Scenario.begin()
                .policy(FAILING)
                .settings(settings -> settings.policyTests(true))
                .expectAccepted()
                .user("ann")
                .expectAccepted()
                .register("db")
                .expectAccepted()
                .restart()
                .user("ben")
                .expectAccepted();
    }
}
