package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.ScriptedStore.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The wall clock of the host is set to another time, or the machine sleeps: no timer freezes, and no router is taken
 * down.
 */
class ControllerClockTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final ControllerFixture testing = new ControllerFixture();
    private final List<Duration> clockSteps = new ArrayList<>();
    private int outages;

    ControllerClockTest() {
        testing.builder.observer(new RoutingObserver() {
            @Override
            public void clockStepped(TailnetId tailnet, Duration by) {
                assertThat(tailnet).isEqualTo(TAILNET);
                clockSteps.add(by);
            }

            @Override
            public void outageBegan(TailnetId tailnet, Exception cause) {
                outages++;
            }
        });
    }

    private Node node(long node) {
        return state(node).facts();
    }

    private dev.wayleave.NodeState state(long node) {
        return testing.controller.current().state().node(new NodeId(node)).orElseThrow();
    }

    private Liveness liveness(long node) {
        return state(node).liveness();
    }

    private List<RouteEvent> events() {
        return ControllerFixture.events(testing.publications).toList();
    }

    /** Time passes, and both routers, or those that live, are heard every minute. */
    private void pass(Duration time, long... alive) {
        for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minusMinutes(1)) {
            testing.host.pass(left.compareTo(Duration.ofMinutes(1)) < 0 ? left : Duration.ofMinutes(1));
            for (long node : alive) {
                testing.done(heard(node));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void routersThatLiveKeepWhatTheyHave(Duration by) {
        testing.open().withRouters();
        pass(Duration.ofSeconds(50), 1, 2);
        int before = testing.publications.size();

        testing.host.stepClock(by);
        pass(HOUR, 1, 2);

        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(clockSteps).containsExactly(by);
        assertThat(ControllerFixture.events(testing.publications.subList(before, testing.publications.size())))
                .singleElement()
                .isInstanceOfSatisfying(RouteEvent.ClockStepped.class, event -> {
                    assertThat(event.by()).isEqualTo(by);
                    assertThat(event.actor()).contains(new Actor("clock"));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void aRouterWhoseSessionEndsAfterTheStepFailsOverWithinItsGrace(Duration by) {
        testing.open().withRouters();
        testing.host.stepClock(by);
        testing.done(disconnected(1));

        testing.host.pass(Duration.ofMillis(14_999));
        assertThat(testing.primary()).contains(new NodeId(1));
        testing.host.pass(Duration.ofMillis(1));

        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void aRouterInTheMiddleOfItsGraceFailsOverAtItsEnd(Duration by) {
        testing.open().withRouters();
        testing.done(disconnected(1));
        testing.host.pass(Duration.ofSeconds(7));
        testing.host.stepClock(by);

        testing.host.pass(Duration.ofMillis(7_999));
        assertThat(testing.primary()).contains(new NodeId(1));
        testing.host.pass(Duration.ofMillis(2)); // one for the alarm that notices the step

        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void aRouterThatFallsSilentFailsOverAfterItsSilenceAndItsGrace(Duration by) {
        testing.open().withRouters();
        pass(Duration.ofSeconds(60), 2);
        testing.host.stepClock(by);
        pass(Duration.ofSeconds(60), 2);
        assertThat(liveness(1)).isEqualTo(Liveness.ONLINE);

        pass(Duration.ofSeconds(10 + 15), 2);
        testing.host.pass(SECOND.multipliedBy(10));

        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void aKeepAliveThatArrivedBeforeTheStepAndIsTakenAfterItKeepsItsAge(Duration by) {
        testing.open().withRouters();
        testing.host.pass(Duration.ofSeconds(100));
        testing.store.down(true);
        CompletableFuture<Receipt> change = testing.submit(registered(3));
        testing.host.run();
        CompletableFuture<Receipt> receipt = testing.submit(heard(1)); // 100 s after it was heard last
        testing.host.oversleep(Duration.ofSeconds(20));

        testing.host.stepClock(by);
        testing.host.oversleep(Duration.ofSeconds(10));
        testing.submit(heard(2));
        testing.store.down(false);
        testing.host.run();

        assertThat(receipt.join().revision()).isEqualTo(change.join().revision());
        Instant now = testing.host.instant();
        var state = testing.controller.current().state();
        assertThat(state.lastHeard(new NodeId(1))).contains(now.minusSeconds(30));
        assertThat(state.lastHeard(new NodeId(2))).contains(now);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H"})
    void aKeepAliveBetweenTheStepAndTheTurnThatFollowsItIsAsYoungAsItIs(Duration by) {
        testing.open().withRouters();
        testing.host.pass(Duration.ofSeconds(100));
        testing.host.stepClock(by);
        testing.submit(heard(1));
        Instant at = testing.host.instant();
        testing.submit(new Command.KeepAlive(new NodeId(2), state(2).session().orElseThrow(), at.minusSeconds(5)));
        testing.host.oversleep(SECOND);
        testing.host.run();

        var state = testing.controller.current().state();
        assertThat(state.now()).isEqualTo(at.plus(SECOND));
        assertThat(state.lastHeard(new NodeId(1))).contains(at);
        assertThat(state.lastHeard(new NodeId(2))).contains(at.minusSeconds(5));
    }

    @Test
    void oneHourAheadAndBackLeavesNoDeadRouterPrimary() {
        testing.open().withRouters();
        testing.host.stepClock(HOUR);
        pass(Duration.ofSeconds(15), 1, 2);
        testing.done(disconnected(1));
        testing.host.pass(SECOND);
        testing.host.stepClock(HOUR.negated());

        testing.host.pass(Duration.ofSeconds(14).plusMillis(1));

        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(clockSteps).containsExactly(HOUR, HOUR.negated());
        assertThat(testing.controller.current().state().now()).isBeforeOrEqualTo(testing.host.instant());
    }

    @Test
    void aMachineThatSleptTakesNoRouterDownAndNoneUp() {
        testing.open().withRouters();
        pass(Duration.ofSeconds(100), 1, 2);
        testing.host.suspend(Duration.ofHours(9));
        pass(Duration.ofSeconds(129));
        assertThat(liveness(1)).isEqualTo(Liveness.ONLINE);
        assertThat(testing.primary()).contains(new NodeId(1));

        testing.done(heard(2));
        testing.host.pass(Duration.ofSeconds(1 + 15 + 1));

        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(clockSteps).containsExactly(Duration.ofHours(9));
    }

    @Test
    void aKeyThatExpiresByAStepAheadIsNoticedWithinTenSeconds() {
        testing.open().withRouters();
        Instant expiry = testing.host.instant().plus(HOUR);
        testing.done(
                new Command.UpdateNode(node(1).toBuilder().keyExpiry(expiry).build()));

        testing.host.stepClock(HOUR);
        testing.host.pass(Duration.ofSeconds(10));

        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(testing.store.load(TAILNET).orElseThrow().rows())
                .isEqualTo(testing.controller.current().state().rows());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void aKeyExpiresAtItsDateOnTheNewClockAndAtMostTenSecondsLate(Duration by) {
        testing.builder.newTailnet(
                RoutingSettings.DEFAULT.toBuilder().withoutSilenceLimit().build());
        testing.open().withRouters();
        Instant expiry = testing.host.instant().plus(Duration.ofHours(25));
        testing.done(
                new Command.UpdateNode(node(1).toBuilder().keyExpiry(expiry).build()));

        testing.host.stepClock(by);
        testing.host.pass(Duration.between(testing.host.instant(), expiry).minusSeconds(1));
        assertThat(testing.primary()).contains(new NodeId(1));
        testing.host.pass(Duration.ofSeconds(11));

        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(clockSteps).containsExactly(by);
    }

    @Test
    void aStepIsNoticedWithinTenSecondsEvenIfNothingIsEverDue() {
        testing.open();
        testing.host.pass(Duration.ofMinutes(5));
        testing.host.stepClock(HOUR);
        testing.host.pass(Duration.ofSeconds(10));
        assertThat(clockSteps).containsExactly(HOUR);
    }

    @Test
    void lookingAtTheClockPublishesNothingAndCallsNoStore() {
        testing.open().withRouters();
        testing.host.pass(Duration.ofSeconds(1));
        int published = testing.publications.size();
        testing.store.down(true);
        testing.host.pass(Duration.ofSeconds(100));
        assertThat(testing.publications).hasSize(published);
        assertThat(outages).isZero();
    }

    @Test
    void aStepAloneMakesNoCommitAndIsFollowedWhileTheStoreDoesNotWork() {
        testing.open().withRouters();
        Revision revision = testing.controller.current().revision();
        testing.store.down(true);
        testing.host.stepClock(HOUR.negated());
        testing.done(new Command.PassTime());

        assertThat(testing.controller.current().revision()).isEqualTo(revision);
        assertThat(testing.controller.current().state().now()).isEqualTo(testing.host.instant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNAVAILABLE", "CONFLICT", "UNKNOWN_LOST", "UNKNOWN_LANDED", "REFUSED"})
    void aStepWhoseCommitFailsIsNotForgottenAndNotFollowedTwice(String fault) {
        testing.open().withRouters();
        Instant expiry = testing.host.instant().plus(HOUR);
        testing.done(
                new Command.UpdateNode(node(1).toBuilder().keyExpiry(expiry).build()));
        testing.host.pass(Duration.ofSeconds(20));
        testing.store.next(Fault.valueOf(fault));
        testing.host.stepClock(HOUR); // the key expires by it, which is a row
        testing.submit(heard(1));
        testing.submit(heard(2));
        testing.host.pass(Duration.ofSeconds(20));

        var state = testing.controller.current().state();
        assertThat(clockSteps).containsExactly(HOUR);
        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(state.lastHeard(new NodeId(1)))
                .contains(testing.host.instant().minusSeconds(20));
        assertThat(events().stream().filter(RouteEvent.ClockStepped.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aStepThatComesDuringAnOutageReachesWhatWaitsAndWhatIsPublished() {
        testing.open().withRouters();
        testing.store.down(true);
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));
        testing.host.run();
        testing.submit(heard(1));
        testing.submit(heard(2));
        testing.host.stepClock(Duration.ofDays(1));
        testing.host.pass(Duration.ofSeconds(100));
        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(3));

        assertThat(outages).isEqualTo(1);
        assertThat(waiting.join().events()).isEmpty();
        assertThat(liveness(1)).isEqualTo(Liveness.ONLINE);
        assertThat(liveness(2)).isEqualTo(Liveness.ONLINE);
        assertThat(testing.primary()).contains(new NodeId(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT-1S", "PT1H", "PT-1H", "PT24H", "PT-24H"})
    void keepAlivesKeepTheirAgeOverAnOutageWithAClockStep(Duration by) {
        testing.open().withRouters();
        testing.done(registered(3), connected(3));
        testing.done(disconnected(1));
        testing.host.pass(SECOND.multipliedBy(5));
        testing.store.down(true);
        List<CompletableFuture<Receipt>> answers = new ArrayList<>(List.of(testing.submit(registered(4))));
        testing.host.run();

        answers.add(testing.submit(heard(2)));
        testing.host.pass(SECOND.multipliedBy(2));
        testing.host.stepClock(by);
        answers.add(testing.submit(heard(3)));
        testing.host.pass(SECOND.multipliedBy(100)); // the grace ends in the outage
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        assertThat(testing.primary()).contains(new NodeId(1));
        int before = testing.publications.size();
        testing.store.down(false);
        testing.host.pass(SECOND.multipliedBy(3));

        assertThat(answers).allMatch(answer -> answer.join().result().equals(SubmissionResult.accepted()));
        var state = testing.controller.current().state();
        assertThat(state.lastHeard(new NodeId(2)))
                .contains(testing.host.instant().minusSeconds(2 + 100 + 3));
        assertThat(state.lastHeard(new NodeId(3)))
                .contains(testing.host.instant().minusSeconds(100 + 3));
        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(clockSteps).containsExactly(by);
        assertThat(ControllerFixture.events(testing.publications.subList(before, testing.publications.size()))
                        .filter(RouteEvent.PrimaryMoved.class::isInstance))
                .hasSize(1);
        assertThat(liveness(2)).isEqualTo(Liveness.ONLINE);
        assertThat(liveness(3)).isEqualTo(Liveness.ONLINE);
        testing.host.pass(Duration.ofSeconds(130 - 105));
        assertThat(liveness(2)).as("silent at its time").isNotEqualTo(Liveness.ONLINE);
        assertThat(liveness(3)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aNodeThatAnotherProcessWroteHasItsGraceFromNowOnWhateverTheClockDid() {
        testing.open().withRouters();
        testing.elsewhere(registered(3));
        testing.host.stepClock(HOUR);
        CompletableFuture<Snapshot> refreshed = testing.controller.refresh().toCompletableFuture();
        testing.host.run();

        assertThat(refreshed.join().state().node(new NodeId(3))).isPresent();
        assertThat(state(3).absentSince()).contains(testing.host.instant());
        assertThat(testing.controller.current().state().now()).isEqualTo(testing.host.instant());
    }

    @Test
    void aControllerWithoutSessionsFollowsTheClockToo() {
        testing.open().withRouters();
        testing.controller.close();
        testing.builder.withoutSessions();
        testing.open();
        testing.host.pass(HOUR);
        Instant until = testing.host.instant().plusSeconds(60);
        testing.done(new Command.DrainNode(new NodeId(1), until, true));
        testing.host.stepClock(HOUR);
        testing.host.pass(Duration.ofSeconds(10));
        assertThat(state(1).drain()).isEmpty();

        testing.host.stepClock(HOUR.negated());
        testing.done(new Command.PassTime());
        assertThat(testing.controller.current().state().now()).isEqualTo(testing.host.instant());
    }

    @Test
    void aStepThatTheHostSubmitsItselfIsTakenBack() {
        testing.open().withRouters();
        testing.done(new Command.StepClock(HOUR));
        testing.done(new Command.PassTime());
        assertThat(testing.controller.current().state().now()).isEqualTo(testing.host.instant());
        assertThat(clockSteps).isEmpty();
        testing.done(disconnected(1));
        testing.host.pass(Duration.ofSeconds(15));
        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void aClockThatIsSteppedBeyondAllMeasureIsNotFollowed() {
        testing.open().withRouters();
        testing.host.stepClock(Duration.ofDays(400_000));
        testing.done(disconnected(1));
        testing.host.pass(Duration.ofSeconds(15));
        assertThat(testing.primary()).contains(new NodeId(2));
        testing.host.stepClock(Duration.ofDays(-400_000));
        testing.done(connected(1));
        assertThat(testing.controller.current().state().now()).isEqualTo(testing.host.instant());
        assertThat(liveness(1)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aClockThatIsSlewedIsNoStep() {
        testing.open().withRouters();
        for (int i = 0; i < 600; i++) {
            testing.host.stepClock(Duration.ofMillis(10));
            testing.host.pass(SECOND);
            testing.done(heard(1));
            testing.done(heard(2));
        }
        assertThat(clockSteps).isEmpty();
        assertThat(testing.primary()).contains(new NodeId(1));
    }

    @Test
    void aThreadThatIsHeldUpWhileItReadsTheClockSeesNoStep() {
        AtomicInteger held = new AtomicInteger();
        HostClock clock = new HostClock(
                () -> {
                    Instant now = testing.host.instant();
                    if (held.getAndDecrement() > 0) {
                        testing.host.oversleep(Duration.ofSeconds(2));
                    }
                    return now;
                },
                testing.host::steadyNanos,
                false);
        for (int times : List.of(0, 1, 2, 3, 4, 0)) {
            held.set(times);
            assertThat(clock.read().steps()).isZero();
            testing.host.oversleep(Duration.ofMinutes(1));
        }
        held.set(0);
        testing.host.stepClock(SECOND);
        assertThat(clock.read().steps()).isEqualTo(SECOND);
    }

    @Test
    void theEndsOfTimeInAKeepAliveStayTimes() {
        testing.open().withRouters();
        SessionId session = state(1).session().orElseThrow();
        for (Duration by : List.of(HOUR, HOUR.negated())) {
            testing.host.stepClock(by);
            for (Instant at : List.of(Instant.MIN, Instant.MAX)) {
                assertThat(submitted(testing.controller.submit(
                                ControllerFixture.by("test", new Command.KeepAlive(new NodeId(1), session, at)))))
                        .isNotCompletedExceptionally();
            }
            testing.host.stepClock(by);
            testing.host.run();
        }
        assertThat(liveness(1)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void anOutageLastsAsLongAsItDoesWhateverTheClockShows() {
        List<Duration> lasted = new ArrayList<>();
        testing.builder.observer(new RoutingObserver() {
            @Override
            public void outageEnded(TailnetId tailnet, Duration time) {
                lasted.add(time);
            }
        });
        testing.open().withRouters();
        testing.store.down(true);
        testing.submit(registered(3));
        testing.host.run();
        testing.host.stepClock(HOUR);
        testing.host.pass(Duration.ofSeconds(100));
        assertThat(lasted).isEmpty();
        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(3));

        assertThat(lasted)
                .singleElement()
                .satisfies(time -> assertThat(time).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(103)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void aSubmissionIsDecidedWhateverTheClockShows(long seed) {
        List<Instant> times = List.of(Instant.MIN, Instant.MIN.plusNanos(1), ManualHost.START, Instant.MAX);
        Random random = new Random(seed);
        AtomicReference<Instant> shown = new AtomicReference<>(times.get((int) seed));
        RouteController controller = RouteController.builder(testing.store, TAILNET, testing.host, shown::get)
                .steadyNanos(testing.host::steadyNanos)
                .newTailnet(RoutingSettings.DEFAULT)
                .open();
        for (int node = 1; node <= 20; node++) {
            Command.KeepAlive early = new Command.KeepAlive(
                    new NodeId(node), new SessionId("session of " + node), times.get(random.nextInt(times.size())));
            List<CompletableFuture<Receipt>> receipts = Stream.of(registered(node), connected(node), early, heard(node))
                    .map(command -> submitted(controller.submit(ControllerFixture.by("test", command))))
                    .toList();

            testing.host.pass(Duration.ofSeconds(11));

            assertThat(receipts).allMatch(receipt -> receipt.isDone() && !receipt.isCompletedExceptionally());
            shown.set(times.get(random.nextInt(times.size())));
        }
        controller.close();
    }
}
