package dev.wayleave.examples.benchmarks;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Submissions of one route each through controllers, every writer waiting for its answer before it submits again: one
 * writer, 16 on one tailnet, whose submissions share commits, and 16 on a tailnet each, whose commits run beside each
 * other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
public class GroupCommitBenchmark {

    private static final int WRITERS = 16;
    private static final Actor HOST = new Actor("host");

    @Param({"SQLITE", "POSTGRESQL"})
    private DatabaseUnderTest.Kind database;

    private final List<RouteController> controllers = new ArrayList<>();
    private final AtomicInteger writers = new AtomicInteger();
    private DatabaseUnderTest opened;
    private ScheduledExecutorService scheduler;

    @Setup
    public void setUp() {
        opened = DatabaseUnderTest.open(database, WRITERS);
        scheduler = Executors.newScheduledThreadPool(WRITERS);
        JdbcRoutingStore store = JdbcRoutingStore.open(opened.pool());
        for (int i = 0; i < WRITERS; i++) {
            RouteController controller = RouteController.builder(
                            store, new TailnetId("tailnet-" + i), scheduler, InstantSource.system())
                    .open();
            for (int writer = 0; writer < WRITERS; writer++) {
                Node router = Node.builder(new NodeId(writer + 1), "router-" + writer, Owner.tags("tag:router"))
                        .build();
                await(controller, new Command.RegisterNode(router));
            }
            controllers.add(controller);
        }
    }

    private static Receipt await(RouteController controller, Command command) {
        return controller
                .submit(Submission.of(HOST, command))
                .toCompletableFuture()
                .join();
    }

    /** A router that advertises its prefix, and withdraws it, by turns. */
    @State(Scope.Thread)
    public static class Writer {

        private int number;
        private boolean advertised;

        @Setup
        public void setUp(GroupCommitBenchmark benchmark) {
            number = benchmark.writers.getAndIncrement() % WRITERS;
        }

        Command next() {
            advertised = !advertised;
            Prefix prefix = Prefix.parse("10." + number + ".0.0/16");
            return new Command.AdvertiseRoutes(new NodeId(number + 1), advertised ? List.of(prefix) : List.of());
        }
    }

    @Benchmark
    @Threads(1)
    public Receipt oneWriter(Writer writer) {
        return await(controllers.get(0), writer.next());
    }

    @Benchmark
    @Threads(WRITERS)
    public Receipt sixteenWritersOfOneTailnet(Writer writer) {
        return await(controllers.get(0), writer.next());
    }

    @Benchmark
    @Threads(WRITERS)
    public Receipt sixteenWritersOfATailnetEach(Writer writer) {
        return await(controllers.get(writer.number), writer.next());
    }

    @TearDown
    public void tearDown() {
        controllers.forEach(RouteController::close);
        scheduler.shutdownNow();
        opened.close();
    }
}
