package dev.wayleave.examples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.jdbc.CommitListener;
import dev.wayleave.storage.jdbc.CommitRefresh;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.TableNames;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Prints how many commands of routers in many tailnets are stored in a second by one replica, and by three
 * replicas to which the routers are spread: all in this process, on PostgreSQL with notifications,
 * and with the same number of clients.
 */
public final class SharedThroughput {

    private static final Actor HOST = new Actor("host");
    private static final int TAILNETS = 100;
    private static final int NODES = 30;
    private static final int CLIENTS = 12;
    private static final long WARM_UP_SECONDS = 30;

    /** How often each controller reads what was not notified: several hundred controllers are in one process here. */
    private static final Duration LOST_NOTIFICATIONS = Duration.ofSeconds(30);

    private SharedThroughput() {}

    public static void main(String[] args) throws Exception {
        long seconds = args.length > 0 ? Long.parseLong(args[0]) : 20;
        print("one replica", new Run(1, seconds).measure());
        print("three replicas", new Run(3, seconds).measure());
    }

    private static void print(String what, Measured measured) {
        System.out.printf(
                Locale.ROOT,
                "%-15s %4.0f commands/s, %.2f ms of processor time a command in this process%n",
                what + ":",
                measured.commandsPerSecond(),
                measured.processorMillis());
    }

    /** What one run measured: commands that were answered, and the processor time of this process for one. */
    private record Measured(double commandsPerSecond, double processorMillis) {}

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** One measurement on a database of its own. */
    private static final class Run {

        private final int replicas;
        private final long seconds;
        private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(4);
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final List<AutoCloseable> opened = new ArrayList<>();
        private final List<List<RouteController>> controllers = new ArrayList<>();
        private final LongAdder answered = new LongAdder();
        private volatile boolean isOver;

        Run(int replicas, long seconds) {
            this.replicas = replicas;
            this.seconds = seconds;
        }

        Measured measure() throws Exception {
            try (DatabaseUnderTest database = DatabaseUnderTest.open(DatabaseUnderTest.Kind.POSTGRESQL, 16)) {
                for (int i = 0; i < replicas; i++) {
                    open(database, "replica-" + i);
                }
                fill();
                for (int client = 0; client < CLIENTS; client++) {
                    int seed = client;
                    threads.execute(() -> load(new SplittableRandom(seed)));
                }
                TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
                long before = answered.sum();
                long begun = System.nanoTime();
                long processor = processorNanos();
                System.out.println("  measuring for " + seconds + " s");
                TimeUnit.SECONDS.sleep(seconds);
                double commands = answered.sum() - before;
                Measured measured = new Measured(
                        commands * 1e9 / (System.nanoTime() - begun), (processorNanos() - processor) / commands / 1e6);
                isOver = true;
                for (int i = opened.size() - 1; i >= 0; i--) {
                    opened.get(i).close();
                }
                return measured;
            } finally {
                threads.shutdownNow();
                scheduler.shutdownNow();
            }
        }

        private void open(DatabaseUnderTest database, String id) {
            JdbcRoutingStore store = JdbcRoutingStore.open(database.pool()).withNotifications();
            Replica replica =
                    Replica.join(store, new ReplicaId(id), scheduler, InstantSource.system(), LeaseRule.DEFAULT);
            opened.add(replica);
            List<RouteController> all = new ArrayList<>();
            for (int tailnet = 0; tailnet < TAILNETS; tailnet++) {
                RouteController controller = RouteController.builder(
                                store, new TailnetId("tailnet-" + tailnet), scheduler, InstantSource.system())
                        .executor(threads)
                        .replica(replica)
                        .shared()
                        .following(LOST_NOTIFICATIONS)
                        .open();
                opened.add(controller);
                all.add(controller);
            }
            controllers.add(all);
            opened.add(CommitListener.start(
                    database.pool(), TableNames.DEFAULT, threads, CommitRefresh.of(() -> all, cause -> {})));
        }

        private void fill() {
            for (int tailnet = 0; tailnet < TAILNETS; tailnet++) {
                for (int node = 1; node <= NODES; node++) {
                    done(
                            tailnet,
                            node,
                            new Command.RegisterNode(
                                    Node.builder(new NodeId(node), "node-" + node, Owner.tags("tag:router"))
                                            .build()),
                            new Command.ConnectSession(new NodeId(node), new SessionId("s")));
                }
            }
        }

        /** The process to which the node is connected. */
        private void done(int tailnet, int node, Command... commands) {
            controllers
                    .get(node % replicas)
                    .get(tailnet)
                    .submit(Submission.of(HOST, commands))
                    .toCompletableFuture()
                    .join();
        }

        private void load(SplittableRandom random) {
            while (!isOver) {
                int node = 1 + random.nextInt(NODES);
                Prefix prefix = Prefix.parse("10." + random.nextInt(250) + "." + random.nextInt(250) + ".0/24");
                done(random.nextInt(TAILNETS), node, new Command.AdvertiseRoutes(new NodeId(node), List.of(prefix)));
                answered.increment();
            }
        }
    }
}
