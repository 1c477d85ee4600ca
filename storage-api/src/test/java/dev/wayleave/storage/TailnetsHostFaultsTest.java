package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.failure;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.PlantedFaults.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts whose functions throw while a tailnet is loaded: this process does not keep it. */
class TailnetsHostFaultsTest extends TailnetsFixture {

    private final PlantedFaults faults = new PlantedFaults();

    private void storedWithoutOwner() {
        Tailnets first = builder().open();
        done(first, ONE, registered(1));
        first.close();
        assertThat(store.owner(ONE).orElseThrow().replica()).isEmpty();
    }

    private void checkRefusedAndLeft(Tailnets tailnets) {
        CompletableFuture<Receipt> refused = submit(tailnets, ONE, registered(2));
        host.run();

        assertThat(failure(refused)).isInstanceOf(InternalErrorException.class);
        assertThat(store.owner(ONE).orElseThrow().replica())
                .as("the owner of a tailnet that could not be loaded")
                .isEmpty();
        Tailnets other = builder().replica(replica("other")).open();
        assertThat(done(other, ONE, registered(2)).revision()).isEqualTo(new Revision(2));
        other.close();
        tailnets.close();
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatCannotBeMadeLeavesTheTailnetToOtherProcesses(Kind kind) {
        storedWithoutOwner();
        faults.plant("listeners", kind);
        checkRefusedAndLeft(builder.replica(replica("test"))
                .listener(tailnet -> {
                    faults.call("listeners");
                    return publication -> {};
                })
                .open());
    }

    @Test
    void aListenerThatIsMissingLeavesTheTailnetToOtherProcesses() {
        storedWithoutOwner();
        checkRefusedAndLeft(
                builder.replica(replica("test")).listener(tailnet -> null).open());
    }

    @Test
    void anExecutorThatIsShutDownOpensNoTailnets() {
        ManualHost executor = new ManualHost();
        executor.shutdown();

        assertThatThrownBy(builder.executor(executor)::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("executor");
        assertThat(host.due()).isEmpty();
    }

    @Test
    void anExecutorThatIsShutDownLaterLeavesNoCallWithoutAnAnswer() {
        ManualHost executor = new ManualHost();
        Tailnets tailnets = builder.executor(executor).open();
        CompletableFuture<Receipt> first = submit(tailnets, ONE, registered(1));
        executor.run();
        assertThat(first).isCompleted();
        executor.shutdown();

        CompletableFuture<Receipt> loaded = submit(tailnets, ONE, registered(2));
        CompletableFuture<Receipt> unloaded = submit(tailnets, TWO, registered(1));
        CompletableFuture<Boolean> created = future(tailnets.create(THREE, RoutingSettings.DEFAULT));

        assertThat(loaded).isDone();
        assertThat(unloaded).isDone();
        assertThat(created).isCompletedWithValue(true);
        tailnets.close();
        host.pass(Duration.ofMinutes(1));
        assertThat(host.due()).isEmpty();
    }

    @Test
    void thousandsOfLoadsThatWaitForAnExecutorThatIsShutDownAreAnswered() {
        ManualHost executor = new ManualHost();
        Tailnets tailnets = builder.executor(executor).open();
        List<CompletableFuture<Receipt>> calls = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            calls.add(submit(tailnets, new TailnetId("tailnet-" + i), registered(1)));
        }
        executor.shutdown();
        executor.run();
        tailnets.close();

        assertThat(calls).allSatisfy(call -> assertThat(call).isDone());
        assertThat(calls)
                .noneMatch(call ->
                        call.isCompletedExceptionally() && failure(call).getCause() instanceof StackOverflowError);
    }

    @Test
    void loadsThatAnExecutorDroppedAreDoneAtTheNextCall() {
        ManualHost executor = new ManualHost();
        Tailnets tailnets = builder.executor(executor).open();
        CompletableFuture<Receipt> dropped = submit(tailnets, ONE, registered(1));
        executor.shutdownNow();

        CompletableFuture<Receipt> next = submit(tailnets, TWO, registered(1));

        assertThat(dropped).isDone();
        assertThat(next).isDone();
        tailnets.close();
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatTheExecutorRejectsIsDoneAtTheEnd(Kind kind) {
        Tailnets tailnets = builder.executor(faults.executor(host)).open();
        faults.plant("executor.before", kind);
        CompletableFuture<Receipt> waiting = submit(tailnets, ONE, registered(1));
        CompletableFuture<Boolean> created = future(tailnets.create(THREE, RoutingSettings.DEFAULT));
        host.pass(Duration.ofMinutes(1));
        assertThat(waiting).isNotDone();

        tailnets.close();

        assertThat(failure(waiting)).isInstanceOf(ControllerClosedException.class);
        assertThat(created).isCompletedWithValue(true);
        host.pass(Duration.ofMinutes(1));
        assertThat(host.due()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSchedulerThatRejectsOneTaskStopsNoTicks(Kind kind) {
        Tailnets tailnets = Tailnets.builder(store, faults.scheduler(host), host)
                .steadyNanos(host::steadyNanos)
                .executor(host)
                .newTailnets(RoutingSettings.DEFAULT)
                .idlePeriod(IDLE)
                .open();
        done(tailnets, ONE, registered(1));
        faults.plantOnce(PlantedFaults.SCHEDULE, kind); // the next tick
        host.pass(Duration.ofSeconds(30));
        assertThat(tailnets.loaded()).containsExactly(ONE);

        done(tailnets, TWO, registered(1), connected(1)); // which has a deadline, and so sets an alarm
        host.pass(IDLE.multipliedBy(2));

        assertThat(tailnets.loaded()).containsExactly(TWO);
        tailnets.close();
    }

    @ParameterizedTest
    @EnumSource
    void aSchedulerThatRejectsAllLeavesNoCallThatWaitsForALease(Kind kind) {
        Tailnets other = builder().replica(replica("other")).open();
        done(other, ONE, registered(1), connected(1));
        Tailnets tailnets = Tailnets.builder(store, faults.scheduler(host), host)
                .steadyNanos(host::steadyNanos)
                .executor(host)
                .newTailnets(RoutingSettings.DEFAULT)
                .replica(replica("test"))
                .open();
        faults.plant(PlantedFaults.SCHEDULE, kind);

        CompletableFuture<Receipt> waiting = submit(tailnets, ONE, registered(2));
        host.run();

        assertThat(waiting).isDone();
        assertThat(failure(waiting)).isInstanceOf(StorageException.class).hasMessageContaining("scheduler");
        tailnets.close();
        other.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSchedulerThatDropsAllLeavesNoCallWithoutAnAnswer(boolean isShared) {
        Tailnets first = builder().open();
        done(first, THREE, registered(1));
        first.close();
        ManualHost other = new ManualHost();
        TailnetsBuilder both = Tailnets.builder(store, other, other)
                .steadyNanos(other::steadyNanos)
                .newTailnets(RoutingSettings.DEFAULT)
                .replica(replica("test"));
        Tailnets tailnets = isShared ? both.shared().open() : both.open();
        CompletableFuture<Receipt> loaded = submit(tailnets, ONE, registered(1), connected(1));
        other.run();
        assertThat(loaded).isCompleted();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            calls.add(submit(tailnets, ONE, registered(2 + i)));
            calls.add(submit(tailnets, TWO, registered(1 + i)));
            calls.add(future(tailnets.loadStored()));
            calls.add(future(tailnets.create(new TailnetId("new" + i), RoutingSettings.DEFAULT)));
            calls.add(future(tailnets.unload(ONE)));
            calls.add(future(tailnets.delete(THREE)));
            other.shutdownNow();
        }

        tailnets.close();

        assertThat(calls).allMatch(CompletableFuture::isDone);
        assertThat(tailnets.loaded()).isEmpty();
    }
}
