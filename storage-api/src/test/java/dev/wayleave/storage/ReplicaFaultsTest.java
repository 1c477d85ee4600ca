package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.RETRY;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.storage.PlantedFaults.Kind;
import dev.wayleave.storage.contract.ForwardingStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica whose store, host or controllers throw, one that joins without a scheduler, and one that is closed. */
class ReplicaFaultsTest {

    private static final LeaseRule RULE = LeaseRule.DEFAULT;
    private static final ReplicaId ONE = new ReplicaId("one");

    private final ManualHost host = new ManualHost();
    private final ScriptedStore store = new ScriptedStore(host);
    private final PlantedFaults faults = new PlantedFaults();
    private final RoutingStore faulty = new FaultyStore(store, faults);

    private Replica joined() {
        return joined(host);
    }

    private Replica joined(InstantSource clock) {
        return Replica.join(faulty, ONE, host, clock, RULE, host::steadyNanos);
    }

    private RouteController opened(Replica replica, boolean isShared) {
        RouteControllerBuilder builder = RouteController.builder(faulty, TAILNET, host, host)
                .steadyNanos(host::steadyNanos)
                .retry(RETRY)
                .random(() -> 0)
                .replica(replica);
        RouteController controller = isShared ? builder.shared().open() : builder.open();
        done(controller, registered(1), connected(1), advertised(1, LAN), approved(1, LAN));
        return controller;
    }

    private Receipt done(RouteController controller, Command... commands) {
        CompletableFuture<Receipt> receipt = submitted(controller.submit(by("test", commands)));
        host.run();
        return receipt.orTimeout(0, TimeUnit.MILLISECONDS).join();
    }

    private long renewals() {
        return store.lease(ONE).orElseThrow().renewals();
    }

    private void checkThatItIsRenewed(Replica replica) {
        long before = renewals();
        host.pass(RULE.length().multipliedBy(2));
        assertThat(renewals()).isGreaterThan(before);
        assertThat(replica.isStale()).isFalse();
    }

    // ---- what is thrown ends no renewals

    @ParameterizedTest
    @EnumSource
    void whateverTheStoreThrowsAtARenewalTheNextOneFollows(Kind kind) {
        Replica replica = joined();
        faults.plantOnce("store.renewLease", kind);

        host.pass(RULE.renewal().plus(RULE.renewal().dividedBy(5)));

        assertThat(faults.calls("store.renewLease")).isEqualTo(2);
        assertThat(renewals()).isEqualTo(1);
        checkThatItIsRenewed(replica);
    }

    @ParameterizedTest
    @EnumSource
    void aTimerThatCannotBeCancelledStopsNoClose(Kind kind) {
        Replica replica = Replica.join(store, ONE, faults.scheduler(host), host, RULE, host::steadyNanos);
        faults.plant("scheduler.cancel", kind);

        replica.close();

        assertThat(store.lease(ONE)).isEmpty();
        host.pass(RULE.length());
        assertThat(host.due()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aClockThatThrowsForGoodLetsNoOtherProcessLiveForEver(Kind kind) {
        InstantSource clock = faults.clock(host);
        Replica replica = joined(clock);
        RouteController controller = opened(replica, true);
        ManualHost dead = new ManualHost();
        ReplicaId other = new ReplicaId("dead");
        Replica.join(store, other, dead, dead, RULE, dead::steadyNanos);
        faults.plant("clock", kind);

        checkThatItIsRenewed(replica);

        assertThat(store.lease(other)).isEmpty();
        controller.close();
    }

    @ParameterizedTest
    @EnumSource
    void whateverTheStoreThrowsWhenTheLeaseIsLookedUpTheNextRenewalMakesItAnew(Kind kind) {
        Replica replica = joined();
        store.leaveReplica(ONE, replica.incarnation());
        faults.plantOnce("store.lease", kind);

        host.pass(RULE.renewal().multipliedBy(2));

        checkThatItIsRenewed(replica);
    }

    @ParameterizedTest
    @EnumSource
    void theAnswerThatTheLeaseIsMadeAnewMayBeLostAndTheControllersLook(Kind kind) {
        RoutingStore losing = new ForwardingStore(faulty) {
            @Override
            public Lease joinReplica(ReplicaId id, CommitToken incarnation, Duration length) {
                Lease lease = super.joinReplica(id, incarnation, length);
                faults.call("answer of store.joinReplica");
                return lease;
            }
        };
        Replica replica = Replica.join(losing, ONE, host, host, RULE, host::steadyNanos);
        RouteController controller = opened(replica, false);
        store.leaveReplica(ONE, replica.incarnation());
        store.own(TAILNET, 1, new ReplicaId("two")).orElseThrow();
        faults.plantOnce("answer of store.joinReplica", kind);

        host.pass(RULE.renewal().multipliedBy(2));

        assertThat(controller.isStale()).isTrue();
        checkThatItIsRenewed(replica);
    }

    @Test
    void aReplicaThatSharedATailnetNeverHasItsLeaseMadeAnew() {
        Replica replica = joined();
        opened(replica, true).close();
        store.endLease(store.lease(ONE).orElseThrow());

        host.pass(RULE.renewal());

        assertThat(store.lease(ONE)).isEmpty();
        assertThat(replica.hasLostLease()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whateverTheStoreThrowsWhenItsTailnetsAreListedEachControllerLooks(Kind kind) {
        Replica replica = joined();
        RouteController controller = opened(replica, false);
        store.own(TAILNET, 1, new ReplicaId("two")).orElseThrow();
        faults.plantOnce("store.ownedBy", kind);

        host.pass(RULE.renewal());

        assertThat(failure(submitted(controller.submit(by("test", heard(1)))))).isInstanceOf(FencedException.class);
        checkThatItIsRenewed(replica);
    }

    @ParameterizedTest
    @EnumSource
    void whateverTheStoreThrowsWhenTheOwnerIsReadItIsReadAgain(Kind kind) {
        Replica replica = joined();
        RouteController controller = opened(replica, false);
        store.own(TAILNET, 1, new ReplicaId("two")).orElseThrow();
        faults.plantOnce("store.owner", kind);

        host.pass(RULE.renewal());
        CompletableFuture<Receipt> late = submitted(controller.submit(by("test", heard(1))));
        host.pass(Duration.ofSeconds(1));

        assertThat(failure(late)).isInstanceOf(FencedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatCannotListLeasesClosesNoControllerHoweverLongItCannot(Kind kind) {
        ManualHost dead = new ManualHost();
        RouteController dying = RouteController.builder(store, TAILNET, dead, dead)
                .steadyNanos(dead::steadyNanos)
                .replica(Replica.join(store, new ReplicaId("dead"), dead, dead, RULE, dead::steadyNanos))
                .shared()
                .open();
        var unused = dying.submit(by("dying", registered(7), connected(7), advertised(7, LAN), approved(7, LAN)));
        dead.run();
        Replica replica = joined();
        faults.plant("store.leases", kind);
        RouteController controller = opened(replica, true);

        for (int i = 0; i < 30; i++) {
            done(controller, heard(1));
            host.pass(Duration.ofSeconds(1));
        }

        assertThat(controller.isStale()).isFalse();
        assertThat(done(controller, registered(2)).revision().value()).isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource
    void theLeaseIsRenewedAndOthersAreWokenWhateverAWokenControllerThrows(Kind kind) {
        Replica replica = joined();
        List<String> woken = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            replica.add(owned -> {
                woken.add(name);
                throw kind.thrown();
            });
            replica.sharedLeases().add(() -> {
                woken.add("shared " + name);
                throw kind.thrown();
            });
        }
        store.endLease(store.lease(ONE).orElseThrow());

        host.pass(RULE.renewal());

        assertThat(woken).containsExactlyInAnyOrder("a", "b", "shared a", "shared b");
        assertThat(host.due()).as("the next renewal").hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aWallClockThatThrowsEndsNoRenewals(Kind kind) {
        boolean[] fails = {false};
        Replica replica = joined(() -> {
            if (fails[0]) {
                throw kind.thrown();
            }
            return host.instant();
        });
        fails[0] = true;

        checkThatItIsRenewed(replica);
    }

    // ---- the host's scheduler

    @Test
    void aSchedulerThatIsShutDownIsRefusedBeforeTheReplicaJoins() {
        host.shutdown();

        assertThatThrownBy(this::joined)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("`one`")
                .hasMessageContaining("shut down");

        assertThat(store.leases()).isEmpty();
    }

    @Test
    void aSchedulerThatRejectsTheFirstRenewalLeavesNoLease() {
        RejectedExecutionException rejected = new RejectedExecutionException("planted");
        ScheduledThreadPoolExecutor rejecting = new ScheduledThreadPoolExecutor(0) {
            @Override
            public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                throw rejected;
            }
        };
        try {
            assertThatThrownBy(() -> Replica.join(faulty, ONE, rejecting, host, RULE, host::steadyNanos))
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(rejected);
        } finally {
            rejecting.shutdownNow();
        }

        assertThat(store.leases()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSchedulerThatRejectsARenewalIsAskedAgainByTheNextCall(Kind kind) {
        Replica replica = Replica.join(store, ONE, faults.scheduler(host), host, RULE, host::steadyNanos);
        faults.plantOnce("scheduler.schedule", kind);
        host.pass(RULE.renewal());
        assertThat(host.due()).as("the rejected renewal").isEmpty();

        assertThat(replica.isStale()).isFalse();

        checkThatItIsRenewed(replica);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSchedulerThatRejectsARenewalIsAskedAgainByTheNextTurnOfAController(boolean isShared) {
        Replica replica = Replica.join(store, ONE, faults.scheduler(host), host, RULE, host::steadyNanos);
        RouteController controller = opened(replica, isShared);
        faults.plantOnce("scheduler.schedule", Kind.values()[0]);
        host.pass(RULE.renewal());
        long before = renewals();

        done(controller, heard(1));
        host.pass(RULE.renewal());

        assertThat(renewals()).isGreaterThan(before);
        checkThatItIsRenewed(replica);
    }

    // ---- the end

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReplicaThatIsClosedFirstLeavesNoCallerWithoutAnAnswer(boolean isShared) {
        Replica replica = joined();
        RouteController controller = opened(replica, isShared);
        CompletableFuture<Receipt> waiting = submitted(controller.submit(by("test", registered(2))));

        replica.close();
        host.pass(Duration.ofSeconds(1));
        CompletableFuture<Receipt> late = submitted(controller.submit(by("test", heard(1))));
        host.pass(Duration.ofSeconds(1));

        assertThat(failure(waiting)).isInstanceOf(FencedException.class);
        assertThat(failure(late)).isInstanceOf(FencedException.class);
        assertThat(controller.isStale()).isTrue();
        assertThat(host.due()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReplicaThatIsClosedAfterItsControllersLogsNothing(boolean isShared) {
        Replica replica = joined();
        RouteController controller = opened(replica, isShared);
        controller.close();
        int owners = store.ownersRead();

        LogRecords log = LogRecords.begin();
        try {
            replica.close();
            host.pass(RULE.length());
        } finally {
            log.close();
        }

        assertThat(log.records())
                .extracting(LogRecord::getLevel)
                .noneMatch(level -> level.intValue() >= Level.WARNING.intValue());
        assertThat(store.ownersRead()).isEqualTo(owners);
        assertThat(store.leases()).isEmpty();
        assertThat(host.due()).isEmpty();
    }

    @Test
    void aSharedControllerThatClosesAsksADeadStoreOnce() {
        Replica replica = joined();
        RouteController controller = opened(replica, true);
        CompletableFuture<Receipt> waiting = submitted(controller.submit(by("test", registered(2))));
        store.down(true);
        int before = store.commits();

        controller.close();

        assertThat(failure(waiting)).isInstanceOf(ControllerClosedException.class);
        assertThat(store.commits() - before)
                .as("what waited, and the end of its sessions")
                .isLessThanOrEqualTo(2);
    }

    @Test
    void aSharedControllerThatClosesAfterAConflictWithADeadStoreAsksItOnceMore() {
        Replica replica = joined();
        RouteController controller = opened(replica, true);
        store.next(ScriptedStore.Fault.CONFLICT);
        var unused = submitted(controller.submit(by("test", registered(2))));
        host.runOne();
        store.down(true);
        int before = store.commits() + store.changesRead();

        controller.close();

        assertThat(store.commits() + store.changesRead() - before).isLessThanOrEqualTo(2);
    }
}
