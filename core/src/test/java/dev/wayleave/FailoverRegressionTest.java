package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Wrong, stale or missing primaries: one scenario for each issue that users reported about another control plane.
 * {@code headscale}, {@code tailscale}, {@code netbird}, {@code zerotier} and {@code nebula} and the number name the
 * issue on GitHub.
 */
class FailoverRegressionTest {

    private static final String NET = "10.0.0.0/8";
    private static final String OTHER = "192.168.1.0/24";
    private static final Duration GRACE = RoutingSettings.DEFAULT.grace();

    @Test
    void headscale2228Netbird3886ARouterThatJoinsLateTakesOverFromADeadOne() {
        Scenario.begin()
                .router("old", NET)
                .disconnect("old")
                .after(GRACE)
                .expectUnserved(NET)
                .router("late", NET)
                .expectPrimary(NET, "late");
    }

    @Test
    void headscale1561AfterDaysOneOfTwoRoutersIsStillPrimary() {
        Scenario scenario = Scenario.begin().router("a", NET).router("b", NET);
        for (int day = 0; day < 3; day++) {
            scenario.disconnect("a")
                    .connect("a")
                    .disconnect("b")
                    .connect("b")
                    .after(Duration.ofHours(1))
                    .sleep(Duration.ofHours(23))
                    .connect("a")
                    .expectPrimary(NET, "a")
                    .connect("b")
                    .expectPrimary(NET, "a");
        }
    }

    @Test
    void headscale2749ApprovingAnApprovedStandbyAgainLeavesThePrimary() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .approve("b", NET)
                .expectPrimary(NET, "a")
                .expectQuiet()
                .expectNothingWritten();
    }

    @Test
    void headscale1706AnUnapprovedRouteIsNeverElected() {
        Scenario.begin()
                .register("a")
                .connect("a")
                .advertise("a", NET)
                .expectUnserved(NET)
                .router("b", NET)
                .expectPrimary(NET, "b")
                .disconnect("b")
                .after(GRACE)
                .expectUnserved(NET);
    }

    @Test
    void headscale2896AnAutoApprovedNodeIsPrimaryInAnyOrderOfItsFirstSteps() {
        for (int order = 0; order < 4; order++) {
            Scenario scenario =
                    Scenario.begin().policy(AutoApprovalRegressionTest.ROUTERS).register("a");
            switch (order) {
                case 0 -> scenario.connect("a").advertise("a", NET);
                case 1 -> scenario.advertise("a", NET).connect("a");
                case 2 -> scenario.together(s -> s.connect("a").advertise("a", NET));
                default -> scenario.connect("a").advertise("a", NET).connect("a");
            }
            scenario.expectPrimary(NET, "a");
        }
    }

    @Test
    void headscale3203AllRoutersGoAndTheOneThatReturnsServes() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .together(s -> s.disconnect("a").disconnect("b"))
                .after(GRACE)
                .expectUnserved(NET)
                .connect("b")
                .expectPrimary(NET, "b");
    }

    @Test
    void headscale3203AnUnhealthyRouterThatReturnsServesToo() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .together(s -> s.disconnect("a").disconnect("b"))
                .after(GRACE)
                .expectUnserved(NET)
                .together(s -> s.connect("b").unhealthy("b"))
                .expectPrimary(NET, "b");
    }

    @Test
    void headscale3224ALateDisconnectOfAnOldSessionChangesNothing() {
        Scenario.begin()
                .router("a", NET)
                .connect("a")
                .disconnectOld("a")
                .expectIgnored()
                .expectLiveness("a", Liveness.ONLINE)
                .after(GRACE.multipliedBy(2))
                .expectPrimary(NET, "a");
    }

    @Test
    void headscale3327ADeletedNodeIsNoPrimary() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .remove("a")
                .expectPrimary(NET, "b")
                .remove("b")
                .expectUnserved(NET);
    }

    @Test
    void headscale3327ANumberThatIsUsedAgainInheritsNothing() {
        Scenario scenario = Scenario.begin().router("a", NET);
        dev.wayleave.mesh.Node facts = scenario.node("a").facts();
        scenario.run(new Command.RemoveNode(facts.id()), new Command.RegisterNode(facts));
        scenario.expectUnserved(NET).expectApproved("a").expectLiveness("a", Liveness.OFFLINE);
    }

    @Test
    void headscale2743AnOfflineNodeServesNothing() {
        Scenario.begin().router("a", NET).disconnect("a").after(GRACE).expectUnserved(NET);
    }

    @Test
    void headscale3129OneHiccupOfTheStreamMovesNothing() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .forgetEvents()
                .disconnect("a")
                .after(Duration.ofSeconds(2))
                .connect("a")
                .after(Duration.ofMinutes(2))
                .expectNoMove()
                .expectPrimary(NET, "a");
    }

    @Test
    void headscale3020AnApprovedSoleAdvertiserServes() {
        Scenario.begin()
                .register("a")
                .approve("a", NET)
                .connect("a")
                .expectUnserved(NET)
                .advertise("a", NET)
                .expectPrimary(NET, "a");
    }

    @Test
    void headscale1436TheSilenceLimitSaysHowFastASilentRouterIsNoticed() {
        Scenario.of(RoutingSettings.builder()
                        .silenceLimit(Duration.ofSeconds(3))
                        .grace(Duration.ZERO)
                        .build())
                .router("a", NET)
                .router("b", NET)
                .run(new Command.PassTime())
                .together(s -> s.keepAlive("a").keepAlive("b"))
                .fallSilent("a")
                .sleep(Duration.ofSeconds(2))
                .keepAlive("b")
                .sleep(Duration.ofSeconds(1))
                .expectPrimary(NET, "b");
    }

    @Test
    void headscale2129AHalfOpenConnectionIsNoticedInSecondsNotInSixteenMinutes() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .fallSilent("a")
                .after(Duration.ofSeconds(130).plus(GRACE))
                .expectPrimary(NET, "b");
    }

    @Test
    void headscale2940TheLossOfANodeIsNoticedAsSoonAsTheSilenceLimitSays() {
        Duration limit = Duration.ofSeconds(20);
        Scenario.of(RoutingSettings.builder().silenceLimit(limit).build())
                .router("a", NET)
                .fallSilent("a")
                .after(limit.plus(GRACE).minusMillis(1))
                .expectPrimary(NET, "a")
                .after(Duration.ofMillis(1))
                .expectUnserved(NET);
    }

    @Test
    void aNodeWhoseHostSendsNoKeepAlivesStaysUntilItIsDisconnected() {
        Scenario.of(RoutingSettings.builder().withoutSilenceLimit().build())
                .router("a", NET)
                .fallSilent("a")
                .after(Duration.ofMinutes(16))
                .expectPrimary(NET, "a");
    }

    @Test
    void headscale2902Headscale3194ALiveRouterThatForwardsNothingLosesItsRoutes() {
        Scenario.begin()
                .router("a", NET, OTHER)
                .router("b", NET)
                .unhealthy("a")
                .expectPrimary(NET, "b")
                .expectPrimary(OTHER, "a")
                .healthy("a")
                .expectPrimary(NET, "b");
    }

    @Test
    void headscale3194AReportFromAnEarlierSessionSaysNothingOfThisOne() {
        Scenario scenario = Scenario.begin().router("a", NET).router("b", NET);
        SessionId old = scenario.node("a").session().orElseThrow();
        scenario.connect("a")
                .run(new Command.ReportHealth(scenario.id("a"), null, Health.UNHEALTHY, old))
                .expectIgnored()
                .expectPrimary(NET, "a");
    }

    @Test
    void headscale1075RevokingAndApprovingTouchesThePrefixAtOnce() {
        Scenario scenario = Scenario.begin().router("a", NET).revoke("a", NET);
        assertThat(scenario.last().touched().nodes()).containsExactly(scenario.id("a"));
        assertThat(scenario.last().touched().prefixes()).containsExactly(Prefix.parse(NET));
        scenario.expectUnserved(NET).approve("a", NET).expectPrimary(NET, "a");
        assertThat(scenario.last().touched().prefixes()).containsExactly(Prefix.parse(NET));
    }

    @Test
    void tailscale16357ARouterThatIsCutOffFromOneDestinationLosesThatOneOnly() {
        Scenario.begin()
                .router("a", NET, OTHER)
                .router("b", NET, OTHER)
                .unhealthy("a", OTHER)
                .expectPrimary(NET, "a")
                .expectPrimary(OTHER, "b");
    }

    @Test
    void tailscale3892ANodeThatStoppedAdvertisingIsNotPicked() {
        Scenario.begin()
                .router("a", NET)
                .advertise("a")
                .expectApproved("a", NET)
                .router("b", NET)
                .expectPrimary(NET, "b")
                .disconnect("b")
                .after(GRACE)
                .expectUnserved(NET);
    }

    @Test
    void tailscale2430TheOldestRouterIsNotUsedWhileItIsDown() {
        Scenario.begin()
                .router("oldest", NET)
                .router("younger", NET)
                .disconnect("oldest")
                .after(GRACE)
                .expectPrimary(NET, "younger")
                .disconnect("younger")
                .after(GRACE)
                .expectUnserved(NET)
                .connect("younger")
                .expectPrimary(NET, "younger");
    }

    @Test
    void tailscale4532TheRoutesOfARouterThatIsOfflineAreWithdrawn() {
        Scenario scenario = Scenario.begin().router("a", NET).disconnect("a").after(GRACE);
        scenario.expectUnserved(NET)
                .expectEvent(RouteEvent.PrefixUnserved.class)
                .expectEffective("a", NET);
    }

    @Test
    void tailscale4532UnderKeepLastTheRoutesAreKept() {
        Scenario.of(RoutingSettings.TAILSCALE)
                .router("a", NET)
                .disconnect("a")
                .after(GRACE)
                .expectKept(NET, "a")
                .expectEvent(RouteEvent.PrimaryKept.class)
                .connect("a")
                .expectPrimary(NET, "a");
    }

    @Test
    void tailscale299ADeploymentOfTheControlPlaneMovesNothing() {
        Scenario scenario = Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .disconnect("a")
                .after(GRACE)
                .connect("a")
                .forgetEvents();
        for (int deployment = 0; deployment < 5; deployment++) {
            scenario.restart()
                    .after(Duration.ofSeconds(20))
                    .connect("a")
                    .after(Duration.ofSeconds(20))
                    .connect("b")
                    .after(Duration.ofMinutes(3));
        }
        scenario.expectNoMove().expectPrimary(NET, "b");
    }

    @Test
    void netbird1263TheRouteMovesWhenTheActivePeerGoesDown() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .router("c", NET)
                .disconnect("a")
                .after(GRACE)
                .expectPrimary(NET, "b")
                .disconnect("b")
                .after(GRACE)
                .expectPrimary(NET, "c");
    }

    @Test
    void netbird2150CoLocatedPeersDoNotFlap() {
        Scenario scenario = Scenario.begin().router("a", NET).router("b", NET).forgetEvents();
        for (int minute = 0; minute < 30; minute++) {
            scenario.disconnect("a").after(Duration.ofSeconds(5)).connect("a").after(Duration.ofSeconds(55));
        }
        scenario.expectNoMove();
    }

    @Test
    void zerotier1737AManagedRouteGoesWithItsGateway() {
        Scenario.begin()
                .router("gateway", NET)
                .fallSilent("gateway")
                .after(Duration.ofSeconds(145))
                .expectUnserved(NET);
    }

    @Test
    void nebula1445FailoverFollowsTheOrderOfThePriorities() {
        Scenario scenario = Scenario.begin().register("a").register("b").register("c");
        scenario.settings(settings -> settings.priority(scenario.id("c"), 30).priority(scenario.id("b"), 20))
                .together(s -> s.router("a", NET).router("b", NET).router("c", NET))
                .expectPrimary(NET, "c")
                .disconnect("c")
                .after(GRACE)
                .expectPrimary(NET, "b")
                .disconnect("b")
                .after(GRACE)
                .expectPrimary(NET, "a");
    }

    @Test
    void headscaleStuckStateAnUnhealthyStandbyServesWhenNoOtherRouterIsLeft() {
        Scenario.of(RoutingSettings.HEADSCALE)
                .router("a", NET)
                .router("b", NET)
                .unhealthy("b")
                .expectPrimary(NET, "a")
                .disconnect("a")
                .after(Duration.ofSeconds(10))
                .expectPrimary(NET, "b");
    }
}
