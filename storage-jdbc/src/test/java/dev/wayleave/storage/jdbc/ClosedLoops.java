package dev.wayleave.storage.jdbc;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingObserver;
import dev.wayleave.storage.RoutingStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/**
 * Three writers of one tailnet, each with a controller of its own, and with a store and a connection of its own where
 * it is a process. Each submits as soon as its last submission is answered, until the slowest has done its part.
 */
final class ClosedLoops {

    private static final int WRITERS = 3;
    private static final int NODES = 50;

    private ClosedLoops() {}

    /**
     * What one writer met.
     *
     * @param acknowledged how many submissions were answered
     * @param longest the longest time between a submission and its answer
     * @param conflictsInARow the most conflicts before a commit
     * @param overtaken the most commits of other writers between a submission and its own
     */
    record Writer(int acknowledged, Duration longest, int conflictsInARow, long overtaken) {}

    /** Opens the store of a writer. */
    @FunctionalInterface
    interface Opener {
        RoutingStore open() throws SQLException;
    }

    /** Writers that are processes. */
    static List<Writer> run(String url, int submissions) throws Exception {
        List<Connection> connections = new ArrayList<>();
        try {
            return run(
                    url,
                    () -> {
                        Connection connection = DriverManager.getConnection(url);
                        connections.add(connection);
                        return JdbcRoutingStore.open(DataSources.over(connection));
                    },
                    submissions);
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    static List<Writer> run(String url, Opener opener, int submissions) throws Exception {
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        Command[] nodes = LongStream.rangeClosed(1, NODES)
                .mapToObj(node -> Host.registered(new NodeId(node)))
                .toArray(Command[]::new);
        Host.ofNew(JdbcRoutingStore.open(DataSources.ofUrl(url))).does(nodes);
        AtomicInteger unfinished = new AtomicInteger(WRITERS);
        List<Callable<Writer>> loops = new ArrayList<>();
        for (int writer = 1; writer <= WRITERS; writer++) {
            NodeId node = new NodeId(writer);
            RoutingStore store = opener.open();
            loops.add(() -> write(store, node, submissions, unfinished));
        }
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Writer> writers = new ArrayList<>();
            for (Future<Writer> loop : threads.invokeAll(loops)) {
                writers.add(loop.get());
            }
            return writers;
        } finally {
            threads.shutdown();
        }
    }

    /** Counts the most conflicts in a row. */
    private static final class Conflicts implements RoutingObserver {

        private final AtomicInteger most = new AtomicInteger();

        @Override
        public void conflicted(TailnetId tailnet, int inARow) {
            most.accumulateAndGet(inARow, Math::max);
        }
    }

    private static Writer write(RoutingStore store, NodeId node, int submissions, AtomicInteger unfinished) {
        Conflicts conflicts = new Conflicts();
        ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
        try (RouteController controller = RouteController.builder(
                        store, Host.TAILNET, scheduler, InstantSource.system())
                .withoutSessions()
                .observer(conflicts)
                .open()) {
            int acknowledged = 0;
            long longest = 0;
            long overtaken = 0;
            while (unfinished.get() > 0) {
                long revision = controller.current().revision().value();
                long begun = System.nanoTime();
                Receipt receipt = controller
                        .submit(advertised(node, acknowledged))
                        .toCompletableFuture()
                        .join();
                longest = Math.max(longest, System.nanoTime() - begun);
                overtaken = Math.max(overtaken, receipt.revision().value() - revision - 1);
                if (++acknowledged == submissions) {
                    unfinished.decrementAndGet();
                }
            }
            return new Writer(acknowledged, Duration.ofNanos(longest), conflicts.most.get(), overtaken);
        } catch (Throwable e) {
            unfinished.set(0); // else the rest would wait for it
            throw e;
        } finally {
            scheduler.shutdown();
        }
    }

    private static Submission advertised(NodeId node, int number) {
        return new Submission(
                new Actor("writer"),
                null,
                List.of(new Command.AdvertiseRoutes(node, Host.prefixes("10." + node + "." + number % 250 + ".0/24"))));
    }
}
