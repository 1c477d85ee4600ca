package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.PlantedFaults.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Something of the host or the store throws while tailnets are loaded, used, unloaded and deleted, in turn with each
 * kind of fault: once, at each call of each point; and from some call on for good. Each call of the host has an answer,
 * at the latest when the tailnets are closed; no tailnet stays locked, and nothing goes on for ever.
 */
class TailnetsPlantedFaultsTest {

    private static final TailnetId ONE = TailnetsFixture.ONE;
    private static final TailnetId TWO = TailnetsFixture.TWO;
    private static final Duration IDLE = Duration.ofMinutes(5);

    /** Of calls that come again and again with the time, the first ones are tried. */
    private static final int MOST_CALLS = 30;

    /** From which calls on a fault stays. */
    private static final List<Integer> FIRST_CALLS = List.of(1, 2, 3, 5, 8, 13, 21, 34);

    /** A store that fails for 18 minutes is called by two tailnets every two seconds, and once in a renewal. */
    private static final int MOST_CALLS_OF_A_BROKEN_STORE = 2_000;

    /** The points without which a call waits until the tailnets are closed. */
    private static final List<String> WAITS = List.of("store.", "executor.before");

    /** The points whose faults change no answer. */
    private static final List<String> HARMLESS = List.of(
            "executor.after", "listener", "observer.", "random", "channel.wake", "channel.close", "scheduler.cancel");

    private static final class FaultCase {
        private final PlantedFaults faults = new PlantedFaults();
        private final ManualHost host = new ManualHost();
        private final ScriptedStore store = new ScriptedStore(host);
        private final FaultyChannel channel = new FaultyChannel(faults);
        private final Map<String, CompletableFuture<?>> answers = new LinkedHashMap<>();
        private final List<String> thrown = new ArrayList<>();
        private final Replica replica;
        private final Tailnets tailnets;

        FaultCase(boolean isShared) {
            RoutingStore faulty = new FaultyStore(store, faults);
            replica = Replica.join(
                    faulty,
                    new ReplicaId("test"),
                    faults.scheduler(host),
                    faults.clock(host),
                    LeaseRule.DEFAULT,
                    host::steadyNanos);
            TailnetsBuilder builder = Tailnets.builder(faulty, faults.scheduler(host), faults.clock(host))
                    .steadyNanos(faults.steadyNanos(host))
                    .executor(faults.executor(host))
                    .random(faults.random())
                    .listener(tailnet -> {
                        faults.call("listeners");
                        return publication -> faults.call("listener");
                    })
                    .observer(faults.observer())
                    .newTailnets(RoutingSettings.DEFAULT)
                    .idlePeriod(IDLE)
                    .retry(ControllerFixture.RETRY)
                    .replica(replica);
            if (isShared) {
                builder.shared().sessionChannel(channel);
            }
            tailnets = builder.open();
            host.run();
        }

        /** A call may throw what the clock of the host threw; it has no answer then. */
        private <T> void call(String what, Supplier<CompletionStage<T>> call) {
            try {
                answers.put(what, call.get().toCompletableFuture());
            } catch (Throwable e) {
                thrown.add(what);
            }
            host.run();
        }

        void run() {
            call("one", () -> tailnets.submit(ONE, by("test", registered(1), connected(1))));
            call("two", () -> tailnets.submit(TWO, by("test", registered(1))));
            call("current", () -> tailnets.current(ONE));
            host.pass(Duration.ofSeconds(5));
            call("unload", () -> tailnets.unload(ONE));
            call("again", () -> tailnets.submit(ONE, by("test", registered(2), connected(2), disconnected(2))));
            host.pass(IDLE.multipliedBy(3)); // the other one is idle
            call("delete", () -> tailnets.delete(TWO));
            host.pass(Duration.ofSeconds(30));
        }

        void check() {
            assertThat(answers)
                    .allSatisfy((what, answer) -> assertThat(answer).as(what).isDone());
            checkFree(ONE);
            checkFree(TWO);
            assertThat(tailnets.loaded()).isEmpty();
            tailnets.close();
            replica.close();
            host.run();
            assertThat(channel.members).isEmpty();
            assertThat(faults.calls("observer.unloaded"))
                    .as("each controller that was opened is closed")
                    .isEqualTo(faults.calls("observer.loaded"));
        }

        private void checkAnswered() {
            assertThat(answers)
                    .allSatisfy((what, answer) -> assertThat(answer).as(what).isDone());
        }

        /** The fault is still there. */
        void checkEnd(String point) {
            tailnets.close();
            replica.close();
            call("late", () -> tailnets.submit(ONE, by("test", registered(10))));
            host.pass(Duration.ofMinutes(1));
            checkAnswered();
            assertThat(thrown).isEmpty();
            assertThat(channel.members).isEmpty();
            assertThat(faults.calls("observer.unloaded"))
                    .as("each controller that was opened is closed")
                    .isEqualTo(faults.calls("observer.loaded"));
            if (!point.equals("scheduler.cancel")) {
                assertThat(host.due()).isEmpty();
            }
        }

        /** Without faults from now on, a tailnet can be used, unloaded and deleted. */
        private void checkFree(TailnetId tailnet) {
            CompletableFuture<Receipt> used =
                    tailnets.submit(tailnet, by("test", registered(9))).toCompletableFuture();
            host.pass(Duration.ofSeconds(30));
            assertThat(used).isDone();
            assertThat(used.join().result()).isEqualTo(SubmissionResult.accepted());
            CompletableFuture<Boolean> unloaded = tailnets.unload(tailnet).toCompletableFuture();
            host.run();
            assertThat(unloaded).isCompletedWithValue(true);
            CompletableFuture<Boolean> deleted = tailnets.delete(tailnet).toCompletableFuture();
            host.pass(Duration.ofSeconds(5));
            assertThat(deleted).isCompletedWithValue(true);
            assertThat(store.load(tailnet)).isEmpty();
        }
    }

    static Stream<Arguments> eachCallOfEachPoint() {
        return Stream.of(false, true).flatMap(isShared -> {
            FaultCase faultCase = new FaultCase(isShared);
            Map<String, Integer> opening = faultCase.faults.calls();
            faultCase.run();
            return faultCase.faults.calls().entrySet().stream().flatMap(point -> {
                int first = opening.getOrDefault(point.getKey(), 0);
                return IntStream.rangeClosed(1, Math.min(MOST_CALLS, point.getValue() - first))
                        .mapToObj(n -> Arguments.of(
                                isShared, point.getKey(), first + n, Kind.values()[n % Kind.values().length]));
            });
        });
    }

    @Test
    void theFaultCasesMeetEveryPoint() {
        Set<String> met = new HashSet<>();
        for (boolean isShared : List.of(false, true)) {
            FaultCase faultCase = new FaultCase(isShared);
            faultCase.run();
            met.addAll(faultCase.faults.calls().keySet());
            assertThat(faultCase.thrown).isEmpty();
            assertThat(faultCase.answers.values()).noneMatch(CompletableFuture::isCompletedExceptionally);
        }
        assertThat(met)
                .contains("clock", "steadyNanos", "executor.before", "executor.after", "listeners", "listener")
                .contains("observer.loaded", "observer.unloaded", "channel.join", "channel.wake", "channel.close")
                .contains("store.load", "store.owner", "store.commit.before");
    }

    @ParameterizedTest(name = "shared: {0}, {1}, call {2}: {3}")
    @MethodSource("eachCallOfEachPoint")
    void oneFaultLocksNoTailnet(boolean isShared, String point, int call, Kind kind) {
        FaultCase faultCase = new FaultCase(isShared);
        faultCase.faults.plant(point, call, call + 1, kind);

        faultCase.run();

        faultCase.check();
    }

    // ---- faults that stay

    static Stream<Arguments> firstCallsOfEachPoint() {
        return Stream.of(false, true).flatMap(isShared -> {
            FaultCase faultCase = new FaultCase(isShared);
            Map<String, Integer> opening = faultCase.faults.calls();
            faultCase.run();
            return faultCase.faults.calls().entrySet().stream().flatMap(point -> {
                int first = opening.getOrDefault(point.getKey(), 0);
                return FIRST_CALLS.stream()
                        .filter(n -> n <= point.getValue() - first)
                        .map(n -> Arguments.of(
                                isShared, point.getKey(), first + n, Kind.values()[n % Kind.values().length]));
            });
        });
    }

    @ParameterizedTest(name = "shared: {0}, {1}, from call {2}: {3}")
    @MethodSource("firstCallsOfEachPoint")
    void aFaultThatStaysLeavesNoCallWithoutAnAnswer(boolean isShared, String point, int call, Kind kind) {
        FaultCase faultCase = new FaultCase(isShared);
        faultCase.faults.plant(point, call, Integer.MAX_VALUE, kind);

        faultCase.run();
        faultCase.call("last", () -> faultCase.tailnets.submit(ONE, by("test", registered(9))));
        faultCase.host.pass(Duration.ofMinutes(2));

        if (WAITS.stream().noneMatch(point::startsWith)) {
            faultCase.checkAnswered();
        }
        if (HARMLESS.stream().anyMatch(point::equals) || point.startsWith("observer.")) {
            assertThat(faultCase.answers.values()).noneMatch(CompletableFuture::isCompletedExceptionally);
        }
        faultCase.checkEnd(point);
        if (point.startsWith("store.")) {
            assertThat(faultCase.faults.calls(point))
                    .as("calls of a store that always fails")
                    .isLessThan(MOST_CALLS_OF_A_BROKEN_STORE);
        }
    }
}
