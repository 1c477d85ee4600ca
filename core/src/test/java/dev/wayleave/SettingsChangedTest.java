package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.FailBack;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** New settings hold at once, for all that is there. */
class SettingsChangedTest {

    private static final String NET = "10.0.0.0/8";
    private static final String OTHER = "10.1.0.0/16";
    private static final String POLICY = """
            {"tagOwners": {"tag:router": []},
             "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}}""";

    @Test
    void aHigherPriorityIsHeededByTheNextElection() {
        Scenario scenario =
                Scenario.begin().router("a", NET, OTHER).router("b", NET, OTHER).router("c", NET, OTHER);
        scenario.settings(settings ->
                        settings.priority(scenario.id("b"), 1).priority(scenario.id("c"), Prefix.parse(OTHER), 2))
                .expectPrimary(NET, "a")
                .remove("a")
                .expectPrimary(NET, "b")
                .expectPrimary(OTHER, "c");
    }

    @Test
    void aHigherPriorityTakesThePrefixWhereFailBackIsAtOnce() {
        Scenario scenario = Scenario.of(
                        RoutingSettings.builder().failBack(FailBack.atOnce()).build())
                .router("a", NET)
                .router("b", NET)
                .expectPrimary(NET, "a");
        scenario.settings(settings -> settings.priority(scenario.id("b"), 1)).expectPrimary(NET, "b");
        scenario.settings(settings -> settings.noPriority(scenario.id("b"))).expectPrimary(NET, "a");
    }

    @Test
    void anotherRuleOfElectionElectsEveryPrefixAnew() {
        Scenario scenario = Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .drain("a")
                .undrain("a")
                .expectPrimary(NET, "b");
        scenario.settings(settings -> settings.failBack(FailBack.atOnce())).expectPrimary(NET, "a");
    }

    @Test
    void anotherOrderAloneMovesNothing() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .drain("a")
                .undrain("a")
                .forgetEvents()
                .settings(settings -> settings.order(ElectionOrder.LOWEST_ID))
                .expectPrimary(NET, "b")
                .expectNoMove();
    }

    @Test
    void aPolicyThatHasJustBecomeRetroactiveIsHeeded() {
        Scenario scenario = Scenario.begin()
                .settings(settings -> settings.retroactive(false))
                .router("a")
                .advertise("a", NET)
                .policy(POLICY)
                .expectEffective("a");
        scenario.settings(settings -> settings.grace(Duration.ofSeconds(1))).expectEffective("a");
        scenario.settings(settings -> settings.retroactive(true)).expectEffective("a", NET);
    }

    @Test
    void theSamePolicyIsNotHeededAgainBecauseOfOtherSettings() {
        Scenario scenario = Scenario.begin()
                .settings(settings -> settings.rememberDenied(false))
                .policy(POLICY)
                .router("a", NET)
                .revoke("a", NET)
                .expectEffective("a");
        scenario.settings(settings -> settings.grace(Duration.ofSeconds(1))).expectEffective("a");
        scenario.policy(POLICY).expectEffective("a", NET);
    }

    @Test
    void prefixesFailBackInTheOrderOfTheirTimes() {
        Duration stable = Duration.ofMinutes(2);
        Scenario scenario = Scenario.of(RoutingSettings.builder()
                        .failBack(FailBack.after(stable))
                        .silenceLimit(Optional.empty())
                        .build())
                .router("a", NET, OTHER)
                .router("b", "10.2.0.0/16")
                .router("c", NET, OTHER, "10.2.0.0/16")
                .together(s -> s.disconnect("a").disconnect("b"))
                .sleep(RoutingSettings.DEFAULT.grace())
                .connect("b")
                .sleep(Duration.ofSeconds(30))
                .connect("a");
        assertThat(scenario.state().nextDeadline()).contains(scenario.now().plusSeconds(90));
        scenario.sleep(Duration.ofSeconds(90)).expectPrimary("10.2.0.0/16", "b").expectPrimary(NET, "c");
        assertThat(scenario.state().nextDeadline()).contains(scenario.now().plusSeconds(30));
        scenario.sleep(Duration.ofSeconds(30)).expectPrimary(NET, "a").expectPrimary(OTHER, "a");
        assertThat(scenario.state().nextDeadline()).isEmpty();
    }
}
