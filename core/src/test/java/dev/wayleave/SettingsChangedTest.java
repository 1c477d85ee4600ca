package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.FailBack;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
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
    void deadlinesMoveWithWhatTheyFollowFrom() {
        Scenario scenario = Scenario.begin().register("a", node -> node.ephemeral(true));
        scenario.settings(settings -> settings.ephemeralIdle(Duration.ofMinutes(7)))
                .after(Duration.ofMinutes(7).minusMillis(1));
        assertThat(scenario.state().node(scenario.id("a"))).isPresent();
        scenario.after(Duration.ofMillis(1)).expectGone("a");
    }

    @Test
    void otherSettingsDoNotCountSilenceAnew() {
        Scenario scenario = Scenario.begin().register("a").connect("a").sleep(Duration.ofSeconds(60));
        scenario.settings(settings -> settings.grace(Duration.ofSeconds(1)));
        assertThat(scenario.state().lastHeard(scenario.id("a"))).contains(Scenario.START);
    }

    @Test
    void theRemovalOfANodeKeepsThePrioritiesOfOtherNodes() {
        Scenario scenario = Scenario.begin().router("a", NET).router("b", NET);
        scenario.settings(settings -> settings.priority(scenario.id("a"), Prefix.parse(NET), 3))
                .forgetEvents()
                .remove("b")
                .expectNoEvent(RouteEvent.SettingsChanged.class);
    }

    @Test
    void anotherRuleOfElectionElectsEveryPrefixAnew() {
        Scenario scenario = Scenario.begin()
                .router("a", NET, OTHER)
                .router("b", NET, OTHER)
                .drain("a")
                .undrain("a")
                .expectPrimary(NET, "b")
                .revoke("b", OTHER)
                .expectPrimary(OTHER, "a")
                .drain("a", Duration.ofMinutes(1), true)
                .approve("b", OTHER)
                .expectPrimary(OTHER, "b")
                .undrain("a");
        RoutingSettings atOnce = scenario.state().settings().toBuilder()
                .failBack(FailBack.atOnce())
                .build();
        Prefix fresh = Prefix.parse("10.2.0.0/16");
        scenario.run(
                        new Command.AdvertiseRoutes(
                                scenario.id("b"), List.of(Prefix.parse(NET), Prefix.parse(OTHER), fresh)),
                        new Command.SetApprovedRoutes(scenario.id("b"), List.of(fresh)),
                        new Command.SetSettings(atOnce))
                .expectPrimary(NET, "a")
                .expectPrimary(OTHER, "a")
                .expectPrimary("10.2.0.0/16", "b");
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
    void theSameUsersAgainBringNothingBack() {
        Scenario scenario = Scenario.begin()
                .user("alice")
                .settings(settings -> settings.rememberDenied(false))
                .policy(POLICY)
                .router("a", NET)
                .revoke("a", NET)
                .expectEffective("a");
        scenario.run(new Command.SetUsers(scenario.state().users())).expectEffective("a");
        scenario.user("bob").expectEffective("a", NET);
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
}
