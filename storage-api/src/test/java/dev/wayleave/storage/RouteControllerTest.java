package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
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

import com.google.common.collect.ImmutableListMultimap;
import dev.wayleave.TouchedKeys;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.contract.ForwardingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a controller does while nothing breaks. */
class RouteControllerTest {

    private final ControllerFixture testing = new ControllerFixture();

    // ---- answers

    @Test
    void aReceiptComesAfterTheCommitWithItsRevisionAndItsEvents() {
        testing.open();

        CompletableFuture<Receipt> receipt = testing.submit(registered(1), connected(1), advertised(1, LAN));
        assertThat(receipt).isNotDone();
        testing.host.run();

        assertThat(receipt.join().revision()).isEqualTo(new Revision(1));
        assertThat(receipt.join().result()).isEqualTo(SubmissionResult.accepted());
        assertThat(receipt.join().events())
                .hasSize(3)
                .hasAtLeastOneElementOfType(RouteEvent.RouteAdvertised.class)
                .hasAtLeastOneElementOfType(RouteEvent.ApprovalPending.class)
                .hasAtLeastOneElementOfType(RouteEvent.NodeOnline.class);
        assertThat(testing.store.load(TAILNET).orElseThrow().rows())
                .isEqualTo(testing.controller.current().state().rows());
    }

    @Test
    void anAcceptedReceiptIsItselfAndARefusedOneThrowsAllProblems() throws InterruptedException {
        testing.open();
        CompletableFuture<Receipt> refused = testing.submit(advertised(98, LAN), advertised(99, LAN));
        CompletableFuture<Receipt> accepted = testing.submit(registered(1));
        testing.host.run();

        Receipt receipt = Receipt.await(accepted, Duration.ofSeconds(1));
        assertThat(receipt.orElseThrow()).isSameAs(receipt);
        assertThatThrownBy(() -> Receipt.await(refused, Duration.ofSeconds(1)).orElseThrow())
                .isInstanceOfSatisfying(
                        SubmissionRefusedException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        new Problem.UnknownNode(0, new NodeId(98)),
                                        new Problem.UnknownNode(1, new NodeId(99))))
                .hasMessageContaining("98")
                .hasMessageContaining("99");
    }

    @Test
    void anAnswerThatDoesNotComeInTimeMayStillBeApplied() {
        testing.open();
        CompletableFuture<Receipt> waiting = testing.submit(registered(1));

        assertThatThrownBy(() -> Receipt.await(waiting, Duration.ofNanos(1)))
                .isInstanceOf(AnswerTimeoutException.class)
                .hasMessageContaining("applied");
        assertThatThrownBy(() -> Receipt.await(waiting, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        testing.host.run();
        assertThat(waiting.join().result()).isEqualTo(SubmissionResult.accepted());
    }

    @Test
    void aRefusalIsAReceiptTooAndHarmsNoOtherSubmission() {
        testing.open();

        CompletableFuture<Receipt> refused = testing.submit(advertised(99, LAN));
        CompletableFuture<Receipt> accepted = testing.submit(registered(1));
        testing.host.run();

        assertThat(refused.join().result()).isInstanceOf(SubmissionResult.Refused.class);
        assertThat(accepted.join().result()).isEqualTo(SubmissionResult.accepted());
        assertThat(testing.store.commits()).isEqualTo(1);
    }

    @Test
    void eventsGoToTheSubmissionThatLedToThem() {
        testing.open();
        CompletableFuture<Receipt> one =
                submitted(testing.controller.submit(by("one", registered(1), connected(1), advertised(1, LAN))));
        CompletableFuture<Receipt> other =
                submitted(testing.controller.submit(by("other", registered(2), connected(2))));
        testing.host.run();

        assertThat(one.join().events())
                .hasSize(3)
                .allMatch(event -> event.actor().equals(Optional.of(new Actor("one"))));
        assertThat(other.join().events())
                .hasSize(1)
                .allMatch(event -> event.subjectNode().equals(Optional.of(new NodeId(2))));
    }

    @Test
    void aStepThatChangesNothingDurableIsPublishedWithoutACommit() {
        testing.open().withRouters();
        int commits = testing.store.commits();

        Receipt receipt = testing.done(heard(1));
        testing.done(new Command.PassTime());

        assertThat(testing.store.commits()).isEqualTo(commits);
        assertThat(receipt.revision()).isEqualTo(new Revision(2));
    }

    @Test
    void onlyTheControllerCanAnswer() {
        testing.open();
        CompletionStage<Receipt> stage = testing.controller.submit(by("test", registered(1)));

        assertThatThrownBy(() -> ((CompletableFuture<Receipt>) stage).complete(null))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    // ---- tailnets

    @Test
    void aNewTailnetIsStoredWithItsSettingsByItsFirstDurableChange() {
        testing.open();
        testing.done(new Command.PassTime());
        assertThat(testing.store.load(TAILNET)).isEmpty();
        assertThat(testing.controller.current().revision()).isEqualTo(Revision.NONE);

        testing.done(registered(1));

        RoutingSettings settings =
                testing.store.load(TAILNET).orElseThrow().rows().tailnet().settings();
        assertThat(settings.approval().rememberDenied()).isFalse();
    }

    @Test
    void aReopenedControllerMovesNothingWhileNodesReconnect() {
        testing.open().withRouters();
        testing.controller.close();
        int commits = testing.store.commits();

        testing.open();

        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(2));
        testing.done(connected(2));
        testing.host.pass(Duration.ofSeconds(30));
        testing.done(connected(1));
        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(testing.store.commits()).isEqualTo(commits);
    }

    @Test
    void theRestartGraceBeginsWhenTheRowsAreLoaded() {
        testing.open().withRouters();
        testing.controller.close();
        RoutingStore slow = new ForwardingStore(testing.store) {
            @Override
            public Optional<StoredTailnet> load(TailnetId tailnet) {
                testing.host.oversleep(Duration.ofSeconds(61));
                return super.load(tailnet);
            }
        };

        testing.controller = RouteController.builder(slow, TAILNET, testing.host, testing.host)
                .steadyNanos(testing.host::steadyNanos)
                .open();
        testing.host.pass(Duration.ofSeconds(59));

        assertThat(testing.primary()).contains(new NodeId(1));
    }

    @Test
    void manyControllersShareOneHostAndOneStore() {
        List<RouteController> controllers = new ArrayList<>();
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RouteController each = RouteController.builder(
                            testing.store, new TailnetId("tailnet " + i), testing.host, testing.host)
                    .steadyNanos(testing.host::steadyNanos)
                    .open();
            controllers.add(each);
            receipts.add(submitted(each.submit(by("test", registered(1), connected(1)))));
        }
        testing.host.run();
        receipts.forEach(receipt -> assertThat(receipt.join().revision()).isEqualTo(new Revision(1)));

        testing.host.pass(Duration.ofSeconds(131));

        for (RouteController each : controllers) {
            assertThat(each.current().state().node(new NodeId(1)).orElseThrow().liveness())
                    .isEqualTo(Liveness.GRACE);
        }
    }

    @Test
    void receiptsOfAStepLookAtEachOfItsEventsOnce() {
        List<Submission> submissions = new ArrayList<>();
        List<RouteEvent> events = new ArrayList<>();
        for (long node = 1; node <= 1_000; node++) {
            Actor actor = new Actor("host " + node);
            submissions.add(new Submission(actor, "request", List.of(registered(node))));
            events.add(new RouteEvent.RouteAdvertised(new Origin(actor, "request"), new NodeId(node), LAN));
        }
        AtomicInteger looks = new AtomicInteger();
        List<RouteEvent> counted = new AbstractList<>() {
            @Override
            public RouteEvent get(int index) {
                looks.incrementAndGet();
                return events.get(index);
            }

            @Override
            public int size() {
                return events.size();
            }
        };

        ImmutableListMultimap<Origin, RouteEvent> byOrigin = Receipt.byOrigin(counted);

        assertThat(looks).hasValue(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(byOrigin.get(Origin.of(submissions.get(i)))).containsExactly(events.get(i));
        }
    }

    // ---- batches

    @Test
    void queuedSubmissionsAreOneStepAndOneCommit() {
        testing.open();
        List<Integer> seen = new ArrayList<>();
        testing.store.beforeCommit(() -> seen.add(testing.store.commits()));
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (long node = 1; node <= 50; node++) {
            receipts.add(testing.submit(registered(node), connected(node), advertised(node, LAN), approved(node, LAN)));
        }

        testing.host.run();

        assertThat(seen).hasSize(1);
        assertThat(receipts).allMatch(receipt -> receipt.join().revision().equals(new Revision(1)));
        assertThat(testing.store.written().get(0).events())
                .filteredOn(RouteEvent.PrimaryElected.class::isInstance)
                .hasSize(1);
    }

    @Test
    void submissionsDuringACommitAreTakenByTheNextOneTogether() {
        testing.open();
        List<CompletableFuture<Receipt>> meanwhile = new ArrayList<>();
        testing.store.beforeCommit(() -> {
            if (meanwhile.isEmpty()) {
                meanwhile.add(testing.submit(registered(2)));
                meanwhile.add(testing.submit(registered(3)));
            }
        });

        Receipt first = testing.done(registered(1));

        assertThat(first.revision()).isEqualTo(new Revision(1));
        assertThat(meanwhile).allMatch(receipt -> receipt.join().revision().equals(new Revision(2)));
        assertThat(testing.store.commits()).isEqualTo(2);
    }

    @Test
    void aFullQueueRefusesWithItsLimitAndTakesAgainWhenThereIsRoom() {
        testing.builder.queueLimit(2);
        testing.open();
        List<Integer> full = new ArrayList<>();
        CompletableFuture<Receipt> one = testing.submit(registered(1));
        CompletableFuture<Receipt> two = testing.submit(registered(2));

        Throwable refusal = failure(testing.submit(registered(3)));

        assertThat(refusal)
                .isInstanceOf(QueueFullException.class)
                .hasMessageContainingAll("`example.com`", "2 submissions");
        assertThat(((QueueFullException) refusal).limit()).isEqualTo(2);
        testing.host.run();
        assertThat(List.of(one, two)).allMatch(CompletableFuture::isDone);
        assertThat(testing.done(registered(3)).revision()).isEqualTo(new Revision(2));
        assertThat(full).isEmpty();
    }

    // ---- keep-alives

    @Test
    void keepAlivesNeverFillTheQueueAndTheLatestOfEachSessionIsHeard() {
        testing.builder.queueLimit(1);
        testing.open().withRouters();
        CompletableFuture<Receipt> waiting = testing.submit(new Command.PassTime());
        List<CompletableFuture<Receipt>> keepAlives = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            testing.host.oversleep(Duration.ofMillis(10));
            keepAlives.add(testing.submit(heard(1)));
            keepAlives.add(testing.submit(heard(2)));
        }
        Instant last = testing.host.instant();
        testing.host.oversleep(Duration.ofSeconds(5));

        testing.host.run();

        assertThat(waiting).isDone();
        assertThat(keepAlives).allMatch(receipt -> receipt.join().result().equals(SubmissionResult.accepted()));
        assertThat(testing.controller.current().state().lastHeard(new NodeId(1)))
                .contains(last);
    }

    @Test
    void keepAlivesOfTooManySessionsAreRefusedAndThoseThatWaitGoOn() {
        testing.builder.sessionLimit(2);
        testing.open().withRouters();
        CompletableFuture<Receipt> one = testing.submit(heard(1));
        CompletableFuture<Receipt> unknown = testing.submit(heard(77));

        CompletableFuture<Receipt> refused = testing.submit(heard(2));
        CompletableFuture<Receipt> again = testing.submit(heard(1));

        assertThat(((QueueFullException) failure(refused)).limit()).isEqualTo(2);
        testing.host.run();
        assertThat(List.of(one, unknown, again)).allMatch(CompletableFuture::isDone);
        assertThat(testing.done(heard(2)).result()).isEqualTo(SubmissionResult.accepted());
    }

    @Test
    void allWhoAskForARefreshBeforeTheStoreIsReadShareOneAnswer() {
        testing.open();
        int reads = testing.store.loads() + testing.store.changesRead();

        List<CompletionStage<Snapshot>> asked = List.of(testing.controller.refresh(), testing.controller.refresh());
        testing.host.run();
        CompletionStage<Snapshot> later = testing.controller.refresh();
        testing.host.run();

        assertThat((Object) asked.get(0)).isSameAs(asked.get(1));
        assertThat((Object) later).isNotSameAs(asked.get(0));
        assertThat(later.toCompletableFuture()).isDone();
        assertThat(testing.store.loads() + testing.store.changesRead()).isEqualTo(reads + 2);
    }

    @Test
    void aKeepAliveIsHeardWhenItArrivesAlsoInsideALongerSubmission() {
        testing.open().withRouters();
        Instant arrived = testing.host.instant().plusSeconds(7);
        testing.host.oversleep(Duration.ofSeconds(7));
        CompletableFuture<Receipt> receipt = testing.submit(heard(1), new Command.PassTime());
        testing.host.oversleep(Duration.ofSeconds(70));

        testing.host.run();

        assertThat(receipt).isDone();
        assertThat(testing.controller.current().state().lastHeard(new NodeId(1)))
                .contains(arrived);
    }

    @Test
    void anOlderTimeDoesNotReplaceANewerOne() {
        testing.open().withRouters();
        Instant newer = testing.host.instant().plusSeconds(20);
        testing.host.oversleep(Duration.ofSeconds(30));
        SessionId session = new SessionId("session of 1");
        CompletableFuture<Receipt> one = testing.submit(new Command.KeepAlive(new NodeId(1), session, newer));
        CompletableFuture<Receipt> other =
                testing.submit(new Command.KeepAlive(new NodeId(1), session, newer.minusSeconds(10)));

        testing.host.run();

        assertThat(List.of(one, other)).allMatch(CompletableFuture::isDone);
        assertThat(testing.controller.current().state().lastHeard(new NodeId(1)))
                .contains(newer);
    }

    @Test
    void anOlderTimeDoesNotReplaceANewerOneThatIsTakenAlready() {
        testing.open().withRouters();
        testing.host.oversleep(Duration.ofSeconds(30));
        Instant newer = testing.host.instant();
        SessionId session = new SessionId("session of 1");
        testing.store.down(true);
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));
        CompletableFuture<Receipt> one = testing.submit(new Command.KeepAlive(new NodeId(1), session, newer));
        testing.host.run();
        CompletableFuture<Receipt> other =
                testing.submit(new Command.KeepAlive(new NodeId(1), session, newer.minusSeconds(10)));

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(1));

        assertThat(List.of(waiting, one, other)).allMatch(CompletableFuture::isDone);
        assertThat(testing.controller.current().state().lastHeard(new NodeId(1)))
                .contains(newer);
    }

    @Test
    void aKeepAliveKeepsItsPlaceAfterTheConnectionThatItBelongsTo() {
        testing.open();
        CompletableFuture<Receipt> early = testing.submit(heard(1));
        CompletableFuture<Receipt> connection = testing.submit(registered(1), connected(1));
        CompletableFuture<Receipt> late = testing.submit(heard(1));

        testing.host.run();

        assertThat(List.of(early, connection, late))
                .allMatch(receipt -> receipt.join().result().equals(SubmissionResult.accepted()));
    }

    // ---- time

    @Test
    void deadlinesComeByThemselves() {
        testing.open().withRouters();
        testing.done(disconnected(1));
        assertThat(testing.primary()).contains(new NodeId(1));

        testing.host.pass(Duration.ofMillis(14_999));
        assertThat(testing.primary()).contains(new NodeId(1));
        testing.host.pass(Duration.ofMillis(1));

        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(testing.store.load(TAILNET).orElseThrow().rows())
                .isEqualTo(testing.controller.current().state().rows());
    }

    @Test
    void thereIsOneTimerAtATimeWhichRingsEveryTenSecondsIfNothingIsDue() {
        testing.open();
        testing.done(registered(1));
        testing.host.pass(Duration.ofMinutes(1));
        assertThat(testing.host.due()).containsExactly(ManualHost.START.plusSeconds(70));
        testing.done(connected(1));
        for (int i = 0; i < 100; i++) {
            testing.host.pass(Duration.ofSeconds(1));
            testing.done(heard(1));
        }

        assertThat(testing.host.due()).hasSize(1);
    }

    @Test
    void aHostThatOversleepsDoesAtOnceWhatWasDue() {
        testing.open().withRouters();
        testing.done(disconnected(1));
        testing.host.oversleep(Duration.ofMinutes(1));

        testing.host.run();

        assertThat(testing.primary()).contains(new NodeId(2));
    }

    // ---- listeners

    @Test
    void listenersHearOfEveryPublicationInOrderAndSeeItPublished() {
        List<Revision> seen = new ArrayList<>();
        testing.builder.listener(publication -> seen.add(
                testing.controller == null
                        ? publication.after().revision()
                        : testing.controller.current().revision()));
        testing.open().withRouters();
        testing.done(heard(1));

        assertThat(seen).containsExactly(new Revision(1), new Revision(2), new Revision(2));
        for (int i = 1; i < testing.publications.size(); i++) {
            assertThat(testing.publications.get(i).before())
                    .isSameAs(testing.publications.get(i - 1).after());
        }
        assertThat(testing.publications.get(2).touched()).contains(TouchedKeys.nothing());
    }

    @Test
    void aListenerThatFailsDoesNoHarm() {
        List<Publication> after = new ArrayList<>();
        testing.builder
                .listener(publication -> {
                    throw new IllegalStateException("test");
                })
                .listener(publication -> {
                    throw new AssertionError("test");
                })
                .listener(after::add);
        testing.open().withRouters();

        assertThat(after).isEqualTo(testing.publications).hasSize(2);
        assertThat(testing.primary()).contains(new NodeId(1));
    }

    @Test
    void aListenerMaySubmit() {
        List<CompletionStage<Receipt>> more = new ArrayList<>();
        testing.builder.listener(publication -> {
            if (more.isEmpty()) {
                more.add(testing.controller.submit(by("listener", registered(2))));
            }
        });
        testing.open();

        testing.done(registered(1));

        assertThat(submitted(more.get(0)).join().revision()).isEqualTo(new Revision(2));
    }

    @Test
    void anObserverThatFailsDoesNoHarm() {
        testing.builder.observer(new RoutingObserver() {
            @Override
            public void stepped(TailnetId tailnet, int submissions, Duration took) {
                throw new IllegalStateException("test");
            }

            @Override
            public void published(TailnetId tailnet, Snapshot snapshot, int unserved, int pending) {
                throw new AssertionError("test");
            }
        });
        testing.open().withRouters();

        assertThat(testing.primary()).contains(new NodeId(1));
    }

    // ---- the end

    @Test
    void closingStoresWhatWaitsAndNothingRunsAfterwards() {
        testing.open().withRouters();
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.controller.close();

        assertThat(waiting.join().revision()).isEqualTo(new Revision(3));
        int publications = testing.publications.size();
        int calls = calls();
        testing.host.pass(Duration.ofDays(1));
        testing.controller.close();
        assertThat(testing.publications).hasSize(publications);
        assertThat(calls()).isEqualTo(calls);
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(3));
    }

    private int calls() {
        return testing.store.commits() + testing.store.loads() + testing.store.changesRead();
    }

    @Test
    void aClosedControllerSaysSo() {
        testing.open();
        testing.controller.close();

        assertThat(failure(testing.submit(registered(1)))).isInstanceOf(ControllerClosedException.class);
        assertThat(failure(testing.controller.refresh().toCompletableFuture()))
                .isInstanceOf(ControllerClosedException.class)
                .hasMessageContaining("`example.com`");
        assertThat(testing.store.load(TAILNET)).isEmpty();
    }

    @Test
    void aListenerMayClose() {
        testing.builder.listener(publication -> testing.controller.close());
        testing.open();
        CompletableFuture<Receipt> first = testing.submit(registered(1));
        testing.host.runOne();

        assertThat(first.join().revision()).isEqualTo(new Revision(1));
        assertThat(failure(testing.submit(registered(2)))).isInstanceOf(ControllerClosedException.class);
        assertThat(testing.host.due()).isEmpty();
    }

    @Test
    void aHostThatIsShutDownFirstLosesNothingInSilence() {
        testing.open();
        CompletableFuture<Receipt> waiting = testing.submit(registered(1));
        testing.host.shutdownNow();

        testing.controller.close();

        assertThat(waiting.join().revision()).isEqualTo(new Revision(1));
    }

    @Test
    void aSchedulerThatTakesNoMoreWorkClosesTheControllerAndAnswers() {
        testing.open();
        testing.host.shutdown();

        CompletableFuture<Receipt> answered = testing.submit(registered(1));

        assertThat(answered.join().revision()).isEqualTo(new Revision(1));
        assertThat(failure(testing.submit(registered(2)))).isInstanceOf(ControllerClosedException.class);
    }

    @Test
    void aFullExecutorOnlyDelaysAndNothingRunsOnTheSubmittingThread() {
        AtomicInteger full = new AtomicInteger();
        testing.builder.executor(task -> {
            if (full.getAndDecrement() > 0) {
                throw new RejectedExecutionException("full");
            }
            testing.host.execute(task);
        });
        testing.open().withRouters();
        int commits = testing.store.commits();

        full.set(3);
        CompletableFuture<Receipt> receipt = testing.submit(registered(3));
        testing.host.pass(LoopScheduler.ASK_AGAIN.multipliedBy(2));
        assertThat(testing.store.commits()).isEqualTo(commits);
        testing.host.pass(LoopScheduler.ASK_AGAIN);

        assertThat(receipt.join().revision()).isEqualTo(new Revision(3));
        testing.done(disconnected(1));
        full.set(1);
        testing.host.pass(Duration.ofSeconds(16));
        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void anExecutorThatBreaksDoesNotStopTheController() {
        AtomicInteger broken = new AtomicInteger();
        testing.builder.executor(task -> {
            if (broken.getAndDecrement() > 0) {
                throw new InternalError("no thread");
            }
            testing.host.execute(task);
        });
        testing.open();

        broken.set(1);
        CompletableFuture<Receipt> receipt = testing.submit(registered(1));
        testing.host.pass(LoopScheduler.ASK_AGAIN);

        assertThat(receipt.join().revision()).isEqualTo(new Revision(1));
    }

    @Test
    void aClockThatFailsForAWhileOnlyDelays() {
        AtomicBoolean broken = new AtomicBoolean();
        RouteController controller = RouteController.builder(testing.store, TAILNET, testing.host, () -> {
                    if (broken.get()) {
                        throw new IllegalStateException("no time");
                    }
                    return testing.host.instant();
                })
                .steadyNanos(testing.host::steadyNanos)
                .retry(ControllerFixture.RETRY)
                .open();
        testing.host.run();
        CompletableFuture<Receipt> receipt = submitted(controller.submit(by("test", registered(1))));
        broken.set(true);
        testing.host.pass(Duration.ofSeconds(5));
        assertThat(receipt).isNotDone();

        broken.set(false);
        testing.host.pass(Duration.ofSeconds(2));

        assertThat(receipt.join().revision()).isEqualTo(new Revision(1));
        controller.close();
    }

    @Test
    void aControllerWhoseClockFailsCanBeClosed() {
        AtomicBoolean broken = new AtomicBoolean();
        RouteController controller = RouteController.builder(testing.store, TAILNET, testing.host, () -> {
                    if (broken.get()) {
                        throw new StackOverflowError("no time");
                    }
                    return testing.host.instant();
                })
                .steadyNanos(testing.host::steadyNanos)
                .open();
        testing.host.run();
        CompletableFuture<Receipt> receipt = submitted(controller.submit(by("test", registered(1))));
        broken.set(true);
        testing.host.runOne();

        controller.close();

        assertThat(failure(receipt)).isInstanceOf(ControllerClosedException.class);
    }

    @Test
    void randomNumbersThatFailDoNotStopTheController() {
        testing.builder.random(() -> {
            throw new IllegalStateException("no number");
        });
        testing.open();
        testing.store.next(ScriptedStore.Fault.UNAVAILABLE, ScriptedStore.Fault.CONFLICT);
        CompletableFuture<Receipt> receipt = testing.submit(registered(1));

        testing.host.pass(Duration.ofSeconds(1));

        assertThat(receipt.join().revision()).isEqualTo(new Revision(1));
    }

    @Test
    void limitsAreCheckedWhenTheyAreSet() {
        assertThatThrownBy(() -> testing.builder.queueLimit(0)).hasMessageContainingAll("queue limit", "`0`");
        assertThatThrownBy(() -> testing.builder.sessionLimit(0)).hasMessageContainingAll("session limit", "`0`");
        assertThatThrownBy(() -> new RetryRule(0, Duration.ofMillis(1), Duration.ofMillis(1)))
                .hasMessageContainingAll("`0`", "conflicts");
        assertThatThrownBy(() -> new RetryRule(1, Duration.ofMillis(2), Duration.ofMillis(1)))
                .hasMessageContaining("`PT0.002S` to `PT0.001S`");
        assertThatThrownBy(() -> new RetryRule(1, Duration.ofMillis(2), Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageContaining("at most PT24H");
        assertThatThrownBy(() -> Tailnets.builder(testing.store, testing.host, testing.host)
                        .idlePeriod(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageContaining("at most PT8784H");
    }

    @Test
    void aSubmissionKeepsItsCorrelationId() {
        testing.open();
        CompletableFuture<Receipt> receipt = submitted(testing.controller.submit(
                new Submission(new Actor("test"), "request 7", List.of(registered(1), connected(1)))));
        testing.host.run();

        assertThat(receipt.join().events()).hasSize(1);
        assertThat(receipt.join().events().get(0).origin().correlationId()).contains("request 7");
    }
}
