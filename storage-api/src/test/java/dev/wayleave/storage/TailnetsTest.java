package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.micrometer.MicrometerTailnetsObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Many tailnets in one process: when they are loaded and unloaded, and what their callers are answered. */
class TailnetsTest extends TailnetsFixture {

    /** Tailnets, and one of them that is open. */
    static Object[] oneOpen() {
        TailnetsTest test = new TailnetsTest();
        Tailnets tailnets = test.builder.replica(test.replica("test")).open();
        return new Object[] {tailnets, test.opened(tailnets, ONE)};
    }

    private static Command expiring(long node, Duration after) {
        return new Command.RegisterNode(Node.builder(new NodeId(node), "node-" + node, Owner.tags("tag:router"))
                .keyExpiry(ManualHost.START.plus(after))
                .build());
    }

    private static boolean isLoaded(Tailnets tailnets, TailnetId tailnet) {
        return tailnets.currentIfLoaded(tailnet).isPresent();
    }

    // ---- loading

    @Test
    void aSubmissionLoadsItsTailnetAndIsAnsweredWhenItIsStored() {
        Tailnets tailnets = builder.open();

        CompletableFuture<Receipt> receipt = submit(tailnets, ONE, registered(1));
        assertThat(receipt).isNotDone();
        host.run();

        assertThat(receipt.join().revision()).isEqualTo(new Revision(1));
        assertThat(tailnets.loaded()).containsExactly(ONE);
        assertThat(observed).containsExactly("loaded one");
    }

    @Test
    void aTailnetIsLoadedAndRefreshedWhileTheFirstCallerIsServed() {
        Tailnets tailnets = builder.open();

        CompletableFuture<Boolean> served = future(tailnets.current(ONE)).thenApply(current -> {
            assertThat(tailnets.loaded()).containsExactly(ONE);
            return tailnets.refreshIfLoaded(ONE).isPresent();
        });
        host.run();

        assertThat(served.join()).isTrue();
    }

    @Test
    void callsThatComeWhileATailnetIsLoadedShareOneLoadAndAreServedInTheirOrder() {
        done(builder.open(), ONE, registered(1), connected(1));
        int before = store.loads();
        Tailnets tailnets = builder().open();

        CompletableFuture<Receipt> first = submit(tailnets, ONE, registered(2));
        CompletableFuture<Receipt> second = submit(tailnets, ONE, advertised(2, LAN));
        CompletableFuture<OpenTailnet> open = future(tailnets.open(ONE));
        CompletableFuture<Snapshot> current = future(tailnets.current(ONE));
        host.run();

        assertThat(store.loads() - before).isEqualTo(1);
        assertThat(first.join().orElseThrow().revision()).isEqualTo(new Revision(2));
        assertThat(second.join().orElseThrow().revision()).as("one batch").isEqualTo(new Revision(2));
        assertThat(open.join().tailnet()).isEqualTo(ONE);
        assertThat(current.join().state().nodes()).hasSize(1);
    }

    @Test
    void aTailnetThatCannotBeLoadedRefusesItsOwnCallersAndIsTriedAgainByTheNext() {
        Tailnets tailnets = builder.open();
        done(tailnets, TWO, registered(1), connected(1));
        store.down(true);

        CompletableFuture<Receipt> refused = submit(tailnets, ONE, registered(1));
        CompletableFuture<Receipt> heard = submit(tailnets, TWO, heard(1));
        host.run();
        assertThat(failure(refused)).isInstanceOf(StorageUnavailableException.class);
        assertThat(heard).isCompleted();
        store.down(false);

        assertThat(done(tailnets, ONE, registered(1)).revision()).isEqualTo(new Revision(1));
        assertThat(observed).containsExactly("loaded two", "failed one", "loaded one");
    }

    @Test
    void aListenerThatCannotBeMadeRefusesTheLoadWithTheError() {
        Tailnets tailnets = builder.listener(tailnet -> {
                    throw new IllegalStateException("planted");
                })
                .open();

        CompletableFuture<Receipt> receipt = submit(tailnets, ONE, registered(1));
        host.run();

        assertThat(failure(receipt)).isInstanceOf(InternalErrorException.class).hasRootCauseMessage("planted");
        assertThat(tailnets.loaded()).isEmpty();
    }

    @Test
    void eachTailnetHasAListenerOfItsOwnThatStartsAtEachLoad() {
        List<String> calls = new ArrayList<>();
        Tailnets tailnets = builder.listener(tailnet -> new PublicationListener() {
                    @Override
                    public void started(Snapshot current) {
                        calls.add(tailnet + " started at " + current.revision());
                    }

                    @Override
                    public void published(Publication publication) {
                        calls.add(tailnet + " at " + publication.after().revision());
                    }
                })
                .open();
        done(tailnets, ONE, registered(1));
        done(tailnets, TWO, registered(1));
        host.pass(IDLE.multipliedBy(2));
        done(tailnets, ONE, registered(2));

        assertThat(calls)
                .containsExactly(
                        "one started at 0", "one at 1", "two started at 0", "two at 1", "one started at 1", "one at 2");
    }

    @Test
    void aFullQueueOfAnUnloadedTailnetRefusesTheNextSubmission() {
        Tailnets tailnets = builder.queueLimit(2).open();
        CompletableFuture<Receipt> first = submit(tailnets, ONE, registered(1));
        CompletableFuture<Receipt> second = submit(tailnets, ONE, registered(2));

        CompletableFuture<Receipt> third = submit(tailnets, ONE, registered(3));

        assertThat(failure(third)).isInstanceOf(QueueFullException.class);
        host.run();
        assertThat(first.join().revision()).isEqualTo(second.join().revision());
    }

    // ---- unloading

    @Test
    void anIdleTailnetIsUnloadedAfterThePeriodAndALaterSubmissionLoadsIt() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));

        host.pass(IDLE.minusSeconds(1));
        assertThat(tailnets.loaded()).containsExactly(ONE);
        host.pass(Duration.ofSeconds(15));
        assertThat(tailnets.loaded()).isEmpty();

        assertThat(done(tailnets, ONE, registered(2)).revision()).isEqualTo(new Revision(2));
        assertThat(observed).containsExactly("loaded one", "unloaded one", "loaded one");
    }

    @Test
    void aSubmissionThatComesWhileATailnetIsUnloadedIsNotLost() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));
        host.oversleep(IDLE.plusSeconds(20));
        host.runOne(); // the period is over, and the tailnet about to be unloaded
        assertThat(tailnets.loaded()).isEmpty();

        assertThat(done(tailnets, ONE, registered(2)).revision()).isEqualTo(new Revision(2));

        assertThat(observed).containsExactly("loaded one", "unloaded one", "loaded one");
    }

    @Test
    void aTailnetWithASessionAGraceOrAnAbsentEphemeralNodeStaysLoaded() {
        Tailnets tailnets = builder.newTailnets(
                        RoutingSettings.builder().withoutSilenceLimit().build())
                .open();
        done(tailnets, ONE, registered(1), connected(1));
        done(
                tailnets,
                TWO,
                new Command.RegisterNode(Node.builder(new NodeId(1), "ci", Owner.tags("tag:ci"))
                        .ephemeral(true)
                        .build()));
        host.pass(IDLE.multipliedBy(3));
        assertThat(tailnets.loaded()).containsExactly(ONE, TWO);

        done(tailnets, ONE, disconnected(1));
        host.pass(Duration.ofMinutes(30));

        assertThat(tailnets.loaded())
                .as("both went, and the ephemeral node was removed in time")
                .isEmpty();
        assertThat(store.load(TWO).orElseThrow().rows().nodes()).isEmpty();
    }

    @Test
    void aTailnetInUseStaysLoadedUntilItIsLetGo() {
        Tailnets tailnets = builder.open();
        OpenTailnet open = opened(tailnets, ONE);
        CompletableFuture<Receipt> receipt = future(open.submit(by("test", registered(1))));
        host.run();
        assertThat(receipt.join().revision()).isEqualTo(open.current().revision());
        host.pass(IDLE.multipliedBy(3));
        assertThat(tailnets.loaded()).containsExactly(ONE);

        open.close();
        open.close();
        host.pass(IDLE.plusSeconds(15));

        assertThat(tailnets.loaded()).isEmpty();
        assertThat(failure(future(open.submit(by("test", registered(2))))))
                .isInstanceOf(ControllerClosedException.class);
    }

    @Test
    void readsForOtherProcessesKeepNoTailnetLoaded() {
        Tailnets tailnets = builder.following(Duration.ofSeconds(1)).open();
        done(tailnets, ONE, registered(1));
        for (int i = 0; i < 20 && !tailnets.loaded().isEmpty(); i++) {
            tailnets.refreshIfLoaded(ONE);
            host.pass(IDLE.dividedBy(8));
        }
        assertThat(tailnets.loaded()).isEmpty();
        assertThat(tailnets.refreshIfLoaded(ONE)).isEmpty();
        assertThat(tailnets.refreshIfLoaded(ONE, new Revision(9))).isEmpty();
    }

    @Test
    void aLoadedTailnetIsRefreshedToWhatAnotherProcessCommitted() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1));
        done(builder().open(), ONE, registered(2));
        CompletableFuture<Snapshot> known =
                future(tailnets.refreshIfLoaded(ONE, new Revision(1)).orElseThrow());
        host.run();
        assertThat(known.join().revision()).isEqualTo(new Revision(1));
        CompletableFuture<Snapshot> refreshed =
                future(tailnets.refreshIfLoaded(ONE, new Revision(2)).orElseThrow());
        host.run();
        assertThat(refreshed.join().revision()).isEqualTo(new Revision(2));
        assertThat(refreshed.join().state().nodes()).hasSize(2);
    }

    @Test
    void nodesOfATailnetThatWasUnloadedAreOfflineAtOnceAndNoEventSaysSoAgain() {
        List<RouteEvent> events = new ArrayList<>();
        Tailnets tailnets = builder.listener(tailnet -> publication ->
                        ControllerFixture.events(List.of(publication)).forEach(events::add))
                .open();
        done(tailnets, ONE, registered(1), connected(1));
        done(tailnets, ONE, disconnected(1));
        host.pass(IDLE.multipliedBy(2));
        assertThat(tailnets.loaded()).isEmpty();
        events.clear();

        CompletableFuture<Snapshot> current = future(tailnets.current(ONE));
        host.run();
        host.pass(Duration.ofMinutes(2));

        assertThat(current.join().state().node(new NodeId(1)).orElseThrow().liveness())
                .isEqualTo(Liveness.OFFLINE);
        assertThat(events).isEmpty();
    }

    // ---- deadlines

    @Test
    void aDeadlineBeyondTheIdlePeriodComesInTime() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, expiring(1, Duration.ofHours(30)));
        host.pass(Duration.ofHours(30).minusMillis(2));
        assertThat(tailnets.loaded()).isEmpty();
        assertThat(tailnets.alarms()).as("the tick, and one for the deadline").isEqualTo(2);

        host.pass(Duration.ofMillis(2));

        assertThat(tailnets.currentIfLoaded(ONE)
                        .orElseThrow()
                        .state()
                        .node(new NodeId(1))
                        .orElseThrow()
                        .isKeyExpired())
                .isTrue();
        host.pass(IDLE.multipliedBy(2));
        assertThat(tailnets.loaded()).isEmpty();
        assertThat(tailnets.alarms()).isEqualTo(1);
    }

    @Test
    void aDeadlineFollowsTheClockWhenItIsStepped() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, expiring(1, Duration.ofDays(10)));
        host.pass(Duration.ofDays(1));
        assertThat(tailnets.loaded()).isEmpty();

        host.stepClock(Duration.ofDays(9));
        host.pass(Duration.ofSeconds(20));

        assertThat(store.written()).hasSize(1);
        assertThat(tailnets.currentIfLoaded(ONE)
                        .orElseThrow()
                        .state()
                        .node(new NodeId(1))
                        .orElseThrow()
                        .isKeyExpired())
                .isTrue();
    }

    @Test
    void aDeadlineAtWhichTheClockFailsComesWhenTheClockWorksAgain() {
        AtomicBoolean fails = new AtomicBoolean();
        Tailnets tailnets = Tailnets.builder(store, host, () -> {
                    if (fails.get()) {
                        throw new IllegalStateException("planted");
                    }
                    return host.instant();
                })
                .steadyNanos(host::steadyNanos)
                .newTailnets(RoutingSettings.DEFAULT)
                .idlePeriod(IDLE)
                .open();
        done(tailnets, ONE, expiring(1, Duration.ofHours(1)));
        host.pass(Duration.ofMinutes(59));
        assertThat(tailnets.loaded()).isEmpty();

        fails.set(true);
        host.pass(Duration.ofMinutes(2));
        fails.set(false);
        host.pass(Duration.ofSeconds(20));

        assertThat(tailnets.loaded()).containsExactly(ONE);
    }

    @Test
    void aDeadlineInAnOutageOfTheStoreIsTriedAgain() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, expiring(1, Duration.ofHours(1)));
        host.pass(Duration.ofMinutes(59));
        store.down(true);
        host.pass(Duration.ofMinutes(5));
        assertThat(tailnets.loaded()).isEmpty();
        store.down(false);

        host.pass(Duration.ofSeconds(10));

        assertThat(tailnets.loaded()).containsExactly(ONE);
    }

    @Test
    void afterARestartStoredTailnetsAreLoadedOnceSoThatTheirDeadlinesAreKnown() {
        Tailnets before = builder.open();
        done(before, ONE, expiring(1, Duration.ofHours(2)));
        done(before, TWO, registered(1));
        before.close();
        observed.clear();
        Tailnets tailnets = builder().loadedTailnets(2).open();

        CompletableFuture<Integer> loaded = future(tailnets.loadStored());
        host.run();
        assertThat(loaded).as("half of the room is left for callers").isNotDone();
        host.pass(Duration.ofMinutes(30));
        assertThat(loaded.join()).isEqualTo(2);
        assertThat(tailnets.loaded()).isEmpty();
        host.pass(Duration.ofMinutes(90));

        assertThat(tailnets.loaded()).as("its key expired").containsExactly(ONE);
    }

    // ---- limits

    @Test
    void atTheLimitTheIdleTailnetThatWasUsedLongestAgoMakesRoom() {
        Tailnets tailnets = builder.loadedTailnets(2).open();
        done(tailnets, ONE, registered(1));
        done(tailnets, TWO, registered(1));
        host.pass(Duration.ofSeconds(1));
        done(tailnets, ONE, registered(2));

        done(tailnets, THREE, registered(1));

        assertThat(tailnets.loaded()).containsExactly(ONE, THREE);
    }

    @Test
    void atTheLimitWithoutAnIdleTailnetTheCallerIsRefusedWithTheReason() {
        Tailnets tailnets = builder.loadedTailnets(2).open();
        done(tailnets, ONE, registered(1), connected(1));
        OpenTailnet held = opened(tailnets, TWO);

        assertThat(failure(submit(tailnets, THREE, registered(1))))
                .isInstanceOf(TailnetLimitException.class)
                .hasMessageContaining("`three`")
                .hasMessageContaining("at most 2 tailnets");

        held.close();
        assertThat(done(tailnets, THREE, registered(1)).revision()).isEqualTo(new Revision(1));
        assertThat(tailnets.loaded()).containsExactly(ONE, THREE);
    }

    @Test
    void theNodesOfLoadedTailnetsAreBoundedToo() {
        Tailnets tailnets = builder.loadedNodes(3).open();
        done(tailnets, ONE, registered(1), registered(2));
        done(tailnets, TWO, registered(1));
        tailnets.close();
        Tailnets next = builder().loadedNodes(2).open();
        CompletableFuture<OpenTailnet> one = future(next.open(ONE));
        host.run();

        CompletableFuture<Receipt> refused = submit(next, TWO, registered(2));
        host.run();
        assertThat(failure(refused))
                .isInstanceOfSatisfying(
                        TailnetLimitException.class,
                        e -> assertThat(e.limit()).isEqualTo(TailnetLimitException.Limit.NODES));
        one.join().close();
        host.pass(Duration.ofMinutes(2)); // the restart grace

        assertThat(done(next, TWO, registered(2)).revision()).isEqualTo(new Revision(2));
        assertThat(next.loaded()).containsExactly(TWO);
    }

    // ---- creation

    @Test
    void aTailnetThatWasNotCreatedIsRefusedAndOneThatWasIsThere() {
        Tailnets tailnets = Tailnets.builder(store, host, host)
                .steadyNanos(host::steadyNanos)
                .open();
        CompletableFuture<Receipt> unknown = submit(tailnets, ONE, registered(1));
        host.run();
        assertThat(failure(unknown)).isInstanceOf(UnknownTailnetException.class);

        CompletableFuture<Boolean> created = future(tailnets.create(ONE, RoutingSettings.HEADSCALE));
        CompletableFuture<Boolean> again = future(tailnets.create(ONE, RoutingSettings.DEFAULT));
        host.run();

        assertThat(created.join()).isTrue();
        assertThat(again.join()).isFalse();
        assertThat(done(tailnets, ONE, registered(1)).revision()).isEqualTo(new Revision(2));
        assertThat(tailnets.currentIfLoaded(ONE).orElseThrow().state().settings())
                .isEqualTo(RoutingSettings.HEADSCALE);
    }

    @Test
    void aTailnetThatIsCreatedAfterAStepOfTheClockHasTheTimeAfterTheStep() {
        Tailnets tailnets = builder.open();
        host.stepClock(Duration.ofHours(1));
        host.pass(Duration.ofSeconds(11));

        var unused = tailnets.create(ONE, RoutingSettings.DEFAULT);
        host.run();

        assertThat(store.written()).extracting(Commit::at).containsExactly(host.instant());
    }

    // ---- owners

    @Test
    void aTailnetOfAProcessThatLivesIsRefusedByNameAndHoldsUpNoThread() {
        Tailnets owner = builder.replica(replica("owner")).open();
        done(owner, ONE, registered(1), connected(1));
        Tailnets other = builder().replica(replica("other")).open();

        CompletableFuture<Receipt> refused = submit(other, ONE, registered(2));
        assertThat(done(other, TWO, registered(1)).revision()).isEqualTo(new Revision(1));
        host.pass(LeaseRule.DEFAULT.renewal().plusSeconds(2));

        assertThat(failure(refused))
                .isInstanceOfSatisfying(
                        FencedException.class, e -> assertThat(e.owner()).contains(new ReplicaId("owner")));
        CompletableFuture<Receipt> at_once = submit(other, ONE, registered(2));
        host.run();
        assertThat(failure(at_once)).isInstanceOf(FencedException.class);
    }

    @Test
    void aTailnetOfAProcessThatDiedIsLoadedWhenItsLeaseHasRunOut() {
        ManualHost dead = new ManualHost();
        Tailnets owner = Tailnets.builder(store, dead, dead)
                .steadyNanos(dead::steadyNanos)
                .newTailnets(RoutingSettings.DEFAULT)
                .replica(Replica.join(store, new ReplicaId("dead"), dead, dead, LeaseRule.DEFAULT, dead::steadyNanos))
                .open();
        for (TailnetId tailnet : List.of(ONE, TWO)) {
            CompletableFuture<Receipt> receipt = submit(owner, tailnet, registered(1));
            dead.run();
            receipt.join();
        }
        Tailnets tailnets = builder.replica(replica("next")).open();

        CompletableFuture<Receipt> one = submit(tailnets, ONE, registered(2));
        CompletableFuture<Receipt> two = submit(tailnets, TWO, registered(2));
        host.pass(LeaseRule.DEFAULT.length().minusSeconds(1));
        assertThat(one).isNotDone();
        host.pass(Duration.ofSeconds(3));

        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
        assertThat(one.join().revision()).isEqualTo(new Revision(2));
        assertThat(two.join().revision()).isEqualTo(new Revision(2));
    }

    /** The store may have been gone in the meantime. */
    @Test
    void aProcessThatWasSuspendedWhileItWatchedALeaseWatchesItAnew() {
        ManualHost dead = new ManualHost();
        Tailnets owner = Tailnets.builder(store, dead, dead)
                .steadyNanos(dead::steadyNanos)
                .newTailnets(RoutingSettings.DEFAULT)
                .replica(Replica.join(store, new ReplicaId("dead"), dead, dead, LeaseRule.DEFAULT, dead::steadyNanos))
                .open();
        var unused = submit(owner, ONE, registered(1));
        dead.run();
        Tailnets tailnets = builder.replica(replica("next")).open();
        CompletableFuture<Receipt> one = submit(tailnets, ONE, registered(2));
        host.pass(Duration.ofSeconds(5));

        host.oversleep(LeaseRule.DEFAULT.length());
        host.pass(LeaseRule.DEFAULT.length().minusSeconds(1));
        assertThat(one).isNotDone();
        host.pass(Duration.ofSeconds(3));

        assertThat(one.join().revision()).isEqualTo(new Revision(2));
    }

    @Test
    void anUnloadedTailnetIsFreeForAnotherProcess() {
        Tailnets owner = builder.replica(replica("owner")).open();
        done(owner, ONE, registered(1));
        host.pass(IDLE.plusSeconds(15));
        Tailnets other = builder().replica(replica("other")).open();

        assertThat(done(other, ONE, registered(2)).revision()).isEqualTo(new Revision(2));
    }

    @Test
    void aTailnetThatIsTakenOverEndsHereAndNamesItsOwner() {
        Tailnets former = builder.replica(replica("former")).open();
        done(former, ONE, registered(1), connected(1));
        Tailnets next = builder().replica(replica("next")).open();
        CompletableFuture<OpenTailnet> taken = future(next.takeOver(ONE));
        host.run();
        assertThat(taken.join().current().revision()).isEqualTo(new Revision(1));

        CompletableFuture<Receipt> fenced = submit(former, ONE, registered(2));
        host.run();

        assertThat(failure(fenced)).isInstanceOf(FencedException.class);
        assertThat(former.loaded()).isEmpty();
    }

    @Test
    void onlyAReplicaTakesOver() {
        Tailnets tailnets = builder.open();
        assertThatThrownBy(() -> tailnets.takeOver(ONE)).isInstanceOf(IllegalStateException.class);
    }

    // ---- fairness

    @Test
    void aFloodOfOneTailnetHoldsUpAnotherByOneTurn() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1), connected(1));
        done(tailnets, TWO, registered(1), connected(1));
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            flood(tailnets, answers, 3);
        }

        var unused = submit(tailnets, TWO, registered(2)).thenRun(() -> answers.add("two"));
        for (int tasks = 0; tasks < 3 && !answers.contains("two"); tasks++) {
            host.runOne();
        }

        assertThat(answers).contains("two");
    }

    /** Each answer is followed by the next submission. */
    private void flood(Tailnets tailnets, List<String> answers, int times) {
        var unused = submit(tailnets, ONE, advertised(1, LAN)).thenRun(() -> {
            answers.add("one");
            if (times > 0) {
                flood(tailnets, answers, times - 1);
            }
        });
    }

    @Test
    void manyLoadsHoldUpTheTurnOfALoadedTailnetByFewOfThem() {
        Tailnets tailnets = builder.loadsAtOnce(2).open();
        done(tailnets, ONE, registered(1), connected(1));
        for (int i = 0; i < 100; i++) {
            var unused = tailnets.current(new TailnetId("other-" + i));
        }
        CompletableFuture<Receipt> receipt = submit(tailnets, ONE, heard(1));

        int tasks = 0;
        for (; !receipt.isDone(); tasks++) {
            host.runOne();
        }

        assertThat(tasks).isLessThanOrEqualTo(5);
        host.run();
        assertThat(tailnets.loaded()).hasSize(101);
    }

    @Test
    void aRejectedLoadIsTriedAgain() {
        boolean[] isFull = {true};
        Executor executor = task -> {
            if (isFull[0]) {
                throw new RejectedExecutionException("full");
            }
            host.execute(task);
        };
        Tailnets tailnets = builder.executor(executor).open();
        CompletableFuture<Receipt> receipt = submit(tailnets, ONE, registered(1));
        host.pass(Duration.ofSeconds(1));
        assertThat(receipt).isNotDone();
        isFull[0] = false;

        host.pass(Duration.ofSeconds(1));

        assertThat(receipt.join().revision()).isEqualTo(new Revision(1));
    }

    // ---- one timer

    @Test
    void aHundredIdleTailnetsHaveOneTimerOfTheHostAndTakeNoTurn() {
        Tailnets tailnets = builder.newTailnets(
                        RoutingSettings.builder().withoutSilenceLimit().build())
                .open();
        for (int i = 0; i < 100; i++) {
            done(tailnets, new TailnetId("tailnet-" + i), registered(1), connected(1));
        }
        assertThat(host.due()).hasSize(1);
        assertThat(tailnets.alarms()).isEqualTo(1);

        host.oversleep(Duration.ofSeconds(10));
        host.runOne();

        assertThat(host.due()).as("no turn follows").allMatch(due -> due.isAfter(host.instant()));
    }

    @Test
    void aStepOfTheClockReachesAllLoadedTailnets() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1), connected(1));
        done(tailnets, TWO, registered(1), connected(1));

        host.stepClock(Duration.ofHours(1));
        host.pass(Duration.ofSeconds(11));

        for (TailnetId tailnet : List.of(ONE, TWO)) {
            assertThat(tailnets.currentIfLoaded(tailnet).orElseThrow().state().now())
                    .isEqualTo(ManualHost.START.plus(Duration.ofHours(1)));
            assertThat(tailnets.currentIfLoaded(tailnet)
                            .orElseThrow()
                            .state()
                            .nodes()
                            .get(new NodeId(1))
                            .liveness())
                    .isEqualTo(Liveness.ONLINE);
        }
    }

    // ---- metrics

    @Test
    void metersAreSumsOverTheLoadedTailnetsAndDoNotGrowWithThem() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Tailnets tailnets =
                builder.observer(new MicrometerTailnetsObserver(registry)).open();
        int meters = registry.getMeters().size();
        done(tailnets, ONE, registered(1), connected(1), advertised(1, LAN), approved(1, LAN));
        done(tailnets, TWO, registered(1), registered(2), advertised(2, LAN));

        assertThat(registry.get("wayleave.tailnets.loaded").gauge().value()).isEqualTo(2);
        assertThat(registry.get("wayleave.tailnets.nodes").gauge().value()).isEqualTo(3);
        assertThat(registry.get("wayleave.tailnets.pending.routes").gauge().value())
                .isEqualTo(1);
        assertThat(registry.get("wayleave.tailnets.commit").timer().count()).isEqualTo(2);
        done(tailnets, ONE, disconnected(1));
        host.pass(IDLE.multipliedBy(2));

        assertThat(registry.get("wayleave.tailnets.loaded").gauge().value()).isZero();
        assertThat(registry.get("wayleave.tailnets.nodes").gauge().value()).isZero();
        assertThat(registry.get("wayleave.tailnets.unloads").counter().count()).isEqualTo(2);
        assertThat(registry.getMeters()).hasSize(meters);
    }

    // ---- two tailnets never meet

    @Test
    void equalPrefixesNodesAndHostKeysOfTwoTailnetsNeverMeet() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1), connected(1), advertised(1, LAN), approved(1, LAN));
        done(tailnets, TWO, registered(1), registered(2), connected(2), advertised(2, LAN), approved(2, LAN));
        done(tailnets, ONE, disconnected(1));
        host.pass(Duration.ofMinutes(1));

        assertThat(tailnets.currentIfLoaded(ONE).orElseThrow().state().primary(LAN))
                .isEmpty();
        assertThat(tailnets.currentIfLoaded(TWO).orElseThrow().state().primary(LAN))
                .contains(new NodeId(2));
    }

    // ---- the end

    @Test
    void aCloseAnswersAllThatWaitsAndRefusesLaterCalls() {
        Tailnets tailnets = builder.open();
        done(tailnets, ONE, registered(1), connected(1));
        CompletableFuture<Receipt> loaded = submit(tailnets, ONE, registered(2));
        CompletableFuture<Receipt> unloaded = submit(tailnets, TWO, registered(1));

        tailnets.close();
        tailnets.close();

        assertThat(loaded.join().revision()).isEqualTo(new Revision(2));
        assertThat(failure(unloaded)).isInstanceOf(ControllerClosedException.class);
        assertThat(failure(submit(tailnets, ONE, registered(3)))).isInstanceOf(ControllerClosedException.class);
        assertThat(failure(future(tailnets.create(THREE, RoutingSettings.DEFAULT))))
                .isInstanceOf(ControllerClosedException.class);
        host.pass(Duration.ofHours(1));
        assertThat(host.due()).isEmpty();
        assertThat(store.load(TWO)).isEmpty();
    }

    @Test
    void aSchedulerThatTakesNoWorkIsRefusedWhenTheTailnetsAreOpened() {
        host.shutdown();
        assertThatThrownBy(builder::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shut down");
    }
}
