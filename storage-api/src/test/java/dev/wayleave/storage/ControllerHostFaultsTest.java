package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.RETRY;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.PlantedFaults.Kind;
import dev.wayleave.storage.ScriptedStore.Fault;
import dev.wayleave.storage.contract.ForwardingStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts and stores that do what their contract does not allow: no submission is left without an answer. */
class ControllerHostFaultsTest {

    private final ControllerFixture testing = new ControllerFixture();

    @Test
    void aSchedulerThatIsShutDownInAPauseClosesTheControllerAtTheNextSubmission() {
        testing.open();
        testing.store.next(Fault.UNAVAILABLE);
        CompletableFuture<Receipt> waiting = testing.submit(registered(1));
        testing.host.run();
        testing.host.shutdownNow();

        CompletableFuture<Receipt> next = testing.submit(registered(2));

        assertThat(waiting.join().revision()).isEqualTo(new Revision(1));
        assertThat(next.join().revision()).isEqualTo(new Revision(1));
        assertThat(failure(testing.submit(registered(3)))).isInstanceOf(ControllerClosedException.class);
    }

    @Test
    void aSchedulerThatDropsTheNextTurnClosesTheControllerAtTheNextSubmission() {
        testing.open();
        CompletableFuture<Receipt> waiting = testing.submit(registered(1));
        testing.host.shutdownNow();

        CompletableFuture<Receipt> next = testing.submit(registered(2));

        assertThat(waiting.join().revision()).isEqualTo(new Revision(1));
        assertThat(next.join().revision()).isEqualTo(new Revision(1));
    }

    @Test
    void anExecutorThatIsShutDownClosesTheControllerAtTheNextTurn() {
        ManualHost executor = new ManualHost();
        List<Throwable> causes = new ArrayList<>();
        testing.builder.executor(executor).observer(new RoutingObserver() {
            @Override
            public void failed(TailnetId tailnet, WayleaveException cause) {
                causes.add(cause.getCause());
            }
        });
        testing.open();
        executor.run();
        executor.shutdown();

        CompletableFuture<Receipt> next = testing.submit(registered(1));

        assertThat(next).isCompleted();
        assertThat(next.join().revision()).isEqualTo(new Revision(1));
        assertThat(failure(testing.submit(registered(2)))).isInstanceOf(ControllerClosedException.class);
        assertThat(causes).singleElement().isInstanceOf(RejectedExecutionException.class);
        assertThat(testing.host.due()).isEmpty();
    }

    @Test
    void anExecutorThatDropsATurnClosesTheControllerAtTheNextSubmission() {
        ManualHost executor = new ManualHost();
        testing.builder.executor(executor);
        testing.open();
        executor.run();
        CompletableFuture<Receipt> dropped = testing.submit(registered(1));
        executor.shutdownNow();

        CompletableFuture<Receipt> next = testing.submit(registered(2));

        assertThat(dropped).isCompleted();
        assertThat(next).isCompleted();
        assertThat(failure(testing.submit(registered(3)))).isInstanceOf(ControllerClosedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void anExecutorThatThrowsAfterEachTaskStopsNothing(Kind kind) {
        PlantedFaults faults = new PlantedFaults();
        testing.builder.executor(faults.executor(testing.host));
        testing.open();
        faults.plant("executor.after", kind);

        assertThat(testing.done(registered(1)).revision()).isEqualTo(new Revision(1));
        assertThat(testing.done(registered(2)).revision()).isEqualTo(new Revision(2));
        assertThat(testing.host.due()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void timersThatCannotBeCancelledDoNotMultiply(Kind kind) {
        PlantedFaults faults = new PlantedFaults();
        RouteController controller = RouteController.builder(
                        testing.store, TAILNET, faults.scheduler(testing.host), testing.host)
                .steadyNanos(testing.host::steadyNanos)
                .executor(testing.host)
                .retry(RETRY)
                .open();
        faults.plant("scheduler.cancel", kind);
        for (int i = 1; i <= 10; i++) {
            testing.store.next(Fault.UNAVAILABLE);
            var unused = controller.submit(by("test", registered(i)));
            testing.host.pass(Duration.ofSeconds(2));
        }

        testing.host.pass(Duration.ofMinutes(1));

        assertThat(testing.host.due()).hasSize(1);
    }

    @Test
    void aStoreWhoseAnswersAreAlwaysLostIsAskedLessAndLess() {
        RouteController controller = overStore(new ForwardingStore(testing.store) {
                    @Override
                    public CommitOutcome commit(Commit commit) {
                        var unused = super.commit(commit);
                        throw new IllegalStateException("the answer is lost");
                    }
                })
                .random(() -> 0)
                .open();
        CompletableFuture<Receipt> waiting =
                controller.submit(by("test", registered(1))).toCompletableFuture();

        testing.host.pass(Duration.ofMinutes(10));

        assertThat(testing.store.written()).as("one in the longest pause").hasSizeBetween(300, 310);
        controller.close();
        assertThat(failure(waiting)).isInstanceOf(IndeterminateCommitException.class);
    }

    @Test
    void aThreadThatIsInterruptedClosesLikeAnyOtherAndStaysInterrupted() {
        RoutingStore interruptible = new ForwardingStore(testing.store) {
            @Override
            public CommitOutcome commit(Commit commit) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new StorageUnavailableException("interrupted", new InterruptedException());
                }
                return super.commit(commit);
            }
        };
        RouteController controller = RouteController.builder(interruptible, TAILNET, testing.host, testing.host)
                .steadyNanos(testing.host::steadyNanos)
                .open();
        CompletableFuture<Receipt> waiting =
                controller.submit(by("test", registered(1))).toCompletableFuture();

        Thread.currentThread().interrupt();
        controller.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(waiting.join().revision()).isEqualTo(new Revision(1));
    }

    @Test
    void aStoreThatReturnsNullFromACommitSaysNothingAboutIt() {
        AtomicInteger nulls = new AtomicInteger(1);
        List<String> unknown = new ArrayList<>();
        RouteController controller = overStore(new ForwardingStore(testing.store) {
                    @Override
                    public CommitOutcome commit(Commit commit) {
                        CommitOutcome outcome = super.commit(commit);
                        return nulls.getAndDecrement() > 0 ? null : outcome;
                    }
                })
                .observer(new RoutingObserver() {
                    @Override
                    public void unknown(TailnetId tailnet, Exception cause) {
                        unknown.add(cause.getMessage());
                    }
                })
                .open();
        CompletableFuture<Receipt> waiting =
                controller.submit(by("test", registered(1))).toCompletableFuture();

        testing.host.pass(Duration.ofSeconds(10));

        assertThat(unknown).hasSize(1);
        assertThat(waiting.join().revision()).isEqualTo(new Revision(1));
        assertThat(testing.store.written()).as("with the one that confirms").hasSize(2);
    }

    @Test
    void aStoreThatReturnsNullFromALoadDoesNotWork() {
        AtomicInteger nulls = new AtomicInteger();
        RouteController controller = overStore(new ForwardingStore(testing.store) {
                    @Override
                    public Optional<StoredTailnet> load(TailnetId tailnet) {
                        return nulls.getAndDecrement() > 0 ? null : super.load(tailnet);
                    }
                })
                .open();
        nulls.set(20);
        testing.store.next(Fault.CONFLICT);
        CompletableFuture<Receipt> waiting =
                controller.submit(by("test", registered(1))).toCompletableFuture();

        testing.host.pass(Duration.ofMinutes(5));

        assertThat(waiting.join().revision()).isEqualTo(new Revision(1));
    }

    private RouteControllerBuilder overStore(RoutingStore store) {
        return RouteController.builder(store, TAILNET, testing.host, testing.host)
                .steadyNanos(testing.host::steadyNanos)
                .retry(RETRY);
    }
}
