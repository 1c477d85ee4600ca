package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.RETRY;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.NodeState;
import dev.wayleave.command.Command;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.ScriptedStore.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several processes have sessions of one tailnet: how each shows the nodes of the other processes, and what ends a
 * session.
 */
class SharedControllerTest {

    private static final LeaseRule RULE = LeaseRule.DEFAULT;
    private static final Duration LEASE = RULE.length();
    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);

    private final ManualHost host = new ManualHost();
    private final ScriptedStore store = new ScriptedStore(host);
    private final LoopbackChannel channel = new LoopbackChannel();

    /** A process, on the host of all, or on one that may stop. */
    private final class Process {

        private final ManualHost own;
        private final Replica replica;
        private final RouteController controller;

        Process(String id) {
            this(id, host);
        }

        Process(String id, ManualHost own) {
            this.own = own;
            this.replica = Replica.join(store, new ReplicaId(id), own, own, RULE, own::steadyNanos);
            this.controller = builder().open();
            own.run();
        }

        RouteControllerBuilder builder() {
            return RouteController.builder(store, TAILNET, own, own)
                    .steadyNanos(own::steadyNanos)
                    .retry(RETRY)
                    .random(() -> 0)
                    .replica(replica)
                    .sessionChannel(channel)
                    .shared();
        }

        CompletableFuture<Receipt> submit(Command... commands) {
            return submitted(controller.submit(by("test", commands)));
        }

        Receipt done(Command... commands) {
            return finished(submit(commands));
        }

        /** Lets the host do what is due; after a conflict there is a pause. */
        private <T> T finished(CompletableFuture<T> future) {
            own.run();
            for (int i = 0; i < 100 && !future.isDone(); i++) {
                own.pass(Duration.ofMillis(50));
            }
            return future.orTimeout(0, TimeUnit.MILLISECONDS).join();
        }

        /** A router with a session of this process. */
        Process withRouter(long node) {
            done(registered(node), connected(node), advertised(node, LAN), approved(node, LAN));
            return this;
        }

        /** The messages of all processes have arrived. */
        Process reported() {
            do {
                own.run();
            } while (channel.deliver());
            return refreshed();
        }

        Process refreshed() {
            finished(controller.refresh().toCompletableFuture());
            return this;
        }

        Liveness liveness(NodeId node) {
            return controller.current().state().node(node).orElseThrow().liveness();
        }

        Optional<NodeId> primary() {
            return controller.current().state().primary(LAN);
        }
    }

    /** Keeps the sessions of these nodes alive while time passes. */
    private void pass(Duration time, Process process, long... nodes) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusSeconds(1)) {
            for (long node : nodes) {
                var unused = process.submit(heard(node));
            }
            host.pass(Duration.ofSeconds(1));
        }
    }

    private List<RouteEvent> events(Class<? extends RouteEvent> kind) {
        return store.written().stream()
                .flatMap(commit -> commit.events().stream())
                .filter(kind::isInstance)
                .toList();
    }

    // ---- how one process shows the nodes of another

    @Test
    void aRouterThatIsConnectedToOneProcessIsOnlineAtTheOther() {
        Process one = new Process("one");
        Process two = new Process("two");

        one.withRouter(1);
        two.refreshed();

        assertThat(two.liveness(A)).isEqualTo(Liveness.ONLINE);
        assertThat(two.primary()).contains(A);
        pass(Duration.ofMinutes(10), one, 1);
        assertThat(two.refreshed().liveness(A)).as("no timer runs at the other").isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aCommandThatChangesNothingIsDecidedOnTheNewestState() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two");

        one.done(approved(1));
        two.done(approved(1, LAN));

        assertThat(one.refreshed().primary()).contains(A);
    }

    @Test
    void aNodeThatAnotherProcessHasJustRegisteredIsKnown() {
        Process one = new Process("one");
        Process two = new Process("two").withRouter(1);
        one.done(registered(2));
        assertThat(two.done(connected(2)).result()).isEqualTo(SubmissionResult.accepted());
    }

    @Test
    void aRevisionThatAnotherProcessHasAnsweredIsKnown() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two");
        Revision answered = one.done(registered(2)).revision();

        Receipt receipt = two.finished(submitted(two.controller.submit(by("test", registered(3)), answered)));

        assertThat(receipt.result()).isEqualTo(SubmissionResult.accepted());
        assertThat(receipt.revision()).isEqualTo(answered.next());
    }

    /** The lock takes a connection of the store; {@link ScriptedStore} fails if the work under it asks for another. */
    @Test
    void aConflictWithAProcessThatHasJustJoinedIsDecidedWithoutAReadOfTheLeases() {
        Process one = new Process("one").withRouter(1);
        new Process("two").withRouter(2);

        Receipt receipt = one.done(registered(3));

        assertThat(receipt.result()).isEqualTo(SubmissionResult.accepted());
        assertThat(store.locks()).isEqualTo(1);
    }

    @Test
    void aKeepAliveReadsNothing() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two").withRouter(2);

        one.done(heard(1));

        assertThat(one.controller.current().revision())
                .isLessThan(two.controller.current().revision());
    }

    @Test
    void afterASessionEndsTheRouterIsAbsentAtBothAndItsStandbyServes() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two").withRouter(2);

        one.done(disconnected(1));
        assertThat(two.refreshed().liveness(A)).isEqualTo(Liveness.GRACE);
        assertThat(two.primary()).contains(A);
        pass(GRACE, two, 2);

        assertThat(one.refreshed().primary()).contains(B);
        assertThat(two.refreshed().primary()).contains(B);
        assertThat(events(RouteEvent.PrimaryMoved.class)).hasSize(1);
    }

    @Test
    void aRouterThatConnectsToAnotherProcessHasItsSessionThere() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two");

        two.done(new Command.ConnectSession(A, new SessionId("later")));
        one.refreshed();
        one.done(disconnected(1));

        assertThat(one.liveness(A))
                .as("the end of the old session changes nothing")
                .isEqualTo(Liveness.ONLINE);
        assertThat(two.refreshed().liveness(A)).isEqualTo(Liveness.ONLINE);
        assertThat(events(RouteEvent.NodeInGrace.class)).isEmpty();
    }

    @Test
    void aNodeThatBecomesARouterAtAnotherProcessServes() {
        Process one = new Process("one");
        Process two = new Process("two");
        one.done(registered(1), connected(1), advertised(1, LAN));
        assertThat(two.refreshed().liveness(A)).isEqualTo(Liveness.UNKNOWN);

        two.done(approved(1, LAN));
        one.refreshed();
        two.refreshed();

        assertThat(one.primary()).contains(A);
        assertThat(two.primary()).contains(A);
        assertThat(two.liveness(A)).isEqualTo(Liveness.ONLINE);
    }

    // ---- sessions of which nothing is stored

    @Test
    void aLaptopThatIsConnectedToOneProcessIsOnlineAtTheOther() {
        Process one = new Process("one");
        Process two = new Process("two");

        one.done(registered(1), connected(1));
        assertThat(two.reported().liveness(A)).isEqualTo(Liveness.ONLINE);
        assertThat(store.written()).as("the node is stored, and no session").hasSize(1);

        one.done(disconnected(1));
        assertThat(two.reported().liveness(A)).isEqualTo(Liveness.GRACE);
        pass(GRACE, two);
        assertThat(two.liveness(A)).isEqualTo(Liveness.OFFLINE);
    }

    @Test
    void aProcessThatJoinsAsksTheOtherProcesses() {
        Process one = new Process("one");
        for (long node = 1; node <= 2_000; node++) {
            one.done(registered(node), connected(node));
        }
        one.reported();

        Process two = new Process("two");
        two.reported();

        assertThat(two.controller.current().state().nodes().values())
                .extracting(NodeState::liveness)
                .containsOnly(Liveness.ONLINE);
    }

    @Test
    void anAnswerToAllQuestionsCorrectsWhatALostMessageLeftWrong() {
        Process one = new Process("one");
        Process two = new Process("two");
        one.done(registered(1), connected(1), registered(2));
        two.reported();

        one.done(disconnected(1), connected(2));
        one.own.run();
        channel.lose();
        assertThat(two.reported().liveness(A)).isEqualTo(Liveness.ONLINE);
        channel.listening();

        assertThat(two.reported().liveness(A)).isNotEqualTo(Liveness.ONLINE);
        assertThat(two.liveness(B)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aMessageThatWasNotSentIsMadeGoodWithTheNextOne() {
        Process one = new Process("one");
        Process two = new Process("two");
        channel.fails(true);
        one.done(registered(1), connected(1));
        assertThat(two.reported().liveness(A)).isEqualTo(Liveness.UNKNOWN);

        channel.fails(false);
        one.done(registered(2), connected(2));

        assertThat(two.reported().liveness(A)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aLaptopThatIsHeardOfBeforeItIsKnownIsOnlineWhenItIs() {
        Process one = new Process("one");
        Process two = new Process("two");
        one.done(registered(1), connected(1));
        channel.deliver();
        assertThat(two.controller.current().state().node(A)).isEmpty();

        two.refreshed();
        two.own.run();

        assertThat(two.liveness(A)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aNodeThatIsARouterNoMoreStaysOnlineAtTheOtherProcess() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two");
        assertThat(two.reported().liveness(A)).isEqualTo(Liveness.ONLINE);

        two.done(new Command.SetApprovedRoutes(A, List.of()));

        assertThat(two.liveness(A)).isEqualTo(Liveness.UNKNOWN);
        one.refreshed();
        assertThat(two.reported().liveness(A)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void theLaptopsOfAProcessThatDiedAreOfflineAfterItsLease() {
        ManualHost dead = new ManualHost();
        Process one = new Process("one", dead);
        Process two = new Process("two");
        one.done(registered(1), connected(1));
        assertThat(two.reported().liveness(A)).isEqualTo(Liveness.ONLINE);

        pass(LEASE.plus(RULE.renewal()).plusSeconds(2).plus(GRACE), two);

        assertThat(two.liveness(A)).isEqualTo(Liveness.OFFLINE);
    }

    @Test
    void aLaptopThatMovesFromOneProcessToAnotherStaysOnline() {
        Process one = new Process("one");
        Process two = new Process("two");
        one.done(registered(1), connected(1));
        two.reported();

        two.done(new Command.ConnectSession(A, new SessionId("later")));
        two.reported();
        one.done(disconnected(1));
        one.reported();

        assertThat(one.liveness(A)).isEqualTo(Liveness.ONLINE);
        assertThat(two.liveness(A)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aLaptopThatReconnectsElsewhereWhenItsProcessDiedStaysOnlineAtAll() {
        ManualHost dead = new ManualHost();
        Process one = new Process("one", dead);
        Process two = new Process("two");
        Process three = new Process("three");
        one.done(registered(1), connected(1));
        two.reported();
        assertThat(three.reported().liveness(A)).isEqualTo(Liveness.ONLINE);

        two.done(new Command.ConnectSession(A, new SessionId("later")));
        three.reported();
        for (int second = 0; second < 60; second++) {
            var unused = two.submit(new Command.KeepAlive(A, new SessionId("later"), null));
            host.pass(Duration.ofSeconds(1));
        }

        assertThat(two.reported().liveness(A)).isEqualTo(Liveness.ONLINE);
        assertThat(three.reported().liveness(A)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void reportsThatComeBeforeTheFirstIsDecidedAreDecidedInTheirOrder() {
        Process one = new Process("one");
        Process two = new Process("two");
        one.done(registered(1));
        two.reported();

        for (int i = 0; i < 2; i++) {
            one.done(connected(1));
            channel.deliver();
            one.done(disconnected(1));
            channel.deliver();
        }

        assertThat(two.reported().liveness(A)).isNotEqualTo(Liveness.ONLINE);
    }

    @Test
    void aMessageOfAnotherFormChangesNothing() {
        Process one = new Process("one");
        one.done(registered(1), connected(1));

        for (String text : List.of("", "SOME", "SOME\nx\nno number", "RANGE\nx\n1", "\n\n", "SOME\nother\n-1 s")) {
            channel.send(TAILNET, text);
        }

        assertThat(one.reported().liveness(A)).isEqualTo(Liveness.ONLINE);
    }

    // ---- the end of a process

    @Test
    void theRoutersOfAProcessThatDiedFailOverOnceAfterItsLeaseAndTheirGrace() {
        ManualHost dead = new ManualHost();
        new Process("one", dead).withRouter(1);
        Process two = new Process("two").withRouter(2);
        Process three = new Process("three");
        two.refreshed();

        pass(LEASE.minusSeconds(1), two, 2);
        assertThat(two.liveness(A)).as("the lease has not run out").isEqualTo(Liveness.ONLINE);
        pass(RULE.renewal().plusSeconds(2), two, 2);
        assertThat(two.refreshed().liveness(A)).isEqualTo(Liveness.GRACE);
        assertThat(two.primary()).contains(A);
        pass(GRACE, two, 2);

        assertThat(two.refreshed().primary()).contains(B);
        assertThat(three.refreshed().primary()).contains(B);
        assertThat(events(RouteEvent.NodeInGrace.class)).hasSize(1);
        assertThat(events(RouteEvent.PrimaryMoved.class)).hasSize(1);
        assertThat(store.lease(new ReplicaId("one"))).isEmpty();
    }

    @Test
    void aProcessThatStartsAgainEndsTheSessionsOfItsFormerSelf() {
        ManualHost dead = new ManualHost();
        new Process("one", dead).withRouter(1);

        Process again = new Process("one");

        assertThat(again.liveness(A)).isEqualTo(Liveness.GRACE);
        assertThat(again.primary()).contains(A);
    }

    @Test
    void aProcessThatClosesEndsItsSessions() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two");

        one.controller.close();

        assertThat(two.refreshed().liveness(A)).isEqualTo(Liveness.GRACE);
    }

    @Test
    void aProcessThatClosesEndsItsSessionsAfterAConflictTooAndAfterWhatWaited() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two").withRouter(2);

        CompletableFuture<Receipt> waiting = one.submit(new Command.ConnectSession(A, new SessionId("late")));
        one.controller.close();

        assertThat(waiting).isDone();
        assertThat(two.refreshed().liveness(A)).isEqualTo(Liveness.GRACE);
        assertThat(two.controller.current().state().sessionHolders()).hasSize(1);
    }

    @Test
    void aProcessThatClosesInAnOutageDoesNotEndSessionsOfADeadProcess() {
        new Process("one", new ManualHost()).withRouter(1);
        Process two = new Process("two").refreshed();
        assertThat(store.endLease(store.lease(new ReplicaId("one")).orElseThrow()))
                .isTrue();
        store.next(Collections.nCopies(100, Fault.UNAVAILABLE).toArray(Fault[]::new));
        pass(RULE.renewal().multipliedBy(2), two);
        int tried = store.commits();
        assertThat(tried).isGreaterThan(store.written().size());

        two.controller.close();

        assertThat(store.commits() - tried).as("tries of the last turn").isEqualTo(1);
    }

    @Test
    void leasesThatCannotBeReadCostNoTurnAfterTurn() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two");
        one.controller.close();
        one.replica.close();
        store.down(true);

        host.run();
        store.down(false);
        host.pass(Duration.ofSeconds(20));

        assertThat(two.refreshed().liveness(A)).isNotEqualTo(Liveness.ONLINE);
    }

    @Test
    void aKeyThatExpiresIsWrittenOnce() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two").withRouter(2);
        two.done(new Command.UpdateNode(two.controller.current().state().node(B).orElseThrow().facts().toBuilder()
                .keyExpiry(host.instant().plusSeconds(30))
                .build()));
        one.refreshed();
        long commits = store.commits();

        pass(Duration.ofSeconds(29), two, 2);
        assertThat(store.commits()).isEqualTo(commits);
        pass(Duration.ofSeconds(5), two, 2);

        assertThat(store.commits()).isEqualTo(commits + 1);
    }

    /** SIGSTOP, longer than the lease; then SIGCONT. */
    @Test
    void aProcessThatWasFrozenBeyondItsLeaseWritesAndAnswersNothingAndCloses() {
        ManualHost frozen = new ManualHost();
        Process one = new Process("one", frozen).withRouter(1);
        Process two = new Process("two").withRouter(2);
        pass(LEASE.plusSeconds(20), two, 2);
        long commits = store.commits();

        frozen.oversleep(LEASE.plusSeconds(20));
        CompletableFuture<Receipt> late = one.submit(connected(1));
        frozen.run();

        assertThat(failure(late)).isInstanceOf(FencedException.class).hasMessageContainingAll("lost", "lease");
        assertThat(store.commits()).isEqualTo(commits);
        assertThat(one.controller.isStale()).isTrue();
        assertThat(one.controller.current().state().lastHeard(A))
                .as("its sessions are over")
                .isEmpty();
    }

    @Test
    void anOutageOfTheStoreEndsNoLeaseAndNoSession() {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two");
        two.refreshed();

        store.down(true);
        pass(LEASE.multipliedBy(3), one, 1);
        assertThat(one.controller.isStale()).isTrue();
        store.down(false);
        pass(LEASE.multipliedBy(2), one, 1);

        assertThat(one.controller.isStale()).isFalse();
        assertThat(two.refreshed().liveness(A)).isEqualTo(Liveness.ONLINE);
        assertThat(events(RouteEvent.NodeInGrace.class)).isEmpty();
    }

    /** What waits is decided first: time passes over no keep-alive that arrived in the outage. */
    @Test
    void aProcessThatStartsAfterALongOutageTakesDownNoRouterOfAnotherProcess() {
        Process one = new Process("one").withRouter(1);
        ManualHost dead = new ManualHost();
        new Process("two", dead).withRouter(2);
        one.done(new Command.SetSettings(RoutingSettings.DEFAULT.toBuilder()
                .silenceLimit(Duration.ofSeconds(25))
                .build()));

        store.down(true);
        pass(Duration.ofSeconds(40), one, 1);
        store.down(false);
        Replica.join(store, new ReplicaId("two"), host, host, RULE, host::steadyNanos);
        pass(Duration.ofSeconds(10), one, 1);

        assertThat(one.refreshed().liveness(A)).isEqualTo(Liveness.ONLINE);
        assertThat(one.liveness(B)).isEqualTo(Liveness.GRACE);
        assertThat(events(RouteEvent.NodeInGrace.class)).hasSize(1);
    }

    @Test
    void aStaleControllerTakesNoMoreTurnsThanItsReplicaTriesToRenew() {
        int[] turns = {0};
        Process one = new Process("one");
        RouteController other = one.builder()
                .executor(turn -> {
                    turns[0]++;
                    host.execute(turn);
                })
                .open();
        host.run();
        store.down(true);
        host.pass(LEASE.plusSeconds(1));
        var unused = other.submit(by("test", registered(1)));
        host.run();
        turns[0] = 0;

        host.pass(RULE.renewal().multipliedBy(4));

        assertThat(turns[0]).isBetween(1, 20);
    }

    /** A read that began before the lease ended is numbered later than the look that ends it. */
    @Test
    void aLookThatEndsALeaseWakesTheControllersWhateverTheyReadMeanwhile() {
        ManualHost dead = new ManualHost();
        new Process("one", dead).withRouter(1);
        Process two = new Process("two");
        boolean[] isEnded = {false};
        store.beforeEndLease(() -> {
            isEnded[0] = true;
            new Process("three").withRouter(2);
            two.refreshed();
        });

        while (!isEnded[0]) {
            host.pass(Duration.ofSeconds(1));
        }
        host.pass(Duration.ofSeconds(1));

        assertThat(two.liveness(A)).isEqualTo(Liveness.GRACE);
    }

    @Test
    void theLeasesAreReadOnceForAllTailnetsOfAProcessThatIsGone() {
        ManualHost dead = new ManualHost();
        Replica gone = Replica.join(store, new ReplicaId("one"), dead, dead, RULE, dead::steadyNanos);
        Replica left = Replica.join(store, new ReplicaId("two"), host, host, RULE, host::steadyNanos);
        List<RouteController> opened = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            TailnetId tailnet = new TailnetId("tailnet " + i);
            var unused = shared(tailnet, gone, dead)
                    .submit(by("test", registered(1), connected(1), advertised(1, LAN), approved(1, LAN)));
            dead.run();
            opened.add(shared(tailnet, left, host));
        }
        host.run();
        int before = store.leasesRead();

        host.pass(LEASE.plus(RULE.renewal().multipliedBy(2)));

        assertThat(opened)
                .allSatisfy(controller -> assertThat(controller
                                .current()
                                .state()
                                .node(A)
                                .orElseThrow()
                                .liveness())
                        .isNotEqualTo(Liveness.ONLINE));
        assertThat(store.leasesRead() - before).as("each renewal looks").isEqualTo(5);
    }

    private RouteController shared(TailnetId tailnet, Replica replica, ManualHost own) {
        return RouteController.builder(store, tailnet, own, own)
                .steadyNanos(own::steadyNanos)
                .retry(RETRY)
                .random(() -> 0)
                .replica(replica)
                .shared()
                .open();
    }

    @Test
    void aProcessThatCannotRenewItsLeaseAnswersNothingUntilItCan() {
        Process one = new Process("one").withRouter(1);
        store.down(true);
        host.pass(LEASE.plusSeconds(1));

        CompletableFuture<Receipt> waiting = one.submit(heard(1));
        host.pass(Duration.ofSeconds(5));
        assertThat(waiting).isNotDone();
        store.down(false);
        host.pass(Duration.ofSeconds(5));

        assertThat(waiting).isCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {-86_400, -3_600, -1, 1, 3_600, 86_400})
    void aStepOfTheStoresClockTakesNoRouterDownAndDelaysNoFailover(int seconds) {
        Process one = new Process("one").withRouter(1);
        Process two = new Process("two").withRouter(2);

        host.stepClock(Duration.ofSeconds(seconds));
        for (int second = 0; second < 30; second++) {
            var unused = one.submit(heard(1));
            unused = two.submit(heard(2));
            host.pass(Duration.ofSeconds(1));
        }
        assertThat(events(RouteEvent.NodeInGrace.class)).isEmpty();
        assertThat(two.refreshed().primary()).contains(A);

        one.done(disconnected(1));
        pass(GRACE.plusSeconds(1), two, 2);
        assertThat(one.refreshed().primary()).contains(B);
        assertThat(two.refreshed().primary()).contains(B);
    }

    @Test
    void aWallClockThatIsAnHourWrongChangesNothing() {
        ManualHost wrong = new ManualHost();
        wrong.stepClock(Duration.ofHours(1));
        Process one = new Process("one", wrong).withRouter(1);
        Process two = new Process("two").withRouter(2);

        one.done(disconnected(1));
        assertThat(two.refreshed().liveness(A)).isEqualTo(Liveness.GRACE);
        pass(GRACE.minusSeconds(1), two, 2);
        assertThat(two.primary()).contains(A);
        pass(Duration.ofSeconds(2), two, 2);

        assertThat(two.primary()).contains(B);
    }

    @Test
    void aProcessThatOwnsTheTailnetAloneFencesThoseThatShareIt() {
        Process one = new Process("one").withRouter(1);

        Replica alone = Replica.join(store, new ReplicaId("alone"), host, host, RULE, host::steadyNanos);
        RouteController owner = RouteController.builder(store, TAILNET, host, host)
                .steadyNanos(host::steadyNanos)
                .replica(alone)
                .open();
        CompletableFuture<Receipt> late = one.submit(registered(7));
        host.run();

        assertThat(failure(late)).isInstanceOf(FencedException.class);
        assertThat(owner.current().state().node(A).orElseThrow().liveness()).isEqualTo(Liveness.GRACE);
    }

    @Test
    void aTailnetIsSharedOnlyWithAReplica() {
        assertThatThrownBy(() -> RouteController.builder(store, TAILNET, host, host)
                        .shared()
                        .open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("shares", "`example.com`");
    }
}
