package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.ScriptedStore.Fault;
import dev.wayleave.storage.contract.ForwardingStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One owner of a tailnet: who may open it, when a lease has run out, and what becomes of an owner that lost it. */
class ReplicaTest {

    private static final LeaseRule RULE = LeaseRule.DEFAULT;
    private static final Duration LEASE = RULE.length();

    private final ControllerFixture testing = new ControllerFixture();
    private final ManualHost host = testing.host;

    /** A process, with a scheduler of its own, which may be stopped. */
    private final class Process {

        private final ManualHost own;
        private final Replica replica;

        Process(String id, ManualHost own) {
            this.own = own;
            this.replica = Replica.join(testing.store, new ReplicaId(id), own, own, RULE, own::steadyNanos);
        }

        RouteControllerBuilder builder() {
            return testing.builder().replica(replica).pause(nanos -> host.pass(Duration.ofNanos(nanos)));
        }
    }

    private Process process(String id) {
        return new Process(id, host);
    }

    private Receipt done(RouteController controller, Command... commands) {
        CompletableFuture<Receipt> receipt = submitted(controller.submit(by("test", commands)));
        host.run();
        return receipt.join();
    }

    private RouteController opened(Process process) {
        RouteController controller = process.builder().open();
        done(controller, registered(1), connected(1));
        return controller;
    }

    private long epoch() {
        return testing.store.owner(TAILNET).orElseThrow().epoch();
    }

    // ---- who may open

    @Test
    void aSecondProcessIsRefusedAfterOneLeaseWithTheOwnerAndSinceWhen() {
        opened(process("one"));
        host.pass(Duration.ofSeconds(3));
        Duration before = Duration.between(ManualHost.START, host.instant());

        FencedException refused = catchThrowableOfType(
                FencedException.class, () -> process("two").builder().open());

        assertThat(Duration.between(ManualHost.START, host.instant()).minus(before))
                .isEqualTo(LEASE);
        assertThat(refused.owner()).contains(new ReplicaId("one"));
        assertThat(refused.since()).contains(ManualHost.START);
        assertThat(refused).hasMessageContainingAll("`example.com`", "`one`", "2026-01-01T00:00:00Z");
        assertThat(epoch()).isEqualTo(1);
    }

    @Test
    void anOwnerThatDiedIsReplacedWhenItsLeaseWasSeenUnrenewedForItsWholeLength() {
        ManualHost dead = new ManualHost();
        opened(new Process("one", dead));
        host.pass(Duration.ofMinutes(3));

        Duration before = Duration.between(ManualHost.START, host.instant());
        RouteController second = process("two").builder().open();

        assertThat(Duration.between(ManualHost.START, host.instant()).minus(before))
                .isEqualTo(LEASE);
        assertThat(done(second, registered(2)).revision()).isEqualTo(new Revision(2));
        assertThat(testing.store.owner(TAILNET).orElseThrow().replica()).contains(new ReplicaId("two"));
    }

    @Test
    void anOwnerThatComesBackWithTheSameIdTakesOverAtOnceAndFencesItsFormerSelf() {
        RouteController former = opened(process("one"));

        RouteController again = process("one").builder().open();

        assertThat(epoch()).isEqualTo(2);
        assertThat(done(again, registered(2)).revision()).isEqualTo(new Revision(2));
        CompletableFuture<Receipt> late = submitted(former.submit(by("test", registered(3))));
        host.run();
        assertThat(failure(late)).isInstanceOf(FencedException.class);
    }

    @Test
    void aTailnetThatItsOwnerClosedIsFreeAtOnce() {
        opened(process("one")).close();

        RouteController second = process("two").builder().open();

        assertThat(epoch()).isEqualTo(2);
        assertThat(done(second, registered(2)).revision()).isEqualTo(new Revision(2));
    }

    @Test
    void theTailnetsOfAProcessThatLeftAreFreeAtOnce() {
        Process one = process("one");
        opened(one);
        one.replica.close();

        process("two").builder().open();

        assertThat(epoch()).isEqualTo(2);
    }

    @Test
    void twoProcessesThatOpenANewTailnetHaveOneOwnerInTheEnd() {
        RouteController first = process("one").builder().open();
        RouteController second = process("two").builder().open();
        done(first, registered(1));

        CompletableFuture<Receipt> late = submitted(second.submit(by("test", registered(2))));
        host.pass(Duration.ofSeconds(1));

        assertThat(failure(late)).isInstanceOf(FencedException.class);
        assertThat(done(first, registered(3)).revision()).isEqualTo(new Revision(2));
    }

    @Test
    void aControllerWithoutSessionsWritesBesideTheOwner() {
        RouteController owner = opened(process("one"));
        RouteController tool = testing.builder().withoutSessions().open();

        assertThat(done(tool, registered(2)).revision()).isEqualTo(new Revision(2));
        CompletableFuture<Receipt> receipt = submitted(owner.submit(by("test", registered(3))));
        host.pass(Duration.ofSeconds(1));

        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
        assertThat(owner.isStale()).isFalse();
    }

    @Test
    void aControllerWithoutAReplicaIsRefusedWhereAReplicaOwnsTheTailnet() {
        opened(process("one"));

        assertThatThrownBy(() -> testing.builder().open())
                .isInstanceOf(FencedException.class)
                .hasMessageContainingAll("replica", "without sessions");
    }

    @Test
    void aControllerWithSessionsAndNoReplicaIsFencedWhenAReplicaTakesItsTailnet() {
        RouteController former = testing.builder().open();
        done(former, registered(1), connected(1));
        process("one").builder().open();

        CompletableFuture<Receipt> late = submitted(former.submit(by("test", registered(2))));
        host.run();

        assertThat(failure(late)).isInstanceOf(FencedException.class);
    }

    @Test
    void eachRenewalSaysHowFarTheClockOfTheStoreIsFromTheClockOfTheHost() {
        Process one = process("one");
        assertThat(one.replica.storeClockOffset()).isZero();

        host.pass(RULE.renewal()); // the store's clock does not go

        assertThat(one.replica.storeClockOffset()).isEqualTo(RULE.renewal().negated());
    }

    /** The first call connects to the store; it may be the way there or the way back that takes long. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theClockOfAProcessWhoseFirstCallTookLongIsThatOfTheStore(boolean isLateThere) {
        Duration slow = Duration.ofSeconds(4);
        RoutingStore connecting = new ForwardingStore(new ScriptedStore(host)) {
            @Override
            public Lease joinReplica(ReplicaId replica, CommitToken incarnation, Duration length) {
                host.pass(isLateThere ? slow : Duration.ZERO);
                Lease lease = super.joinReplica(replica, incarnation, length);
                host.pass(isLateThere ? Duration.ZERO : slow);
                return lease;
            }
        };

        Replica replica =
                Replica.join(connecting, new ReplicaId("one"), host, InstantSource.system(), RULE, host::steadyNanos);

        assertThat(replica.storeClock().instant()).isEqualTo(host.instant());
    }

    // ---- an owner that lost its tailnet

    @Test
    void aTakeoverFencesAnIdleOwnerAtItsNextRenewalAndDropsItsSessions() {
        RouteController first = opened(process("one"));
        process("two").builder().takeOver().open();
        assertThat(epoch()).isEqualTo(2);
        assertThat(first.isStale()).isFalse();

        host.pass(RULE.renewal());

        assertThat(first.isStale()).isTrue();
        assertThat(first.current().revision()).isEqualTo(new Revision(1));
        assertThat(first.current().state().lastHeard(new NodeId(1))).isEmpty();
        Throwable failure = failure(submitted(first.submit(by("test", heard(1)))));
        assertThat(failure)
                .isInstanceOf(FencedException.class)
                .hasMessageContainingAll("owner", "`two`", "2026-01-01T00:00:00Z");
    }

    @Test
    void aTakeoverOfOneTailnetLetsNoControllerOfAnotherTailnetReadItsOwner() {
        Process one = process("one");
        for (int i = 0; i < 10; i++) {
            RouteController other = RouteController.builder(testing.store, new TailnetId("other " + i), host, host)
                    .steadyNanos(host::steadyNanos)
                    .replica(one.replica)
                    .open();
            done(other, registered(1));
        }
        RouteController first = opened(one);
        process("two").builder().takeOver().open();
        host.run();
        int before = testing.store.ownersRead();

        host.pass(RULE.renewal());

        assertThat(first.isStale()).isTrue();
        assertThat(testing.store.ownersRead() - before).isEqualTo(1);
    }

    @Test
    void aCommitOfAFencedOwnerIsNotWrittenAndAllThatWaitsIsAnswered() {
        RouteController first = opened(process("one"));
        process("two").builder().takeOver().open();
        CompletableFuture<Receipt> stored = submitted(first.submit(by("test", registered(7))));
        CompletableFuture<Receipt> heard = submitted(first.submit(by("test", heard(1))));

        host.run();

        assertThat(failure(stored)).isInstanceOf(FencedException.class);
        assertThat(failure(heard)).isInstanceOf(FencedException.class);
        assertThat(testing.store.load(TAILNET).orElseThrow().rows().nodes()).hasSize(1);
    }

    @Test
    void aSubmissionInDoubtWhenItsOwnerIsFencedIsAnsweredSo() {
        RouteController first = opened(process("one"));
        testing.store.next(Fault.UNKNOWN_LOST);
        CompletableFuture<Receipt> doubtful = submitted(first.submit(by("test", registered(7))));
        host.runOne();
        process("two").builder().takeOver().open();
        CompletableFuture<Receipt> later = submitted(first.submit(by("test", registered(8))));

        host.pass(Duration.ofSeconds(1));

        assertThat(failure(doubtful)).isInstanceOf(IndeterminateCommitException.class);
        assertThat(failure(later)).isInstanceOf(FencedException.class);
    }

    /** SIGSTOP, longer than the lease; then SIGCONT, with keep-alives that the process takes for overdue. */
    @Test
    void anOwnerThatWasSuspendedBeyondItsLeaseDoesNotActOnItsBelief() {
        ManualHost stopped = new ManualHost();
        Process one = new Process("one", stopped);
        RouteController first = RouteController.builder(testing.store, TAILNET, stopped, stopped)
                .steadyNanos(stopped::steadyNanos)
                .replica(one.replica)
                .open();
        CompletableFuture<Receipt> receipt = submitted(first.submit(by("test", registered(1), connected(1))));
        stopped.run();
        receipt.join();
        process("two").builder().open();
        int commits = testing.store.commits();

        stopped.oversleep(Duration.ofSeconds(200));
        CompletableFuture<Receipt> late = submitted(first.submit(by("test", connected(1))));
        stopped.runOne();
        stopped.run();

        assertThat(failure(late)).isInstanceOf(FencedException.class);
        assertThat(testing.store.commits()).as("not even tried").isEqualTo(commits);
    }

    // ---- outages

    @Test
    void anOutageOfTheStoreEndsNoLease() {
        Process one = process("one");
        RouteController first = opened(one);
        testing.store.down(true);
        host.pass(LEASE.multipliedBy(3));
        assertThat(first.isStale()).as("another process may have it").isTrue();
        assertThat(done(first, heard(1)).revision()).as("it goes on").isEqualTo(new Revision(1));
        testing.store.down(false);

        assertThatThrownBy(() -> process("two").builder().open()).isInstanceOf(FencedException.class);

        assertThat(first.isStale()).isFalse();
        assertThat(done(first, registered(2)).revision()).isEqualTo(new Revision(2));
    }

    @Test
    void aWaitInWhichTheStoreDoesNotAnswerEndsWithItsExceptionAndTakesNothing() {
        opened(new Process("one", new ManualHost()));
        Process two = process("two");
        int[] pauses = {0};

        assertThatThrownBy(() -> two.builder()
                        .pause(nanos -> {
                            host.pass(Duration.ofNanos(nanos));
                            testing.store.down(++pauses[0] > 10);
                        })
                        .open())
                .isInstanceOf(StorageUnavailableException.class);
        testing.store.down(false);

        assertThat(epoch()).isEqualTo(1);
    }

    /** The store may have been gone in the meantime. */
    @Test
    void aWaitInWhichTheProcessWasSuspendedTakesNothing() {
        opened(new Process("one", new ManualHost()));
        Process two = process("two");
        int[] pauses = {0};

        assertThatThrownBy(() -> two.builder()
                        .pause(nanos -> {
                            if (++pauses[0] == 5) {
                                host.oversleep(LEASE);
                            }
                            host.pass(Duration.ofNanos(nanos));
                        })
                        .open())
                .isInstanceOf(FencedException.class);

        assertThat(epoch()).isEqualTo(1);
        two.builder().open();
        assertThat(epoch()).isEqualTo(2);
    }

    @Test
    void aStoreThatIsReadAndNotWrittenEndsNoLease() {
        RouteController first = opened(process("one"));
        Process two = process("two");
        testing.store.readOnly(true);

        assertThatThrownBy(() -> two.builder().open()).isInstanceOf(FencedException.class);

        testing.store.readOnly(false);
        assertThat(epoch()).isEqualTo(1);
        assertThat(done(first, registered(2)).revision()).isEqualTo(new Revision(2));
    }

    @Test
    void aLeaseThatWasLostWithTheStoreIsWrittenAgain() {
        Process one = process("one");
        RouteController first = opened(one);
        testing.store.leaveReplica(
                one.replica.id(),
                testing.store.lease(one.replica.id()).orElseThrow().incarnation());

        host.pass(RULE.renewal());

        assertThat(testing.store.lease(one.replica.id())).isPresent();
        assertThat(done(first, registered(2)).revision()).isEqualTo(new Revision(2));
    }

    @Test
    void aLeaseNeedsTimeForTwoRenewals() {
        assertThatThrownBy(() -> new LeaseRule(Duration.ofSeconds(9), Duration.ofSeconds(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`PT9S`")
                .hasMessageContaining("`PT5S`");
    }

    @Test
    void aControllerThatOwnsNothingTakesNoReplica() {
        Process one = process("one");
        assertThatThrownBy(() -> one.builder().withoutSessions().open()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> testing.builder().takeOver().open()).isInstanceOf(IllegalStateException.class);
    }
}
