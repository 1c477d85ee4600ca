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
 * Headscale's rules of election, connect and disconnect under the preset {@code HEADSCALE}. {@code DECISIONS.md} lists
 * the rules that are not copied; the rule of this library is tested here in place of each.
 */
class HeadscaleRulesTest {

    private static final String NET = "10.0.0.0/8";
    private static final Duration GRACE = RoutingSettings.HEADSCALE.grace();

    private static Scenario begin() {
        return Scenario.of(RoutingSettings.HEADSCALE);
    }

    @Test
    void rule1AHealthyPrimaryStays() {
        begin().router("a", NET)
                .router("b", NET)
                .drain("a")
                .undrain("a")
                .expectPrimary(NET, "b")
                .connect("a")
                .expectPrimary(NET, "b");
    }

    @Test
    void rule2TheLowestHealthyNumberIsNext() {
        begin().router("a", NET)
                .router("b", NET)
                .router("c", NET)
                .unhealthy("b")
                .disconnect("a")
                .after(GRACE)
                .expectPrimary(NET, "c");
    }

    @Test
    void rule2TheNumberGoesBeforeTheDate() {
        begin().register("a", node -> node.registeredAt(Scenario.START.plusSeconds(9)))
                .register("b", node -> node.registeredAt(Scenario.START.minusSeconds(9)))
                .together(s -> s.connect("a").connect("b").advertise("b", NET).advertise("a", NET))
                .together(s -> s.approve("b", NET).approve("a", NET))
                .expectPrimary(NET, "a");
    }

    @Test
    void rule3IfAllAreUnhealthyThePrimaryStays() {
        begin().router("a", NET)
                .router("b", NET)
                .together(s -> s.unhealthy("a").unhealthy("b"))
                .expectPrimary(NET, "a");
    }

    @Test
    void rule4IsNotCopiedARouterServesEvenIfAllAreUnhealthyAndThePrimaryIsGone() {
        begin().router("a", NET).router("b", NET).unhealthy("b").remove("a").expectPrimary(NET, "b");
    }

    @Test
    void nestedPrefixesAreElectedApart() {
        begin().router("a", "10.0.0.0/8")
                .router("b", "10.0.0.0/16")
                .expectPrimary("10.0.0.0/8", "a")
                .expectPrimary("10.0.0.0/16", "b");
    }

    @Test
    void exitRoutesAreNeverElected() {
        Scenario scenario = begin().router("a", "0.0.0.0/0", "::/0").router("b", "0.0.0.0/0", "::/0");
        assertThat(scenario.state().routes()).isEmpty();
        assertThat(scenario.state().primary(Prefix.parse("0.0.0.0/0"))).isEmpty();
        scenario.disconnect("a").after(GRACE).expectEffective("a", "0.0.0.0/0", "::/0");
    }

    @Test
    void aPrefixWithoutCandidatesForgetsItsPrimary() {
        begin().router("a", NET)
                .router("b", NET)
                .disconnect("a")
                .after(GRACE)
                .disconnect("b")
                .after(GRACE)
                .expectUnserved(NET)
                .together(s -> s.connect("b").connect("a"))
                .expectPrimary(NET, "a");
    }

    @Test
    void recoveryNeverReclaims() {
        begin().router("a", NET)
                .router("b", NET)
                .unhealthy("a")
                .expectPrimary(NET, "b")
                .healthy("a")
                .expectPrimary(NET, "b")
                .disconnect("a")
                .after(GRACE)
                .connect("a")
                .expectPrimary(NET, "b");
    }

    @Test
    void withdrawingOnThePrimaryMovesAtOnceAndAdvertisingAgainDoesNotMoveBack() {
        begin().router("a", NET)
                .router("b", NET)
                .advertise("a")
                .expectPrimary(NET, "b")
                .advertise("a", NET)
                .expectPrimary(NET, "b");
    }

    @Test
    void disapprovingOnThePrimaryMovesAtOnce() {
        begin().router("a", NET).router("b", NET).approve("a").expectPrimary(NET, "b");
    }

    @Test
    void aNodeThatReconnectsWithinOneBatchNeverLosesItsPrimary() {
        begin().router("a", NET)
                .router("b", NET)
                .together(s -> s.disconnect("a").connect("a"))
                .expectNoEvent(RouteEvent.PrimaryMoved.class)
                .expectPrimary(NET, "a");
    }

    @Test
    void twoConnectionsInOneBatchGiveTheLowestNumber() {
        begin().router("a", NET)
                .router("b", NET)
                .together(s -> s.disconnect("a").disconnect("b"))
                .after(GRACE)
                .together(s -> s.connect("b").connect("a"))
                .expectPrimary(NET, "a");
    }

    @Test
    void aConnectionMakesANodeOnlineAndHealthy() {
        begin().router("a", NET)
                .router("b", NET)
                .unhealthy("a")
                .connect("a")
                .expectLiveness("a", Liveness.ONLINE)
                .unhealthy("b")
                .expectPrimary(NET, "a");
    }

    @Test
    void aDisconnectIsNotCopiedTheMarkOfAnUnhealthyNodeOutlivesIt() {
        Scenario scenario =
                begin().router("a", NET).router("b", NET).unhealthy("a").disconnect("a");
        assertThat(scenario.node("a").health(Prefix.parse(NET))).isEqualTo(Health.UNHEALTHY);
        scenario.after(GRACE);
        assertThat(scenario.node("a").health(Prefix.parse(NET))).isEqualTo(Health.UNHEALTHY);
        scenario.connect("a");
        assertThat(scenario.node("a").health(Prefix.parse(NET))).isEqualTo(Health.HEALTHY);
    }

    @Test
    void anEmptiedApprovalListIsNotCopiedTheMarkOfAnUnhealthyNodeOutlivesIt() {
        begin().router("a", NET)
                .router("b", NET)
                .unhealthy("a")
                .approve("a")
                .approve("a", NET)
                .unhealthy("b")
                .expectPrimary(NET, "b")
                .healthy("a")
                .expectPrimary(NET, "a");
    }

    @Test
    void aMarkOnANodeWithoutRoutesIsNotDropped() {
        begin().register("a")
                .connect("a")
                .unhealthy("a")
                .advertise("a", NET)
                .approve("a", NET)
                .router("b", NET)
                .expectPrimary(NET, "b")
                .connect("a")
                .unhealthy("b")
                .expectPrimary(NET, "a");
    }

    @Test
    void anExpiredKeyIsNotCopiedItIsTheWorstReasonToBePrimary() {
        begin().register("a", node -> node.keyExpiry(Scenario.START.plus(Duration.ofHours(1))))
                .connect("a")
                .advertise("a", NET)
                .approve("a", NET)
                .router("b", NET)
                .unhealthy("b")
                .after(Duration.ofMinutes(59))
                .expectPrimary(NET, "a")
                .after(Duration.ofMinutes(1))
                .expectPrimary(NET, "b");
    }

    @Test
    void lastSeenIsNotCopiedADisconnectOfANodeThatIsNoRouterWritesNothing() {
        begin().register("laptop")
                .connect("laptop")
                .disconnect("laptop")
                .expectNothingWritten()
                .expectLiveness("laptop", Liveness.GRACE);
    }

    @Test
    void aSecondSessionKeepsTheNodeOnlineWhenTheFirstEnds() {
        begin().router("a", NET)
                .connect("a")
                .disconnectOld("a")
                .expectLiveness("a", Liveness.ONLINE)
                .after(GRACE)
                .expectPrimary(NET, "a");
    }

    @Test
    void sessionsAreNotCountedTheEndOfTheNewestOneCounts() {
        begin().router("a", NET)
                .connect("a")
                .disconnect("a")
                .expectLiveness("a", Liveness.GRACE)
                .after(GRACE)
                .expectLiveness("a", Liveness.OFFLINE);
    }

    @Test
    void aDisconnectChangesTheRoutesOfPeersAfterTenSeconds() {
        Scenario scenario = begin().router("a", NET).disconnect("a").after(Duration.ofMillis(9_999));
        scenario.expectPrimary(NET, "a").after(Duration.ofMillis(1)).expectUnserved(NET);
        assertThat(scenario.last().touched().prefixes()).containsExactly(Prefix.parse(NET));
    }

    @Test
    void aConnectionOfAnUnknownNodeChangesNothing() {
        begin().run(new Command.ConnectSession(new dev.wayleave.mesh.NodeId(9), new SessionId("s")))
                .expectIgnored()
                .expectQuiet();
    }

    @Test
    void aPureExitNodeThatGoesOfflineTouchesNoPrefix() {
        Scenario scenario = begin().router("a", "0.0.0.0/0").disconnect("a").after(GRACE);
        assertThat(scenario.last().touched().prefixes()).isEmpty();
        assertThat(scenario.last().touched().nodes()).isEmpty();
        scenario.expectNothingWritten().expectLiveness("a", Liveness.OFFLINE);
    }
}
