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
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.Tailnets;
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
 * Prints how many commands of routers in many tailnets are stored in a second by one replica, by three of which each
 * has the nodes of a third of the tailnets, and by three of which each has a third of the nodes of every tailnet: all
 * in this process, on PostgreSQL with notifications, and with the same number of clients.
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
        print("one replica", new Run(1, Spread.TAILNETS, seconds).measure());
        print("three, tailnets spread", new Run(3, Spread.TAILNETS, seconds).measure());
        print("three, nodes spread", new Run(3, Spread.NODES, seconds).measure());
    }

    private static void print(String what, Throughput measured) {
        System.out.printf(
                Locale.ROOT,
                "%-23s %4.0f commands/s, %.2f ms of processor time a command in this process%n",
                what + ":",
                measured.commandsPerSecond(),
                measured.processorMillis());
    }

    /** To which replica a node connects. */
    private enum Spread {
        /** All nodes of a tailnet to the same one. */
        TAILNETS,

        /** The nodes of each tailnet to all of them: each replica follows each tailnet. */
        NODES
    }

    /** The result of one run: commands that were answered, and the processor time of this process for one. */
    private record Throughput(double commandsPerSecond, double processorMillis) {}

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** One measurement on a database of its own. */
    private static final class Run {

        private final int replicas;
        private final Spread spread;
        private final long seconds;
        private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(4);
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final List<AutoCloseable> opened = new ArrayList<>();
        private final List<Tailnets> hosts = new ArrayList<>();
        private final LongAdder answered = new LongAdder();
        private volatile boolean isOver;

        Run(int replicas, Spread spread, long seconds) {
            this.replicas = replicas;
            this.spread = spread;
            this.seconds = seconds;
        }

        Throughput measure() throws Exception {
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
                Throughput measured = new Throughput(
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
            Tailnets host = Tailnets.builder(store, scheduler, InstantSource.system())
                    .executor(threads)
                    .replica(replica)
                    .shared()
                    .newTailnets(RoutingSettings.DEFAULT)
                    .following(LOST_NOTIFICATIONS)
                    .open();
            opened.add(host);
            hosts.add(host);
            opened.add(CommitListener.start(
                    database.pool(), TableNames.DEFAULT, threads, CommitRefresh.of(host, cause -> {})));
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

        /** Submitted at the replica to which the node is connected. */
        private void done(int tailnet, int node, Command... commands) {
            hosts.get((spread == Spread.NODES ? node : tailnet) % replicas)
                    .submit(new TailnetId("tailnet-" + tailnet), Submission.of(HOST, commands))
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
