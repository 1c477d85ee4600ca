package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.FailBack;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What time does: grace, silence, ephemeral nodes, drains, fail-back, keys, restarts. */
class RoutingTimeTest {

    private static final String NET = "10.0.0.0/8";
    private static final Duration GRACE = RoutingSettings.DEFAULT.grace();

    @Test
    void timeGoingBackIsHarmless() {
        Scenario scenario = Scenario.begin().router("a", NET);
        Step back = Routing.step(scenario.state(), List.of(), scenario.now().minusSeconds(1_000));
        assertThat(back.next().now()).isEqualTo(scenario.now());
        assertThat(back.events()).isEmpty();
    }

    @Test
    void theEndsOfTimeAreTimes() {
        RoutingState state = Scenario.begin().router("a", NET).state();
        RoutingState end = Routing.step(state, List.of(), Instant.MAX).next();
        assertThat(end.primary(Prefix.parse(NET))).isEmpty();
        assertThat(Routing.step(end, List.of(), Instant.MIN).events()).isEmpty();
    }

    @Test
    void timeIsCutToWholeMilliseconds() {
        RoutingState state = Scenario.begin().state();
        Instant fine = Scenario.START.plusNanos(1_999_999);
        assertThat(Routing.step(state, List.of(), fine).next().now()).isEqualTo(Scenario.START.plusMillis(1));
    }

    @Test
    void aGraceEndsAtItsDeadlineAndNotBefore() {
        Scenario scenario = Scenario.begin().router("a", NET).disconnect("a");
        assertThat(scenario.state().nextDeadline()).contains(scenario.now().plus(GRACE));
        scenario.sleep(GRACE.minusMillis(1))
                .expectLiveness("a", Liveness.GRACE)
                .sleep(Duration.ofMillis(1))
                .expectLiveness("a", Liveness.OFFLINE);
        assertThat(scenario.state().nextDeadline()).isEmpty();
    }

    @Test
    void aNodeInGraceKeepsWhatItHasAndGetsNothingNew() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET, "10.1.0.0/16")
                .together(s -> s.disconnect("a").disconnect("b"))
                .expectPrimary(NET, "a")
                .router("c", "10.1.0.0/16")
                .expectPrimary("10.1.0.0/16", "b")
                .remove("a")
                .expectPrimary(NET, "b");
    }

    @Test
    void silenceCountsFromWhenTheNodeWasLastHeard() {
        Scenario scenario = Scenario.begin().router("a", NET).fallSilent("a");
        Instant heard = scenario.now();
        assertThat(scenario.state().nextDeadline()).contains(heard.plusSeconds(130));
        scenario.sleep(Duration.ofSeconds(131));
        assertThat(scenario.node("a").graceUntil()).contains(heard.plusSeconds(145));
    }

    @Test
    void aKeepAliveThatWasHeardBeforeALateStepCounts() {
        Scenario scenario = Scenario.begin().router("a", NET);
        Instant late = scenario.now().plusSeconds(1_000);
        SessionId session = scenario.node("a").session().orElseThrow();
        Command heard = new Command.KeepAlive(scenario.id("a"), session, late.minusSeconds(10));
        RoutingState state = Routing.step(scenario.state(), List.of(Submission.of(new Actor("host"), heard)), late)
                .next();
        assertThat(state.node(scenario.id("a")).orElseThrow().liveness()).isEqualTo(Liveness.ONLINE);
        assertThat(state.lastHeard(scenario.id("a"))).contains(late.minusSeconds(10));
    }

    @Test
    void aSessionThatIsEndedAfterItsSilenceWasDownSinceThen() {
        Scenario scenario = Scenario.begin().router("a", NET).router("b", NET).fallSilent("a");
        SessionId session = scenario.node("a").session().orElseThrow();
        Instant late = scenario.now().plusSeconds(146);
        Step step = Routing.step(
                scenario.state(),
                List.of(Submission.of(
                        new Actor("host"),
                        new Command.DisconnectSession(scenario.id("a"), session),
                        new Command.KeepAlive(
                                scenario.id("b"), scenario.node("b").session().orElseThrow()))),
                late);
        assertThat(step.next().node(scenario.id("a")).orElseThrow().liveness()).isEqualTo(Liveness.OFFLINE);
        assertThat(step.next().primary(Prefix.parse(NET))).contains(scenario.id("b"));
    }

    @Test
    void anEphemeralNodeGoesAfterItsIdleTimeAndNeverWhileConnected() {
        Scenario.begin()
                .register("a", node -> node.ephemeral(true))
                .connect("a")
                .after(Duration.ofHours(3))
                .expectLiveness("a", Liveness.ONLINE)
                .disconnect("a")
                .after(Duration.ofMinutes(30).minusMillis(1))
                .expectLiveness("a", Liveness.OFFLINE)
                .after(Duration.ofMillis(1))
                .expectGone("a")
                .expectEvent(RouteEvent.NodeRemoved.class);
    }

    @Test
    void aDrainHandsOverAndNothingIsTakenBack() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .drain("a")
                .expectEvent(RouteEvent.DrainStarted.class)
                .expectPrimary(NET, "b")
                .undrain("a")
                .expectEvent(RouteEvent.DrainEnded.class)
                .expectPrimary(NET, "b");
    }

    @Test
    void aDrainThatWouldLeaveAPrefixIsRefusedAndNamesIt() {
        Scenario scenario = Scenario.begin()
                .router("a", NET, "10.1.0.0/16")
                .router("b", NET)
                .drain("a")
                .expectRefused();
        SubmissionResult.Refused refused =
                (SubmissionResult.Refused) scenario.last().results().get(0);
        assertThat(refused.problems())
                .containsExactly(new Problem.DrainLeavesPrefixes(
                        0, scenario.id("a"), new java.util.TreeSet<>(List.of(Prefix.parse("10.1.0.0/16")))));
        assertThat(refused.problems().get(0).text(Names.NUMBERS))
                .contains("`10.1.0.0/16`")
                .contains("force");
        scenario.expectPrimary(NET, "a")
                .drain("a", Duration.ofMinutes(1), true)
                .expectPrimary(NET, "b")
                .expectPrimary("10.1.0.0/16", "a");
    }

    @Test
    void aRouterThatIsAloneCannotBeDrainedBeforeItsGraceIsOver() {
        Scenario scenario = Scenario.begin().router("a", NET).disconnect("a");
        Submission drain = Submission.of(new Actor("host"), new Command.DrainNode(scenario.id("a")));
        Instant over = scenario.now().plus(GRACE);

        assertThat(Routing.step(scenario.state(), List.of(drain), over.minusMillis(1))
                        .results())
                .hasOnlyElementsOfType(SubmissionResult.Refused.class);
        assertThat(Routing.step(scenario.state(), List.of(drain), over).results())
                .containsExactly(SubmissionResult.accepted());
    }

    @Test
    void aDrainedRouterMayBeDrainedLongerUnlessItCarriesForWantOfAnother() {
        Scenario scenario = Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .drain("a", Duration.ofMinutes(5), false)
                .drain("b", Duration.ofMinutes(5), true)
                .expectPrimary(NET, "b");
        scenario.drain("a", Duration.ofMinutes(9), false).expectAccepted();
        scenario.drain("b", Duration.ofMinutes(9), false).expectRefused();
    }

    @Test
    void theSecondOfTwoDrainsInOneStepIsRefusedIfNoOtherRouterIsLeft() {
        Scenario scenario = Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .together(s -> s.drain("a").drain("b"));
        assertThat(scenario.last().results())
                .containsExactly(
                        SubmissionResult.accepted(),
                        new SubmissionResult.Refused(List.of(new Problem.DrainLeavesPrefixes(
                                0, scenario.id("b"), new java.util.TreeSet<>(List.of(Prefix.parse(NET)))))));
        scenario.expectPrimary(NET, "b");
    }

    @Test
    void aStandbyWhoseSessionIsDownAllowsNoDrain() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .disconnect("b")
                .drain("a")
                .expectRefused()
                .expectPrimary(NET, "a");
    }

    @Test
    void aPrimaryInItsGraceIsNoReasonToDrainItsStandby() {
        Scenario scenario = Scenario.begin().router("a", NET).router("b", NET).disconnect("a");
        Step late = Routing.step(
                scenario.state(),
                List.of(Submission.of(new Actor("admin"), new Command.DrainNode(scenario.id("b")))),
                scenario.now().plus(GRACE));
        assertThat(late.results().get(0)).isInstanceOf(SubmissionResult.Refused.class);
        scenario.drain("b").expectRefused();
    }

    @Test
    void aSilenceLimitCountsFromWhenItIsSetOrLowered() {
        for (RoutingSettings before : List.of(
                RoutingSettings.builder().withoutSilenceLimit().build(),
                RoutingSettings.builder().silenceLimit(Duration.ofMinutes(10)).build())) {
            Scenario scenario = Scenario.of(before)
                    .router("a", NET)
                    .fallSilent("a")
                    .sleep(Duration.ofMinutes(5))
                    .settings(settings -> settings.silenceLimit(Duration.ofMinutes(1)))
                    .expectLiveness("a", Liveness.ONLINE)
                    .sleep(Duration.ofMinutes(1).minusMillis(1))
                    .expectLiveness("a", Liveness.ONLINE)
                    .sleep(Duration.ofMillis(1))
                    .expectLiveness("a", Liveness.GRACE);
            assertThat(scenario.node("a").graceUntil()).contains(scenario.now().plus(GRACE));
        }
    }

    @Test
    void aHigherSilenceLimitForgetsNoSilence() {
        Scenario.begin()
                .router("a", NET)
                .fallSilent("a")
                .sleep(Duration.ofSeconds(100))
                .settings(settings -> settings.silenceLimit(Duration.ofSeconds(200)))
                .sleep(Duration.ofSeconds(100))
                .expectLiveness("a", Liveness.GRACE);
    }

    @Test
    void aNodeThatIsRemovedAndRegisteredInOneStepIsReportedAsOnlineAndElected() {
        Scenario scenario = Scenario.begin().router("a", NET);
        dev.wayleave.mesh.Node facts = scenario.node("a").facts();
        scenario.forgetEvents()
                .run(
                        new Command.RemoveNode(facts.id()),
                        new Command.RegisterNode(facts),
                        new Command.ConnectSession(facts.id(), new SessionId("again")),
                        new Command.AdvertiseRoutes(facts.id(), List.of(Prefix.parse(NET))),
                        new Command.SetApprovedRoutes(facts.id(), List.of(Prefix.parse(NET))))
                .expectPrimary(NET, "a")
                .expectEvent(RouteEvent.NodeRemoved.class)
                .expectEvent(RouteEvent.NodeOnline.class)
                .expectEvent(RouteEvent.PrimaryElected.class);
    }

    @Test
    void aNodeThatTakesItsPrioritiesAlongChangesTheSettings() {
        Scenario scenario = Scenario.begin().router("a", NET);
        scenario.settings(settings -> settings.priority(scenario.id("a"), 5))
                .forgetEvents()
                .remove("a")
                .expectEvent(RouteEvent.SettingsChanged.class);
        Scenario.begin().router("a", NET).forgetEvents().remove("a").expectNoEvent(RouteEvent.SettingsChanged.class);
    }

    @Test
    void anEphemeralNodeThatGoesTakesItsPrioritiesAlong() {
        Scenario scenario = Scenario.begin().register("a", node -> node.ephemeral(true));
        scenario.settings(settings -> settings.priority(scenario.id("a"), Prefix.parse(NET), 5))
                .after(Duration.ofMinutes(30))
                .expectGone("a")
                .expectEvent(RouteEvent.SettingsChanged.class);
        assertThat(scenario.state().settings().routePriorities()).isEmpty();
    }

    @Test
    void onlyARouterOfSubnetsIsRememberedAsACandidate() {
        Scenario scenario = Scenario.begin()
                .router("exit", "0.0.0.0/0")
                .router("both", "0.0.0.0/0", "fd00::/64")
                .router("four", "0.0.0.0/0", NET)
                .register("none");
        assertThat(scenario.stored().nodes().stream()
                        .filter(NodeRow::candidate)
                        .map(row -> row.facts().name()))
                .containsExactly("both", "four");
    }

    @Test
    void holdersAreListedInTheOrderOfTheirNumbers() {
        Scenario scenario = Scenario.begin()
                .register("a")
                .register("b")
                .register("c")
                .together(s -> s.advertise("a", NET).advertise("b", NET).advertise("c", NET))
                .approve("b", NET)
                .approve("c", NET)
                .approve("a", NET);
        assertThat(scenario.state().route(Prefix.parse(NET)).orElseThrow().holders())
                .containsExactly(scenario.id("a"), scenario.id("b"), scenario.id("c"));
    }

    @Test
    void aNodeWithAnotherDateStandsWithIt() {
        Instant earlier = Scenario.START.minusSeconds(60);
        Scenario scenario =
                Scenario.begin().router("a", NET).router("b", NET).change("b", node -> node.registeredAt(earlier));
        assertThat(scenario.state().route(Prefix.parse(NET)).orElseThrow().candidates())
                .extracting(candidate -> candidate.registeredAt())
                .containsExactly(Scenario.START, earlier);
    }

    /** A tailnet whose first router came back, and takes its prefix back from the next one in two minutes. */
    private static Scenario failingBackTo(String first, String... others) {
        Scenario scenario = Scenario.of(RoutingSettings.builder()
                        .failBack(FailBack.after(Duration.ofMinutes(2)))
                        .withoutSilenceLimit()
                        .build())
                .router(first, NET);
        for (String other : others) {
            scenario.router(other, NET);
        }
        return scenario.disconnect(first).sleep(GRACE).connect(first);
    }

    @Test
    void aPrefixThatNoNodeHoldsAnyLongerIsNotDue() {
        Scenario scenario = failingBackTo("a", "b");
        assertThat(scenario.state().nextDeadline()).isPresent();
        scenario.together(s -> s.revoke("a", NET).revoke("b", NET));
        assertThat(scenario.state().nextDeadline()).isEmpty();
    }

    @Test
    void aPrefixThatLosesAStandbyFailsBackAtTheSameTime() {
        Scenario scenario = failingBackTo("a", "b", "c");
        Instant failBack = scenario.now().plus(Duration.ofMinutes(2));

        scenario.revoke("c", NET);

        assertThat(scenario.state().nextDeadline()).contains(failBack);
        scenario.expectPrimary(NET, "b").sleep(Duration.ofMinutes(2)).expectPrimary(NET, "a");
    }

    @Test
    void aLastPrimaryThatLosesItsApprovalIsNotKept() {
        Scenario.of(RoutingSettings.TAILSCALE)
                .router("a", NET)
                .router("b", NET)
                .together(s -> s.disconnect("a").disconnect("b"))
                .sleep(GRACE)
                .expectKept(NET, "a")
                .revoke("a", NET)
                .expectUnserved(NET);
    }

    @Test
    void stabilityAfterADrainCountsFromItsDeadlineHoweverLateTheHostIs() {
        Scenario scenario = Scenario.of(RoutingSettings.builder()
                        .failBack(FailBack.after(Duration.ofSeconds(60)))
                        .withoutSilenceLimit()
                        .build())
                .router("a", NET)
                .router("b", NET)
                .drain("a", Duration.ofSeconds(100), false)
                .expectPrimary(NET, "b");
        Instant begun = scenario.now();
        Step late = Routing.step(scenario.state(), List.of(), begun.plusSeconds(130));
        assertThat(late.next().route(Prefix.parse(NET)).orElseThrow().failsBackAt())
                .contains(begun.plusSeconds(160));
        assertThat(Routing.step(scenario.state(), List.of(), begun.plusSeconds(170))
                        .next()
                        .primary(Prefix.parse(NET)))
                .contains(scenario.id("a"));
    }

    @Test
    void aDrainEndsAtItsDeadline() {
        Scenario scenario = Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .drain("a", Duration.ofMinutes(5), false)
                .after(Duration.ofMinutes(5).minusMillis(1));
        assertThat(scenario.node("a").drain()).isPresent();
        scenario.after(Duration.ofMillis(1));
        assertThat(scenario.node("a").drain()).isEmpty();
        scenario.expectPrimary(NET, "b");
    }

    @Test
    void aDrainOutlivesARestart() {
        Scenario scenario = Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .drain("a")
                .restart()
                .connect("a")
                .connect("b");
        assertThat(scenario.node("a").drain()).isPresent();
        scenario.expectPrimary(NET, "b");
    }

    @Test
    void aPrefixFailsBackAfterItsOwnerIsStable() {
        Duration stable = Duration.ofMinutes(2);
        Scenario scenario = Scenario.of(RoutingSettings.builder()
                        .failBack(FailBack.after(stable))
                        .build())
                .router("a", NET)
                .router("b", NET)
                .disconnect("a")
                .after(GRACE)
                .expectPrimary(NET, "b")
                .connect("a");
        assertThat(scenario.state().route(Prefix.parse(NET)).orElseThrow().failsBackAt())
                .contains(scenario.now().plus(stable));
        scenario.after(stable.minusMillis(1))
                .expectPrimary(NET, "b")
                .after(Duration.ofMillis(1))
                .expectPrimary(NET, "a");
    }

    @Test
    void prefixesFailBackInTheOrderOfTheirTimes() {
        Duration stable = Duration.ofMinutes(2);
        Scenario scenario = Scenario.of(RoutingSettings.builder()
                        .failBack(FailBack.after(stable))
                        .withoutSilenceLimit()
                        .build())
                .router("a", NET, "10.1.0.0/16")
                .router("b", "10.2.0.0/16")
                .router("c", NET, "10.1.0.0/16", "10.2.0.0/16")
                .together(s -> s.disconnect("a").disconnect("b"))
                .sleep(RoutingSettings.DEFAULT.grace())
                .connect("b")
                .sleep(Duration.ofSeconds(30))
                .connect("a");
        assertThat(scenario.state().nextDeadline()).contains(scenario.now().plusSeconds(90));
        scenario.sleep(Duration.ofSeconds(90)).expectPrimary("10.2.0.0/16", "b").expectPrimary(NET, "c");
        assertThat(scenario.state().nextDeadline()).contains(scenario.now().plusSeconds(30));
        scenario.sleep(Duration.ofSeconds(30)).expectPrimary(NET, "a").expectPrimary("10.1.0.0/16", "a");
        assertThat(scenario.state().nextDeadline()).isEmpty();
    }

    @Test
    void aRouterThatFlapsIsNotStable() {
        Scenario scenario = Scenario.of(RoutingSettings.builder()
                        .failBack(FailBack.after(Duration.ofMinutes(2)))
                        .build())
                .router("a", NET)
                .router("b", NET)
                .disconnect("a")
                .after(GRACE);
        for (int minute = 0; minute < 5; minute++) {
            scenario.connect("a").after(Duration.ofSeconds(100)).disconnect("a").after(Duration.ofSeconds(5));
        }
        scenario.connect("a").expectPrimary(NET, "b");
    }

    @Test
    void anExpiredKeyGivesThePrefixToAnyOtherCandidate() {
        Scenario scenario = Scenario.begin()
                .register("a", node -> node.keyExpiry(Scenario.START.plusSeconds(60)))
                .connect("a")
                .advertise("a", NET)
                .approve("a", NET)
                .router("b", NET)
                .expectPrimary(NET, "a")
                .after(Duration.ofSeconds(60))
                .expectPrimary(NET, "b");
        assertThat(scenario.node("a").isKeyExpired()).isTrue();
        scenario.change("a", node -> node.keyExpiry(null))
                .disconnect("b")
                .after(GRACE)
                .expectPrimary(NET, "a");
    }

    @Test
    void aRestartOfAllNodesMovesNothingUntilItsGraceIsOver() {
        Scenario.begin()
                .router("a", NET)
                .router("b", NET)
                .restart()
                .connect("b")
                .expectPrimary(NET, "a")
                .after(Duration.ofSeconds(59))
                .expectPrimary(NET, "a")
                .after(Duration.ofSeconds(1))
                .expectPrimary(NET, "b");
    }

    @Test
    void aKeepAliveWritesNothingAndChangesNoView() {
        Scenario.begin()
                .router("a", NET)
                .sleep(Duration.ofSeconds(1))
                .keepAlive("a")
                .expectQuiet()
                .expectNothingWritten();
    }

    @Test
    void aLaptopComingAndGoingWritesNothing() {
        Scenario.begin()
                .register("laptop")
                .connect("laptop")
                .expectNothingWritten()
                .disconnect("laptop")
                .expectNothingWritten()
                .after(GRACE)
                .expectNothingWritten();
    }
}
