package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.ScriptedStore.Fault;
import dev.wayleave.storage.contract.ForwardingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Stores that do not work, or do not take what they are given. */
class ControllerOutageTest {

    private final ControllerFixture testing = new ControllerFixture();

    private Liveness liveness(long node) {
        return testing.controller
                .current()
                .state()
                .node(new NodeId(node))
                .orElseThrow()
                .liveness();
    }

    @Test
    void aSubmissionDuringAnOutageWaitsAndNothingIsPublished() {
        testing.open().withRouters();
        Snapshot before = testing.controller.current();
        testing.store.down(true);
        CompletableFuture<Receipt> one = testing.submit(registered(3));
        testing.host.pass(Duration.ofMinutes(1));
        CompletableFuture<Receipt> other = testing.submit(registered(4));
        testing.host.pass(Duration.ofMinutes(1));
        assertThat(testing.controller.current()).isSameAs(before);
        assertThat(one).isNotDone();

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(2));

        assertThat(List.of(one, other))
                .allMatch(receipt -> receipt.join().revision().equals(new Revision(3)));
    }

    @Test
    void anOutageNeverLooksLikeAnOutageOfTheRouters() {
        testing.open().withRouters();
        testing.store.down(true);
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));
        for (int minute = 0; minute < 60; minute++) {
            testing.host.pass(Duration.ofMinutes(1));
            testing.submit(heard(1));
            testing.submit(heard(2));
        }

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(3));

        assertThat(waiting.join().events()).isEmpty();
        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(liveness(1)).isEqualTo(Liveness.ONLINE);
        assertThat(liveness(2)).isEqualTo(Liveness.ONLINE);
        assertThat(ControllerFixture.events(testing.publications))
                .noneMatch(RouteEvent.PrimaryMoved.class::isInstance)
                .noneMatch(RouteEvent.NodeInGrace.class::isInstance)
                .noneMatch(RouteEvent.NodeOffline.class::isInstance);
    }

    @Test
    void aRouterThatReallyWentSilentDuringAnOutageIsJudgedByWhenItWasLastHeard() {
        testing.open().withRouters();
        testing.store.down(true);
        testing.submit(registered(3));
        Instant lastOfOne = null;
        for (int minute = 0; minute < 10; minute++) {
            testing.host.pass(Duration.ofMinutes(1));
            testing.submit(heard(2));
            if (minute < 5) {
                testing.submit(heard(1));
                lastOfOne = testing.host.instant();
            }
        }

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(3));

        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(liveness(1)).isEqualTo(Liveness.OFFLINE);
        assertThat(liveness(2)).isEqualTo(Liveness.ONLINE);
        assertThat(testing.controller.current().state().lastHeard(new NodeId(1)))
                .isEmpty();
        assertThat(lastOfOne).isEqualTo(ManualHost.START.plus(Duration.ofMinutes(5)));
    }

    @Test
    void aRouterHeardJustBeforeRecoveryStaysPrimary() {
        testing.open().withRouters();
        testing.store.down(true);
        testing.submit(registered(3));
        testing.host.pass(Duration.ofMinutes(30));
        testing.submit(heard(1));
        testing.submit(heard(2));
        testing.host.pass(Duration.ofSeconds(129));

        testing.store.down(false);
        testing.host.pass(Duration.ofMillis(900));

        assertThat(testing.primary()).contains(new NodeId(1));
    }

    @Test
    void aDeadlineThatFallsDueInAnOutageIsDoneAfterwards() {
        testing.open().withRouters();
        testing.done(disconnected(1));
        testing.store.down(true);
        testing.host.pass(Duration.ofSeconds(60));
        assertThat(testing.primary()).contains(new NodeId(1));

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(2));

        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void aRouterThatCameBackDuringTheOutageNeverWasAway() {
        testing.open().withRouters();
        testing.done(disconnected(1));
        testing.store.down(true);
        testing.host.pass(Duration.ofSeconds(60));
        testing.submit(connected(1));

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(2));

        assertThat(testing.primary()).contains(new NodeId(1));
    }

    @Test
    void aSlowCommitDoesNotMakeRoutersSilent() {
        testing.open().withRouters();
        testing.store.beforeCommit(() -> {
            testing.store.beforeCommit(() -> {});
            testing.host.oversleep(Duration.ofSeconds(200));
            testing.submit(heard(1));
            testing.submit(heard(2));
        });

        testing.done(registered(3));

        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(liveness(1)).isEqualTo(Liveness.ONLINE);
        assertThat(liveness(2)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void keepAlivesOfAnOutageHaveOneAnswerForEachSessionAndDoNotGrow() {
        testing.builder.queueLimit(1);
        testing.open().withRouters();
        testing.store.down(true);
        testing.submit(registered(3));
        List<CompletableFuture<Receipt>> keepAlives = new ArrayList<>();
        List<Object> stages = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            testing.host.pass(Duration.ofSeconds(1));
            stages.add(testing.controller.submit(ControllerFixture.by("test", heard(1))));
            keepAlives.add(testing.submit(heard(1)));
        }
        assertThat(stages.stream().distinct().count()).isLessThanOrEqualTo(2);

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(3));

        assertThat(keepAlives).allMatch(receipt -> receipt.join().result().equals(SubmissionResult.accepted()));
    }

    @Test
    void theQueueFillsDuringAnOutageAndThenRefuses() {
        testing.builder.queueLimit(3);
        testing.open().withRouters();
        testing.store.down(true);
        List<CompletableFuture<Receipt>> waiting = new ArrayList<>();
        for (long node = 3; node < 6; node++) {
            waiting.add(testing.submit(registered(node)));
            testing.host.run();
        }

        assertThat(failure(testing.submit(registered(7)))).isInstanceOf(QueueFullException.class);

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(2));
        assertThat(waiting).allMatch(receipt -> receipt.join().revision().equals(new Revision(3)));
    }

    @Test
    void pausesGrowToTheLongestAndStartAnewAfterASuccess() {
        List<Duration> pauses = new ArrayList<>();
        List<String> outages = new ArrayList<>();
        testing.builder.observer(new RoutingObserver() {
            @Override
            public void retrying(TailnetId tailnet, Duration pause) {
                pauses.add(pause);
            }

            @Override
            public void outageBegan(TailnetId tailnet, Exception cause) {
                outages.add("began: " + cause.getMessage());
            }

            @Override
            public void outageEnded(TailnetId tailnet, Duration lasted) {
                outages.add("lasted " + lasted);
            }
        });
        testing.open().withRouters();
        testing.store.down(true);
        testing.submit(registered(3));
        testing.host.pass(Duration.ofSeconds(7));
        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(2));
        testing.store.next(Fault.UNAVAILABLE);
        testing.submit(registered(4));
        testing.host.pass(Duration.ofSeconds(1));

        assertThat(pauses.stream().map(Duration::toMillis))
                .containsExactly(100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L, 100L);
        assertThat(outages).containsExactly("began: down", "lasted PT7.1S", "began: unavailable", "lasted PT0.1S");
    }

    /** Outages, as reported to an observer. */
    private List<String> outages() {
        List<String> outages = new ArrayList<>();
        testing.builder.observer(new RoutingObserver() {
            @Override
            public void outageBegan(TailnetId tailnet, Exception cause) {
                outages.add("began");
            }

            @Override
            public void outageEnded(TailnetId tailnet, Duration lasted) {
                outages.add("ended");
            }
        });
        return outages;
    }

    @Test
    void anOutageEndsWhenWhatCouldNotBeStoredIsNotWantedAnyMore() {
        List<String> outages = outages();
        testing.open().withRouters();
        testing.done(disconnected(1));
        testing.store.next(Fault.UNAVAILABLE);
        testing.host.pass(Duration.ofSeconds(15));
        assertThat(outages).containsExactly("began");
        testing.submit(connected(1));

        testing.host.pass(Duration.ofSeconds(2));

        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(outages).containsExactly("began", "ended");
    }

    @Test
    void anOutageEndsWhenTheStoreCanBeReadAndNothingIsLeftToWrite() {
        List<String> outages = outages();
        testing.open().withRouters();
        testing.store.next(Fault.CONFLICT, Fault.CONFLICT, Fault.CONFLICT);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        testing.host.pass(Duration.ofMillis(300));
        testing.store.down(true);
        testing.host.pass(Duration.ofSeconds(1));
        assertThat(outages).containsExactly("began");

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(3));

        assertThat(failure(receipt)).isInstanceOf(TooManyConflictsException.class);
        assertThat(outages).containsExactly("began", "ended");
    }

    @Test
    void anOutageEndsWhenTheStoreSaysWhatItDoesNotTake() {
        List<String> outages = outages();
        testing.open().withRouters();
        testing.store.next(Fault.UNAVAILABLE, Fault.REFUSED, Fault.REFUSED);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));

        testing.host.pass(Duration.ofSeconds(1));

        assertThat(failure(receipt)).isInstanceOf(StorageException.class).hasMessage("refused");
        assertThat(outages).containsExactly("began", "ended");
    }

    @Test
    void aRefreshThatMeetsAnErrorIsAnswered() {
        AtomicBoolean opened = new AtomicBoolean();
        RoutingStore broken = new ForwardingStore(testing.store) {
            @Override
            public Optional<StoredTailnet> load(TailnetId tailnet) {
                if (opened.getAndSet(true)) {
                    throw new StackOverflowError("test");
                }
                return super.load(tailnet);
            }
        };
        RouteController controller = RouteController.builder(broken, TAILNET, testing.host, testing.host)
                .steadyNanos(testing.host::steadyNanos)
                .open();
        testing.host.run();
        CompletableFuture<Snapshot> refreshed = controller.refresh().toCompletableFuture();

        testing.host.run();

        assertThat(refreshed).isDone();
        assertThat(failure(refreshed))
                .isInstanceOf(StorageException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void rowsThatContradictEachOtherFailTheRefreshUntilTheyAreMended() {
        testing.open().withRouters();
        AtomicBoolean damaged = new AtomicBoolean();
        RoutingStore store = new ForwardingStore(testing.store) {
            @Override
            public Optional<StoredTailnet> load(TailnetId tailnet) {
                return super.load(tailnet).map(stored -> damaged.get() ? withoutNodes(stored) : stored);
            }

            @Override
            public Optional<StoredChanges> changes(TailnetId tailnet, Revision since) {
                return damaged.get() ? Optional.empty() : super.changes(tailnet, since);
            }
        };
        RouteController controller = opened(store);
        testing.elsewhere(registered(3));
        damaged.set(true);
        Snapshot before = controller.current();
        CompletableFuture<Snapshot> failed = controller.refresh().toCompletableFuture();
        testing.host.run();
        damaged.set(false);
        CompletableFuture<Snapshot> refreshed = controller.refresh().toCompletableFuture();
        testing.host.run();

        assertThat(failure(failed))
                .isInstanceOf(StorageException.class)
                .hasCauseInstanceOf(ContradictingRowsException.class);
        assertThat(before.state().node(new NodeId(3))).isEmpty();
        assertThat(refreshed.join().state().node(new NodeId(3))).isPresent();
    }

    @Test
    void changesThatContradictTheKnownRowsFailTheRefreshUntilTheyAreMended() {
        testing.open().withRouters();
        AtomicBoolean damaged = new AtomicBoolean();
        RoutingStore store = new ForwardingStore(testing.store) {
            @Override
            public Optional<StoredChanges> changes(TailnetId tailnet, Revision since) {
                return super.changes(tailnet, since).map(changes -> damaged.get() ? withoutNodes(changes) : changes);
            }
        };
        RouteController controller = opened(store);
        testing.elsewhere(registered(3), advertised(3, LAN));
        damaged.set(true);
        CompletableFuture<Snapshot> failed = controller.refresh().toCompletableFuture();
        testing.host.run();
        damaged.set(false);
        CompletableFuture<Snapshot> refreshed = controller.refresh().toCompletableFuture();
        testing.host.run();

        assertThat(failure(failed))
                .isInstanceOf(StorageException.class)
                .hasCauseInstanceOf(ContradictingRowsException.class);
        assertThat(refreshed.join().state().node(new NodeId(3))).isPresent();
    }

    @Test
    void rowsThatAnOperatorMendsWithoutARevisionAreRead() {
        testing.open().withRouters();
        AtomicBoolean damaged = new AtomicBoolean();
        RoutingStore store = new ForwardingStore(testing.store) {
            @Override
            public Optional<StoredChanges> changes(TailnetId tailnet, Revision since) {
                // a mend writes no revision, so that the changes go on contradicting the known rows
                return super.changes(tailnet, since).map(ControllerOutageTest::withoutNodes);
            }

            @Override
            public Optional<StoredTailnet> load(TailnetId tailnet) {
                return super.load(tailnet).map(stored -> damaged.get() ? withoutNodes(stored) : stored);
            }
        };
        RouteController controller = opened(store);
        testing.elsewhere(registered(3), advertised(3, LAN));
        damaged.set(true);
        CompletableFuture<Snapshot> failed = controller.refresh().toCompletableFuture();
        testing.host.run();
        CompletableFuture<Snapshot> again = controller.refresh().toCompletableFuture();
        testing.host.run();
        damaged.set(false);
        CompletableFuture<Snapshot> refreshed = controller.refresh().toCompletableFuture();
        testing.host.run();

        assertThat(failure(failed)).hasCauseInstanceOf(ContradictingRowsException.class);
        assertThat(failure(again)).hasCauseInstanceOf(ContradictingRowsException.class);
        assertThat(refreshed.join().state().rows())
                .isEqualTo(testing.store.load(TAILNET).orElseThrow().rows());
    }

    /** A second controller, on a store that may show something else than the first one's. */
    private RouteController opened(RoutingStore store) {
        RouteController controller = RouteController.builder(store, TAILNET, testing.host, testing.host)
                .steadyNanos(testing.host::steadyNanos)
                .open();
        testing.host.run();
        return controller;
    }

    private static StoredChanges withoutNodes(StoredChanges changes) {
        RowChanges rows = changes.rowChanges();
        return new StoredChanges(
                changes.since(),
                changes.sinceToken(),
                changes.revision(),
                changes.token(),
                new RowChanges(rows.tailnetOrNull(), rows.users(), RowChanges.Rows.none(), rows.routes()));
    }

    private static StoredTailnet withoutNodes(StoredTailnet stored) {
        StateRows rows = stored.rows();
        return new StoredTailnet(
                stored.revision(),
                stored.token(),
                new StateRows(rows.tailnet(), rows.users(), List.of(), rows.routes()));
    }

    @Test
    void aRefreshAfterAnyCommitKnowsTheRevisionAgain() {
        testing.open().withRouters();
        testing.elsewhere(registered(9));
        for (Fault fault : List.of(Fault.NONE, Fault.UNKNOWN_LANDED, Fault.CONFLICT)) {
            testing.store.next(fault);
            CompletableFuture<Receipt> receipt = testing.submit(registered(20 + fault.ordinal()));
            testing.host.pass(Duration.ofSeconds(1));
            assertThat(receipt).isDone();
            CompletableFuture<Snapshot> refreshed = testing.controller.refresh().toCompletableFuture();
            testing.host.run();
            assertThat(refreshed.join()).isSameAs(testing.controller.current());
        }
    }

    @Test
    void aStoreThatDoesNotWorkAtFirstOpensNoController() {
        testing.store.down(true);

        assertThatThrownBy(testing.builder::open).isInstanceOf(StorageUnavailableException.class);
        assertThat(testing.host.due()).isEmpty();
    }

    // ---- what alone cannot be stored

    @Test
    void aSubmissionThatCannotBeStoredIsAnsweredSoAndOtherSubmissionsGoOn() {
        testing.open().withRouters();
        List<CompletableFuture<Receipt>> others = new ArrayList<>();
        CompletableFuture<Receipt> poison = null;
        for (long node = 10; node < 30; node++) {
            if (node == 17) {
                poison = testing.submit(registered(99));
            }
            others.add(testing.submit(registered(node)));
        }
        RoutingStore picky = testing.store;
        testing.store.beforeEach(commit -> {
            if (commit.rowChanges().nodes().upserts().stream()
                    .anyMatch(row -> row.facts().id().value() == 99)) {
                throw new StorageException("node 99 cannot be stored");
            }
        });

        testing.host.run();

        assertThat(failure(poison)).isInstanceOf(StorageException.class).hasMessage("node 99 cannot be stored");
        assertThat(others).allMatch(receipt -> receipt.join().result().equals(SubmissionResult.accepted()));
        assertThat(testing.controller.current().state().nodes()).hasSize(22);
        assertThat(picky.load(TAILNET).orElseThrow().rows())
                .isEqualTo(testing.controller.current().state().rows());
    }

    @Test
    void whileTheSubmissionThatCannotBeStoredIsSearchedNoNodeFallsSilent() {
        testing.open().withRouters();
        testing.store.down(true);
        testing.submit(registered(3), connected(3), advertised(3, LAN), approved(3, LAN));
        CompletableFuture<Receipt> poison = testing.submit(registered(99));
        testing.host.pass(Duration.ofMinutes(10));
        testing.submit(heard(1));
        testing.submit(heard(2));
        testing.store.down(false);
        testing.store.beforeEach(commit -> {
            if (commit.rowChanges().nodes().upserts().stream()
                    .anyMatch(row -> row.facts().id().value() == 99)) {
                throw new StorageException("node 99 cannot be stored");
            }
        });

        testing.host.pass(Duration.ofSeconds(3));

        assertThat(failure(poison)).isInstanceOf(StorageException.class);
        assertThat(ControllerFixture.events(testing.publications))
                .noneMatch(RouteEvent.PrimaryMoved.class::isInstance)
                .noneMatch(RouteEvent.NodeInGrace.class::isInstance);
        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(liveness(1)).isEqualTo(Liveness.ONLINE);
        assertThat(liveness(2)).isEqualTo(Liveness.ONLINE);
    }

    @Test
    void aTimedStepIsTriedAgainIfItCannotBeStored() {
        testing.open().withRouters();
        testing.done(disconnected(1));
        testing.store.next(Fault.REFUSED, Fault.REFUSED);

        testing.host.pass(Duration.ofSeconds(17));

        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void closingInAnOutageAnswersWhatWaits() {
        testing.open().withRouters();
        testing.store.down(true);
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));
        CompletableFuture<Receipt> keepAlive = testing.submit(heard(1));
        testing.host.pass(Duration.ofSeconds(1));
        CompletableFuture<Receipt> newer = testing.submit(heard(1), new Command.PassTime());

        testing.controller.close();

        for (CompletableFuture<Receipt> each : List.of(waiting, keepAlive, newer)) {
            assertThat(failure(each)).isInstanceOf(ControllerClosedException.class);
        }
        testing.store.down(false);
        testing.host.pass(Duration.ofMinutes(1));
        assertThat(testing.store.load(TAILNET).orElseThrow().revision()).isEqualTo(new Revision(2));
    }
}
