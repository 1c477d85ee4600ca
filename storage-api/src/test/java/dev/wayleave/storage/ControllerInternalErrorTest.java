package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.RETRY;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.FollowedState;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.ScriptedStore.Fault;
import dev.wayleave.storage.contract.ForwardingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors that are neither the caller's nor the store's: the step, the making of a receipt or the clock fails. */
class ControllerInternalErrorTest {

    private static final long POISON = 666;
    private static final Error ERROR = new StackOverflowError("planted");

    private final ControllerFixture testing = new ControllerFixture();
    private final List<InternalError> internalErrors = new ArrayList<>();
    private final List<WayleaveException> failures = new ArrayList<>();
    private final List<String> outages = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();

    private record InternalError(
            List<Submission> submissions, @Nullable Submission toBlameOrNull, Throwable cause) {}

    ControllerInternalErrorTest() {
        testing.builder.observer(new RoutingObserver() {
            @Override
            public void internalError(
                    TailnetId tailnet, List<Submission> submissions, @Nullable Submission toBlame, Throwable cause) {
                internalErrors.add(new InternalError(submissions, toBlame, cause));
            }

            @Override
            public void failed(TailnetId tailnet, WayleaveException cause) {
                failures.add(cause);
            }

            @Override
            public void outageBegan(TailnetId tailnet, Exception cause) {
                outages.add(cause.getMessage());
            }

            @Override
            public void retrying(TailnetId tailnet, Duration pause) {
                pauses.add(pause);
            }
        });
    }

    /** Steps that satisfy a condition fail. */
    private void stepFails(BiPredicate<List<Submission>, Instant> condition) {
        testing.builder.functions(new RoutingFunctions() {
            @Override
            public Step step(RoutingState state, List<Submission> submissions, Instant now) {
                if (condition.test(submissions, now)) {
                    throw ERROR;
                }
                return RoutingFunctions.super.step(state, submissions, now);
            }
        });
    }

    private static boolean concerns(Submission submission, long node) {
        return submission.commands().stream().anyMatch(registered(node)::equals);
    }

    private static boolean isHeard(Command command, long node) {
        return command instanceof Command.KeepAlive keepAlive
                && keepAlive.node().value() == node;
    }

    private static boolean anyConcerns(List<Submission> submissions, long node) {
        return submissions.stream().anyMatch(submission -> concerns(submission, node));
    }

    private void failFromNowOn(AtomicReference<Instant> since) {
        since.set(testing.host.instant());
    }

    // ---- a submission is to blame

    @Test
    void aFailingSubmissionIsAnsweredWithTheErrorAndTheOthersAreDecided() {
        stepFails((submissions, now) -> anyConcerns(submissions, POISON));
        testing.open();
        List<CompletableFuture<Receipt>> others = new ArrayList<>();
        CompletableFuture<Receipt> poison = null;
        for (long node = 1; node <= 100; node++) {
            if (node == 37) {
                poison = testing.submit(registered(POISON));
            }
            others.add(testing.submit(registered(node)));
        }

        testing.host.run();

        assertThat(failure(poison))
                .isInstanceOf(InternalErrorException.class)
                .hasCause(ERROR)
                .hasMessageContainingAll("`example.com`", "java.lang.StackOverflowError: planted");
        assertThat(((InternalErrorException) failure(poison)).stored()).isEmpty();
        assertThat(others).allMatch(receipt -> receipt.join().revision().equals(new Revision(1)));
        assertThat(testing.controller.current().state().nodes()).hasSize(100);
    }

    @Test
    void anInternalErrorIsCalledSoWithTheSubmissionsOfTheTurnAndIsNoOutage() {
        stepFails((submissions, now) -> anyConcerns(submissions, POISON));
        testing.open();
        testing.submit(registered(1));
        testing.submit(registered(POISON));
        testing.submit(registered(2));

        testing.host.run();

        assertThat(internalErrors)
                .containsExactly(new InternalError(
                        List.of(by("test", registered(1)), by("test", registered(POISON)), by("test", registered(2))),
                        by("test", registered(POISON)),
                        ERROR));
        assertThat(outages).isEmpty();
        assertThat(pauses).isEmpty();
    }

    @Test
    void eachOfSeveralSubmissionsThatAStepFailsWithGetsAnExceptionOfItsOwn() {
        stepFails((submissions, now) -> anyConcerns(submissions, POISON));
        testing.open();
        CompletableFuture<Receipt> one = testing.submit(registered(POISON));
        CompletableFuture<Receipt> good = testing.submit(registered(1));
        CompletableFuture<Receipt> other = testing.submit(registered(POISON));

        testing.host.run();

        assertThat(failure(one)).isInstanceOf(InternalErrorException.class).isNotSameAs(failure(other));
        assertThat(failure(other)).isInstanceOf(InternalErrorException.class);
        assertThat(good.join().revision()).isEqualTo(new Revision(1));
    }

    @Test
    void theLastOfSubmissionsThatFailOnlyTogetherIsAnsweredWithTheError() {
        stepFails((submissions, now) -> anyConcerns(submissions, POISON) && anyConcerns(submissions, POISON + 1));
        testing.open();
        CompletableFuture<Receipt> first = testing.submit(registered(POISON));
        CompletableFuture<Receipt> between = testing.submit(registered(1));
        CompletableFuture<Receipt> last = testing.submit(registered(POISON + 1));

        testing.host.run();

        assertThat(failure(last)).isInstanceOf(InternalErrorException.class);
        assertThat(List.of(first, between))
                .allMatch(receipt -> receipt.join().result().equals(SubmissionResult.accepted()));
    }

    @Test
    void aKeepAliveThatAStepFailsWithSilencesNoOtherNode() {
        stepFails((submissions, now) -> submissions.stream()
                .flatMap(submission -> submission.commands().stream())
                .anyMatch(command -> isHeard(command, POISON)));
        testing.open().withRouters();
        testing.host.pass(Duration.ofSeconds(100));
        CompletableFuture<Receipt> first = testing.submit(heard(1));
        CompletableFuture<Receipt> poison = testing.submit(heard(POISON));
        CompletableFuture<Receipt> second = testing.submit(heard(2));

        testing.host.run();

        assertThat(failure(poison)).isInstanceOf(InternalErrorException.class);
        assertThat(List.of(first, second))
                .allMatch(receipt -> receipt.join().result().equals(SubmissionResult.accepted()));
        testing.host.pass(Duration.ofSeconds(100));
        assertThat(testing.primary()).contains(new NodeId(1));
    }

    @Test
    void timeGoesOnBesideASubmissionThatAStepFailsWith() {
        stepFails((submissions, now) -> anyConcerns(submissions, POISON));
        testing.open().withRouters();
        testing.done(disconnected(1));
        testing.host.oversleep(Duration.ofSeconds(15));
        CompletableFuture<Receipt> poison = testing.submit(registered(POISON));

        testing.host.pass(Duration.ofMillis(1));

        assertThat(failure(poison)).isInstanceOf(InternalErrorException.class);
        assertThat(testing.primary()).contains(new NodeId(2));
    }

    @Test
    void anErrorThatDoesNotComeAgainIsHeldAgainstNoSubmission() {
        List<Integer> failing = new ArrayList<>(List.of(2));
        stepFails((submissions, now) -> failing.remove((Object) submissions.size()));
        testing.open();
        CompletableFuture<Receipt> one = testing.submit(registered(1));
        CompletableFuture<Receipt> other = testing.submit(registered(2));

        testing.host.pass(Duration.ofSeconds(1));

        assertThat(List.of(one, other))
                .allMatch(receipt -> receipt.join().revision().equals(new Revision(1)));
        assertThat(internalErrors).hasSize(1).allMatch(error -> error.toBlameOrNull() == null);
        assertThat(pauses).containsExactly(RETRY.first());
    }

    /** A submission is in doubt, and fails when it is decided again. */
    private CompletableFuture<Receipt> poisonInDoubt(Fault fault) {
        AtomicReference<Boolean> broken = new AtomicReference<>(false);
        stepFails((submissions, now) -> broken.get() && anyConcerns(submissions, POISON));
        testing.open().withRouters();
        testing.store.next(fault);
        CompletableFuture<Receipt> doubtful = testing.submit(registered(POISON));
        testing.host.run();
        assertThat(doubtful).isNotDone();
        broken.set(true);
        return doubtful;
    }

    @Test
    void aSubmissionThatIsStoredByACommitInDoubtIsNotAnsweredWithAnError() {
        CompletableFuture<Receipt> doubtful = poisonInDoubt(Fault.UNKNOWN_HELD);
        testing.store.landHeld();

        testing.host.pass(Duration.ofSeconds(3));

        assertThat(doubtful.join().revision()).isEqualTo(new Revision(3));
        assertThat(internalErrors).isEmpty();
    }

    @Test
    void aFailingSubmissionInDoubtIsAnsweredAloneOnceItsFateIsKnown() {
        CompletableFuture<Receipt> doubtful = poisonInDoubt(Fault.UNKNOWN_HELD);
        CompletableFuture<Receipt> other = testing.submit(registered(3));

        testing.host.pass(Duration.ofMinutes(1));

        assertThat(failure(doubtful)).isInstanceOf(InternalErrorException.class).hasCause(ERROR);
        assertThat(((InternalErrorException) failure(doubtful)).stored()).isEmpty();
        assertThat(other.join().result()).isEqualTo(SubmissionResult.accepted());
        assertThat(failures).isEmpty();
        assertThat(testing.controller.current().state().nodes()).doesNotContainKey(new NodeId(POISON));
        testing.store.landHeld();
        assertThat(testing.done(registered(4)).result()).isEqualTo(SubmissionResult.accepted());
    }

    // ---- no submission is to blame

    @Test
    void aStepWithoutSubmissionsThatFailsIsRepeatedAfterPausesThatGrow() {
        AtomicReference<Instant> since = new AtomicReference<>(Instant.MAX);
        stepFails((submissions, now) -> now.isAfter(since.get()));
        testing.open().withRouters();
        testing.done(disconnected(1));
        failFromNowOn(since);
        testing.host.pass(Duration.ofSeconds(15).plusMillis(1_400));
        assertThat(testing.primary()).contains(new NodeId(1));
        assertThat(pauses.stream().map(Duration::toMillis)).containsExactly(100L, 200L, 400L, 800L);

        since.set(Instant.MAX);
        testing.host.pass(Duration.ofSeconds(2));

        assertThat(testing.primary()).contains(new NodeId(2));
        assertThat(failures).isEmpty();
        assertThat(outages).isEmpty();
    }

    @Test
    void tenFailedStepsInARowCloseTheControllerAndAnswerWithTheCause() {
        AtomicReference<Instant> since = new AtomicReference<>(Instant.MAX);
        stepFails((submissions, now) -> now.isAfter(since.get()));
        testing.open().withRouters();
        testing.done(disconnected(1));
        failFromNowOn(since);
        testing.host.pass(Duration.ofSeconds(15));
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));
        CompletableFuture<Receipt> keepAlive = testing.submit(heard(2));
        testing.host.pass(Duration.ofMinutes(1));

        for (CompletableFuture<Receipt> each : List.of(waiting, keepAlive, testing.submit(registered(4)))) {
            assertThat(failure(each))
                    .isInstanceOf(InternalErrorException.class)
                    .hasCause(ERROR)
                    .hasMessageContainingAll("`example.com`", "10 turns", "java.lang.StackOverflowError: planted");
        }
        assertThat(failure(testing.controller.refresh().toCompletableFuture()))
                .isInstanceOf(InternalErrorException.class);
        assertThat(internalErrors).hasSize(10);
        assertThat(internalErrors.get(9).submissions()).hasSize(2);
        assertThat(failures).hasSize(1).allMatch(InternalErrorException.class::isInstance);
        assertThat(pauses).hasSize(9);
        assertThat(testing.host.due()).isEmpty();
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(3));
        testing.controller.close();
    }

    @Test
    void failuresAreCountedAnewAfterATurnThatSucceeds() {
        AtomicReference<Instant> since = new AtomicReference<>(Instant.MAX);
        stepFails((submissions, now) -> now.isAfter(since.get()));
        testing.open().withRouters();
        for (int round = 0; round < 3; round++) {
            failFromNowOn(since);
            testing.host.pass(Duration.ofMillis(1));
            testing.submit(registered(10 + round));
            testing.host.pass(Duration.ofSeconds(6));
            since.set(Instant.MAX);
            testing.host.pass(Duration.ofSeconds(3));
        }

        assertThat(internalErrors).hasSizeGreaterThan(10);
        assertThat(failures).isEmpty();
        assertThat(testing.controller.current().revision()).isEqualTo(new Revision(5));
    }

    @Test
    void failuresBetweenWhichTheStoreIsDownAreNoRow() {
        AtomicReference<Boolean> broken = new AtomicReference<>(false);
        AtomicInteger steps = new AtomicInteger();
        // of each three steps two fail: a turn, and the search for who is to blame; the next turn fails at the store
        // alone
        stepFails((submissions, now) -> broken.get() && steps.getAndIncrement() % 3 != 2);
        testing.open().withRouters();
        testing.store.down(true);
        broken.set(true);
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));
        testing.host.pass(Duration.ofMinutes(10));

        assertThat(internalErrors).hasSizeGreaterThan(10);
        assertThat(failures).isEmpty();

        testing.store.down(false);
        broken.set(false);
        testing.host.pass(Duration.ofMinutes(1));
        assertThat(waiting.join().result()).isEqualTo(SubmissionResult.accepted());
    }

    @Test
    void aControllerThatFailsWhileACommitIsInDoubtSaysThatItMayBeStored() {
        AtomicReference<Boolean> broken = new AtomicReference<>(false);
        stepFails((submissions, now) -> broken.get());
        testing.open().withRouters();
        testing.store.next(Fault.UNKNOWN_HELD);
        CompletableFuture<Receipt> doubtful = testing.submit(registered(3));
        testing.host.run();
        broken.set(true);

        testing.host.pass(Duration.ofMinutes(1));

        assertThat(failure(doubtful))
                .isInstanceOf(IndeterminateCommitException.class)
                .hasCauseInstanceOf(InternalErrorException.class);
    }

    // ---- after the commit

    @Test
    void aReceiptThatCannotBeMadeIsAnsweredWithTheRevisionAndOthersGetTheirs() {
        testing.builder.functions(new RoutingFunctions() {
            @Override
            public Receipt receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {
                if (!events.isEmpty()) {
                    throw ERROR;
                }
                return RoutingFunctions.super.receipt(revision, result, events);
            }
        });
        testing.open();
        CompletableFuture<Receipt> before = submitted(testing.controller.submit(by("one", registered(1))));
        CompletableFuture<Receipt> poison =
                submitted(testing.controller.submit(by("two", registered(2), approved(2, LAN))));
        CompletableFuture<Receipt> after = submitted(testing.controller.submit(by("three", registered(3))));

        testing.host.run();

        assertThat(failure(poison))
                .isInstanceOf(InternalErrorException.class)
                .hasCause(ERROR)
                .hasMessageContainingAll("`example.com`", "revision 1");
        assertThat(((InternalErrorException) failure(poison)).stored()).contains(new Revision(1));
        assertThat(List.of(before, after))
                .allMatch(receipt -> receipt.join().revision().equals(new Revision(1)));
        assertThat(internalErrors)
                .hasSize(1)
                .allMatch(error -> by("two", registered(2), approved(2, LAN)).equals(error.toBlameOrNull()));
        assertThat(testing.done(registered(4)).revision()).isEqualTo(new Revision(2));
    }

    // ---- what the host gives

    @Test
    void aClockThatFailsWhenSomethingIsSubmittedIsSaidToTheCaller() {
        AtomicReference<Boolean> broken = new AtomicReference<>(false);
        RouteController controller = RouteController.builder(testing.store, TAILNET, testing.host, () -> {
                    if (broken.get()) {
                        throw ERROR;
                    }
                    return testing.host.instant();
                })
                .steadyNanos(testing.host::steadyNanos)
                .open();
        testing.host.run();
        broken.set(true);

        CompletableFuture<Receipt> answer = submitted(controller.submit(by("test", registered(1))));

        assertThat(failure(answer)).isInstanceOf(InternalErrorException.class).hasCause(ERROR);
        controller.close();
    }

    @Test
    void aSchedulerThatIsShutDownOpensNoController() {
        testing.host.shutdown();

        assertThatThrownBy(testing.builder::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("scheduler", "`example.com`");
        assertThat(testing.store.loads()).isZero();
    }

    @Test
    void aSchedulerThatIsShutDownWhileTheStoreLoadsOpensNoController() {
        RoutingStore slow = new ForwardingStore(testing.store) {
            @Override
            public Optional<StoredTailnet> load(TailnetId tailnet) {
                testing.host.shutdown();
                return super.load(tailnet);
            }
        };

        assertThatThrownBy(() -> RouteController.builder(slow, TAILNET, testing.host, testing.host)
                        .open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("scheduler", "`example.com`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scheduler", "executor"})
    void aHostThatStopsWhileTheStoreLoadsOpensNoController(String stopped) {
        ManualHost executor = new ManualHost();
        RoutingStore slow = new ForwardingStore(testing.store) {
            @Override
            public Optional<StoredTailnet> load(TailnetId tailnet) {
                (stopped.equals("executor") ? executor : testing.host).shutdown();
                return super.load(tailnet);
            }
        };

        assertThatThrownBy(() -> RouteController.builder(slow, TAILNET, testing.host, testing.host)
                        .executor(executor)
                        .open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(stopped, "`example.com`");
        executor.run();
        assertThat(testing.host.due()).isEmpty();
    }

    @Test
    void anExecutorThatIsShutDownOpensNoController() {
        ManualHost executor = new ManualHost();
        executor.shutdown();

        assertThatThrownBy(testing.builder.executor(executor)::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("executor", "`example.com`");
        assertThat(testing.store.loads()).isZero();
    }

    // ---- the end

    /** The next commit is in doubt, and another process commits before it. */
    private void doubtBehindAnotherCommit(ScriptedStore store, Runnable another) {
        AtomicBoolean isOver = new AtomicBoolean();
        store.next(Fault.NONE, Fault.UNKNOWN_LOST);
        store.beforeCommit(() -> {
            if (!isOver.getAndSet(true)) {
                another.run();
            }
        });
    }

    /** What another process changed cannot be followed once. */
    private static RoutingFunctions followingFailsOnce() {
        AtomicBoolean isOver = new AtomicBoolean();
        return new RoutingFunctions() {
            @Override
            public FollowedState follow(RoutingState state, RowChanges changes, Instant now) {
                if (!isOver.getAndSet(true)) {
                    throw ERROR;
                }
                return RoutingFunctions.super.follow(state, changes, now);
            }
        };
    }

    @Test
    void anErrorAfterTheLastTurnIsAnInternalErrorWithItsSubmissions() {
        testing.builder.functions(followingFailsOnce());
        testing.open().withRouters();
        doubtBehindAnotherCommit(testing.store, () -> testing.elsewhere(registered(9)));
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.controller.close();

        assertThat(failure(waiting)).isInstanceOf(IndeterminateCommitException.class);
        assertThat(internalErrors).singleElement().satisfies(error -> {
            assertThat(error.cause()).isSameAs(ERROR);
            assertThat(error.submissions()).singleElement().matches(submission -> concerns(submission, 3));
            assertThat(error.toBlameOrNull()).isNull();
        });
    }

    @Test
    void anErrorAfterTheLastTurnDoesNotKeepTheSessionsOfThisProcess() {
        ManualHost host = testing.host;
        Replica replica =
                Replica.join(testing.store, new ReplicaId("test"), host, host, LeaseRule.DEFAULT, host::steadyNanos);
        testing.builder.functions(followingFailsOnce()).replica(replica).shared();
        testing.open().withRouters();
        RouteController other = RouteController.builder(testing.store, TAILNET, host, host)
                .steadyNanos(host::steadyNanos)
                .withoutSessions()
                .open();
        host.run();
        doubtBehindAnotherCommit(testing.store, () -> {
            var unused = other.submit(by("elsewhere", registered(9)));
            other.close();
        });
        CompletableFuture<Receipt> waiting = testing.submit(registered(3));

        testing.controller.close();

        assertThat(waiting).isDone();
        assertThat(internalErrors).hasSize(1);
        assertThat(testing.store.load(TAILNET).orElseThrow().rows().nodes())
                .allMatch(row -> row.session()
                        .filter(session -> session.sessionOrNull() != null)
                        .isEmpty());
    }
}
