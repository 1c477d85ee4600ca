package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.micrometer.MicrometerTailnetsObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * Calls that overtake each other in any order, also while one is admitted or the first callers of a tailnet are served;
 * other processes take tailnets over and delete them, and the store fails: each call is answered, and a tailnet is
 * unloaded as often as it was loaded. {@code -Dwayleave.slow=true} tries more.
 */
class TailnetsOvertakingTest {

    private static final int TRIES = Boolean.getBoolean("wayleave.slow") ? 1_000 : 10;
    private static final List<TailnetId> TAILNETS =
            List.of(TailnetsFixture.ONE, TailnetsFixture.TWO, TailnetsFixture.THREE);
    private static final int MOST_NESTED = 3;

    @Test
    void eachCallIsAnsweredAndATailnetIsUnloadedAsOftenAsItWasLoaded() {
        int deleted = 0;
        int failed = 0;
        for (int seed = 0; seed < TRIES; seed++) {
            History history = new History(seed);
            history.run();
            deleted += history.deleted;
            failed += history.failed;
        }
        assertThat(deleted).isPositive();
        assertThat(failed).as("controllers that closed by themselves").isPositive();
    }

    /** A call that has to be answered. */
    private record Call(String name, int place, CompletableFuture<?> answer) {}

    /** The calls of two processes in one order. */
    private static final class History extends TailnetsFixture {

        private final int seed;
        private final Random random;
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final Tailnets tailnets;
        private final Tailnets other;
        private final List<String> actions = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();
        private final List<OpenTailnet> open = new ArrayList<>();
        private final TreeSet<TailnetId> loaded = new TreeSet<>();
        private boolean isUnbalanced;
        private boolean isOver;
        private int deleted;
        private int failed;

        History(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.tailnets = builder.replica(replica("test"))
                    .loadedTailnets(2 + random.nextInt(2))
                    .loadedNodes(2 + random.nextInt(5))
                    .loadsAtOnce(1 + random.nextInt(2))
                    .observer(new MicrometerTailnetsObserver(registry))
                    .observer(new RoutingObserver() {
                        @Override
                        public void loaded(TailnetId tailnet, Duration took) {
                            isUnbalanced |= !loaded.add(tailnet);
                        }

                        @Override
                        public void unloaded(TailnetId tailnet) {
                            isUnbalanced |= !loaded.remove(tailnet);
                        }

                        @Override
                        public void failed(TailnetId tailnet, WayleaveException cause) {
                            failed++;
                        }
                    })
                    .open();
            this.other = Tailnets.builder(store, host, host)
                    .steadyNanos(host::steadyNanos)
                    .newTailnets(RoutingSettings.DEFAULT)
                    .idlePeriod(Duration.ofSeconds(30))
                    .retry(ControllerFixture.RETRY)
                    .random(() -> 0)
                    .replica(replica("other"))
                    .open();
        }

        private void call(String name, CompletionStage<?> answer) {
            actions.add(" (call " + calls.size() + ")");
            calls.add(new Call(name, calls.size(), future(answer)));
        }

        private Command command() {
            List<Command> all = List.of(registered(1), registered(2), registered(3), connected(1), disconnected(1));
            return all.get(random.nextInt(all.size()));
        }

        /** Some actions of other threads, between two steps of a call. */
        private void overtake(int depth) {
            for (int n = depth < MOST_NESTED && !isOver ? random.nextInt(4) : 0; n > 0; n--) {
                act(depth + 1);
            }
        }

        private void act(int depth) {
            TailnetId tailnet = TAILNETS.get(random.nextInt(TAILNETS.size()));
            int action = random.nextInt(13);
            actions.add("\n" + "  ".repeat(depth) + action + " " + tailnet);
            switch (action) {
                case 0:
                case 1:
                    call("submit", tailnets.submit(tailnet, by("test", command())));
                    break;
                case 2:
                    call("open", tailnets.open(tailnet).thenAccept(open::add));
                    break;
                case 3:
                    call("current", tailnets.current(tailnet).thenRun(() -> overtake(depth)));
                    break;
                case 4:
                    call("delete", tailnets.delete(tailnet).thenAccept(this::count));
                    break;
                case 5:
                    call(
                            "delete, overtaken",
                            delete(tailnets, tailnet, () -> overtake(depth), () -> overtake(depth))
                                    .thenAccept(this::count));
                    break;
                case 6:
                    call("unload", tailnets.unload(tailnet));
                    break;
                case 7:
                    unloadOvertaken(tailnet, depth);
                    break;
                case 8:
                    call("take over", other.takeOver(tailnet).thenAccept(OpenTailnet::close));
                    break;
                case 9:
                    store.delete(tailnet);
                    break;
                case 10:
                    store.down(random.nextInt(3) == 0);
                    open.forEach(OpenTailnet::close);
                    break;
                default:
                    host.runOneIfDue();
                    host.runOneIfDue();
                    break;
            }
        }

        private void count(boolean wasStored) {
            deleted += wasStored ? 1 : 0;
        }

        /** The thread that unloads a tailnet has noted it, and is overtaken before it closes the tailnet. */
        private void unloadOvertaken(TailnetId tailnet, int depth) {
            CompletableFuture<Boolean> unloaded = new CompletableFuture<>();
            if (tailnets.table().slots().mustClose(tailnet, unloaded) != null) {
                overtake(depth);
                call("unload, overtaken", unloaded);
                call("unload", tailnets.unload(tailnet));
            }
        }

        void run() {
            for (int i = 0; i < 80; i++) {
                act(0);
                if (random.nextInt(3) == 0) {
                    host.pass(Duration.ofMillis(random.nextInt(100)));
                }
                if (random.nextInt(10) == 0) {
                    host.pass(Duration.ofSeconds(random.nextInt(400)));
                }
            }
            isOver = true;
            store.down(false);
            host.pass(Duration.ofMinutes(2));

            assertThat(calls)
                    .as(this::toString)
                    .filteredOn(call -> !call.answer().isDone())
                    .isEmpty();
            assertThat(tailnets.loaded()).as(this::toString).containsExactlyElementsOf(loaded);
            assertThat(loadedByMeter()).as(this::toString).isEqualTo(loaded.size());
            tailnets.close();
            other.close();
            assertThat(loaded).as(this::toString).isEmpty();
            assertThat(loadedByMeter()).as(this::toString).isZero();
            assertThat(isUnbalanced).as(this::toString).isFalse();
        }

        private double loadedByMeter() {
            return registry.get("wayleave.tailnets.loaded").gauge().value();
        }

        @Override
        public String toString() {
            return "seed " + seed + ": " + actions;
        }
    }
}
