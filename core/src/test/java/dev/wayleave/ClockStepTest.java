package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.FailBack;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's wall clock is set to another time: timers move along, dates stay. */
class ClockStepTest {

    private static final String NET = "10.0.0.0/8";
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Actor CLOCK = new Actor("clock");

    private final Scenario scenario = Scenario.begin();

    private static Submission stepBy(Duration by) {
        return Submission.of(CLOCK, new Command.StepClock(by));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void aRouterThatLivesKeepsWhatItHas(Duration by) {
        scenario.router("a", NET)
                .router("b", NET)
                .after(Duration.ofSeconds(100))
                .stepClock(by)
                .expectPrimary(NET, "a")
                .after(HOUR)
                .expectPrimary(NET, "a")
                .expectNoEvent(RouteEvent.NodeInGrace.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void aRouterThatDiesAfterTheStepFailsOverWithinItsGrace(Duration by) {
        scenario.router("a", NET)
                .router("b", NET)
                .stepClock(by)
                .disconnect("a")
                .after(Duration.ofMillis(14_999))
                .expectPrimary(NET, "a")
                .after(Duration.ofMillis(1))
                .expectPrimary(NET, "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void aGraceThatRunsHasAsMuchTimeLeftAfterTheStepAsBefore(Duration by) {
        scenario.router("a", NET)
                .router("b", NET)
                .disconnect("a")
                .after(Duration.ofSeconds(5))
                .stepClock(by)
                .after(Duration.ofMillis(9_999))
                .expectPrimary(NET, "a")
                .after(Duration.ofMillis(1))
                .expectPrimary(NET, "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void aSilenceThatRunsHasAsMuchTimeLeftAfterTheStepAsBefore(Duration by) {
        scenario.router("a", NET)
                .router("b", NET)
                .fallSilent("a")
                .after(SECOND.multipliedBy(100))
                .stepClock(by)
                .after(Duration.ofMillis(29_999))
                .expectLiveness("a", Liveness.ONLINE)
                .after(Duration.ofMillis(1))
                .expectLiveness("a", Liveness.GRACE)
                .after(Duration.ofSeconds(15))
                .expectPrimary(NET, "b");
    }

    @Test
    void oneHourAheadAndBackLeavesNoDeadRouterPrimary() {
        scenario.router("a", NET).router("b", NET).stepClock(HOUR).after(SECOND).disconnect("a");
        scenario.after(SECOND).stepClock(HOUR.negated());
        scenario.after(Duration.ofSeconds(14)).expectPrimary(NET, "b");
    }

    @Test
    void withoutTheCommandADeadRouterStaysPrimaryUntilTheClockHasCaughtUp() {
        scenario.router("a", NET).router("b", NET);
        RoutingState ahead = Routing.step(scenario.state(), List.of(), Scenario.START.plusSeconds(120))
                .next();
        RoutingState dead = Routing.step(
                        ahead,
                        List.of(Submission.of(
                                CLOCK,
                                new Command.DisconnectSession(
                                        scenario.id("a"),
                                        scenario.node("a").session().orElseThrow()))),
                        Scenario.START)
                .next();
        RoutingState later =
                Routing.step(dead, List.of(), Scenario.START.plusSeconds(60)).next();
        assertThat(later.primary(Prefix.parse(NET))).contains(scenario.id("a"));
    }

    @Test
    void theTimeOfTheStateGoesBackWithTheClock() {
        scenario.after(HOUR).stepClock(HOUR.negated());
        assertThat(scenario.state().now()).isEqualTo(Scenario.START);
        scenario.after(SECOND);
        assertThat(scenario.state().now()).isEqualTo(Scenario.START.plus(SECOND));
    }

    @Test
    void timeThatPassedBesideTheStepCounts() {
        scenario.router("a", NET).router("b", NET).disconnect("a");
        Step step = Routing.step(
                scenario.state(),
                List.of(stepBy(HOUR)),
                Scenario.START.plus(HOUR).plusSeconds(15));
        assertThat(step.next().primary(Prefix.parse(NET))).contains(scenario.id("b"));
    }

    @Test
    void theRestartGraceMovesAlong() {
        scenario.router("a", NET).router("b", NET).restart().stepClock(HOUR);
        Duration grace = RoutingSettings.DEFAULT.restartGrace();
        scenario.connect("b")
                .after(grace.minusMillis(1))
                .expectPrimary(NET, "a")
                .after(Duration.ofMillis(1))
                .expectPrimary(NET, "b");
    }

    @Test
    void stabilityBeforeAFailBackMovesAlong() {
        scenario.settings(settings -> settings.failBack(FailBack.after(Duration.ofSeconds(60))))
                .router("a", NET)
                .router("b", NET)
                .disconnect("a")
                .after(Duration.ofSeconds(15))
                .connect("a")
                .after(Duration.ofSeconds(30))
                .stepClock(HOUR.negated())
                .after(Duration.ofMillis(29_999))
                .expectPrimary(NET, "b")
                .after(Duration.ofMillis(1))
                .expectPrimary(NET, "a");
    }

    @Test
    void anEphemeralNodeIsIdleForNoLongerThanItWas() {
        Duration idle = RoutingSettings.DEFAULT.ephemeralIdle();
        scenario.register("a", node -> node.ephemeral(true))
                .connect("a")
                .disconnect("a")
                .after(SECOND)
                .stepClock(Duration.ofDays(1))
                .after(idle.minusSeconds(2))
                .expectLiveness("a", Liveness.OFFLINE)
                .after(SECOND)
                .expectGone("a");
    }

    @Test
    void aKeyExpiresByTheNewClock() {
        Instant expiry = Scenario.START.plus(HOUR);
        scenario.router("a", NET).router("b", NET).change("a", node -> node.keyExpiry(expiry));
        scenario.stepClock(HOUR.minusSeconds(1))
                .expectPrimary(NET, "a")
                .stepClock(SECOND)
                .expectPrimary(NET, "b");
    }

    @Test
    void aKeyThatExpiredOnlyByAClockThatWasAheadIsValidAgain() {
        Instant expiry = Scenario.START.plus(HOUR);
        scenario.router("a", NET).change("a", node -> node.keyExpiry(expiry));
        scenario.stepClock(HOUR);
        assertThat(scenario.node("a").isKeyExpired()).isTrue();
        scenario.stepClock(HOUR.negated());
        assertThat(scenario.node("a").isKeyExpired()).isFalse();
        assertThat(scenario.state().nextDeadline().orElseThrow()).isBefore(expiry);
        scenario.after(HOUR);
        assertThat(scenario.node("a").isKeyExpired()).isTrue();
    }

    @Test
    void aDrainEndsAtItsDate() {
        scenario.router("a", NET).router("b", NET).drain("a", Duration.ofMinutes(10), false);
        scenario.stepClock(Duration.ofMinutes(9));
        assertThat(scenario.node("a").drain()).isPresent();
        scenario.after(Duration.ofMinutes(1));
        assertThat(scenario.node("a").drain()).isEmpty();
    }

    @Test
    void stampsStay() {
        scenario.router("a", NET);
        var approved = scenario.node("a").approvals();
        scenario.stepClock(HOUR.negated());
        assertThat(scenario.node("a").approvals()).isEqualTo(approved);
    }

    @Test
    void aStepIsAnEventAndWritesNoRowWhereEveryRouterHasASession() {
        scenario.router("a", NET)
                .register("laptop")
                .connect("laptop")
                .disconnect("laptop")
                .forgetEvents()
                .stepClock(HOUR);
        assertThat(scenario.events())
                .containsExactly(new RouteEvent.ClockStepped(new Origin(new Actor("administrator"), null), HOUR));
        scenario.expectNothingWritten();
        assertThat(scenario.last().touched().isEmpty()).isTrue();
    }

    @Test
    void aStepWritesSinceWhenRoutersAndEphemeralNodesHaveNoSession() {
        scenario.router("a", NET)
                .router("b", NET)
                .register("job", node -> node.ephemeral(true))
                .disconnect("b")
                .stepClock(HOUR);

        Instant began = Scenario.START.plus(HOUR);
        assertThat(scenario.last().rowChanges().nodes().upserts())
                .extracting(row -> row.facts().name(), row -> row.absence().orElseThrow())
                .containsExactly(
                        tuple("b", new Absence(began, began.plusSeconds(15))), tuple("job", new Absence(began, null)));
        assertThat(scenario.last().rowChanges().routes().isEmpty()).isTrue();
        assertThat(scenario.last().touched().isEmpty()).isTrue();
    }

    @Test
    void aStepOfLessThanAMillisecondIsNone() {
        scenario.stepClock(Duration.ofNanos(999_999)).expectAccepted().expectQuiet();
    }

    @Test
    void aKeepAliveThatStandsBeforeTheStepMovesAlong() {
        scenario.router("a", NET).after(SECOND.multipliedBy(10));
        Instant heard = scenario.now();
        Submission keepAlive = Submission.of(
                CLOCK,
                new Command.KeepAlive(
                        scenario.id("a"), scenario.node("a").session().orElseThrow(), heard.plusSeconds(1)));
        Instant newNow = heard.plusSeconds(2).minus(HOUR);

        Step before = Routing.step(scenario.state(), List.of(keepAlive, stepBy(HOUR.negated())), newNow);
        Step after = Routing.step(scenario.state(), List.of(stepBy(HOUR.negated()), keepAlive), newNow);

        assertThat(before.next().lastHeard(scenario.id("a")))
                .contains(heard.plusSeconds(1).minus(HOUR));
        assertThat(after.next().lastHeard(scenario.id("a"))).contains(newNow);
    }

    @Test
    void aSubmissionBesideTheStepIsDecidedOnTheNewClockWhereverItStands() {
        scenario.router("a", NET).router("b", NET);
        Submission disconnect = Submission.of(
                CLOCK,
                new Command.DisconnectSession(
                        scenario.id("a"), scenario.node("a").session().orElseThrow()));
        Instant now = Scenario.START.plus(HOUR);
        for (List<Submission> order : List.of(List.of(disconnect, stepBy(HOUR)), List.of(stepBy(HOUR), disconnect))) {
            Step step = Routing.step(scenario.state(), order, now);
            assertThat(step.next().node(scenario.id("a")).orElseThrow().graceUntil())
                    .contains(now.plusSeconds(15));
            assertThat(step.results()).containsExactly(SubmissionResult.accepted(), SubmissionResult.accepted());
        }
    }

    @Test
    void twoStepsInOneAddUp() {
        scenario.router("a", NET);
        Step step = Routing.step(
                scenario.state(), List.of(stepBy(HOUR), stepBy(HOUR.negated()), stepBy(SECOND)), Scenario.START);
        assertThat(step.next().now()).isEqualTo(Scenario.START.plus(SECOND));
        assertThat(step.events()).hasSize(3).allMatch(RouteEvent.ClockStepped.class::isInstance);
    }

    @Test
    void aStepWithOtherCommandsIsRefusedAndMovesNothing() {
        scenario.router("a", NET);
        Instant before = scenario.now();
        scenario.run(new Command.PassTime(), new Command.StepClock(HOUR)).expectRefused();
        assertThat(scenario.last().results())
                .containsExactly(new SubmissionResult.Refused(List.of(new Problem.ClockStepNotAlone(1))));
        assertThat(scenario.state().now()).isEqualTo(before);
    }

    @Test
    void anAbsurdStepIsRefusedAndMovesNothing() {
        for (Duration by : List.of(
                Command.StepClock.MOST.plusMillis(1),
                Command.StepClock.MOST.plusMillis(1).negated(),
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE + 1),
                // has no absolute value
                Duration.ofSeconds(Long.MIN_VALUE))) {
            scenario.run(new Command.StepClock(by));
            assertThat(scenario.last().results())
                    .containsExactly(new SubmissionResult.Refused(
                            List.of(new Problem.ClockStepTooLong(0, by, Command.StepClock.MOST))));
            assertThat(scenario.state().now()).isEqualTo(Scenario.START);
        }
        scenario.stepClock(Command.StepClock.MOST).expectAccepted();
        scenario.stepClock(Command.StepClock.MOST.negated()).expectAccepted();
        assertThat(scenario.state().now()).isEqualTo(Scenario.START);
    }

    @Test
    void aStateWithoutSessionsHasAClockToo() {
        scenario.router("a", NET);
        RoutingState without = RoutingState.restoreWithoutSessions(scenario.stored(), Scenario.START.plus(HOUR));
        Step step = Routing.step(without, List.of(stepBy(HOUR.negated())), Scenario.START);
        assertThat(step.next().now()).isEqualTo(Scenario.START);
        assertThat(step.next().node(scenario.id("a")).orElseThrow().liveness()).isEqualTo(Liveness.GRACE);
        assertThat(step.next().nextDeadline()).isEmpty();
    }
}
