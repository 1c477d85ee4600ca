package dev.wayleave.examples.benchmarks;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.Absence;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.OpenTailnet;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Tailnets;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Prints what many tailnets in one process cost, on a database: how many are opened a second, their heap, the processor
 * time while nothing happens, and after how long a node that connects to an unloaded tailnet is answered.
 */
public final class ManyTailnets {

    private static final Actor HOST = new Actor("host");
    private static final int THREADS = 4;
    private static final int ROUTERS = 4;

    private final int count;
    private final int nodes;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

    private ManyTailnets(int count, int nodes) {
        this.count = count;
        this.nodes = nodes;
    }

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int nodes = args.length > 1 ? Integer.parseInt(args[1]) : 20;
        int idleSeconds = args.length > 2 ? Integer.parseInt(args[2]) : 30;
        DatabaseUnderTest.Kind kind =
                args.length > 3 ? DatabaseUnderTest.Kind.valueOf(args[3]) : DatabaseUnderTest.Kind.SQLITE;
        ManyTailnets measured = new ManyTailnets(count, nodes);
        try (DatabaseUnderTest database = DatabaseUnderTest.open(kind, THREADS)) {
            RoutingStore store = JdbcRoutingStore.open(database.pool());
            measured.fill(store);
            database.settle();
            measured.load(store, idleSeconds);
            measured.connect(store, false);
            measured.connect(store, true);
        } finally {
            measured.executor.shutdown();
            measured.timer.shutdown();
        }
    }

    private static TailnetId tailnet(int number) {
        return new TailnetId("tailnet-" + number + ".example.com");
    }

    /** Nodes of which four are routers: two of them with the same prefix, two with one of their own. */
    private void fill(RoutingStore store) {
        long begin = System.nanoTime();
        Approval approval = new Approval(new Approver.Administrator(HOST), RoutingTailnet.START);
        for (int number = 0; number < count; number++) {
            List<NodeRow> nodeRows = new ArrayList<>();
            List<RouteRow> routeRows = new ArrayList<>();
            for (int node = 1; node <= nodes; node++) {
                nodeRows.add(new NodeRow(
                        Node.builder(new NodeId(node), "node-" + node, Owner.tags("tag:node"))
                                .registeredAt(RoutingTailnet.START)
                                .build(),
                        null,
                        false,
                        node <= ROUTERS ? new Absence(RoutingTailnet.START, null) : null));
                if (node <= ROUTERS) {
                    routeRows.add(new RouteRow(
                            new NodeId(node),
                            Prefix.parse("10." + Math.max(node, 2) + ".0.0/16"),
                            RoutingTailnet.START,
                            new RouteRow.Approved(approval),
                            false));
                }
            }
            TailnetRow row = new TailnetRow(
                    tailnet(number),
                    RoutingSettings.builder().withoutSilenceLimit().build(),
                    RoutingPolicy.builder().build());
            CommitOutcome outcome = store.commit(new Commit(
                    tailnet(number),
                    Revision.NONE,
                    null,
                    CommitToken.random(),
                    RoutingTailnet.START,
                    new RowChanges(
                            row,
                            RowChanges.Rows.none(),
                            new RowChanges.Rows<>(nodeRows, List.of()),
                            new RowChanges.Rows<>(routeRows, List.of())),
                    List.of()));
            if (!(outcome instanceof CommitOutcome.Committed)) {
                throw new IllegalStateException(outcome.toString());
            }
        }
        print("%d tailnets of %d nodes written in %.1f s", count, nodes, seconds(begin));
    }

    private Tailnets tailnets(RoutingStore store, Replica replica) {
        var builder = Tailnets.builder(store, timer, InstantSource.system())
                .executor(executor)
                .loadsAtOnce(THREADS);
        return (replica == null ? builder : builder.replica(replica)).open();
    }

    private void load(RoutingStore store, int idleSeconds) throws Exception {
        long before = heap();
        Tailnets tailnets = tailnets(store, null);
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        List<CompletableFuture<OpenTailnet>> opened = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            opened.add(tailnets.open(tailnet(number)).toCompletableFuture());
        }
        for (CompletableFuture<OpenTailnet> each : opened) {
            each.join().close();
        }
        double took = seconds(begin);
        opened.clear();
        print(
                "opened: %.1f s, %.0f a second; %.2f ms of processor time each",
                took, count / took, (cpuNanos() - cpu) / 1e6 / count);
        print("heap of loaded tailnets: %d MiB", (heap() - before) >> 20);
        begin = System.nanoTime();
        List<CompletableFuture<Receipt>> connected = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            List<Command> commands = new ArrayList<>();
            for (int node = 1; node <= nodes; node++) {
                commands.add(new Command.ConnectSession(new NodeId(node), new SessionId("session-of-" + node)));
            }
            connected.add(tailnets.submit(tailnet(number), new Submission(HOST, null, commands))
                    .toCompletableFuture());
        }
        for (CompletableFuture<Receipt> each : connected) {
            each.join().orElseThrow();
        }
        connected.clear();
        print("all nodes connected, routers stored: %.1f s", seconds(begin));
        print("heap with a session of each node: %d MiB", (heap() - before) >> 20);
        TimeUnit.SECONDS.sleep(70); // the restart grace, and what the compiler has left to do
        cpu = cpuNanos();
        begin = System.nanoTime();
        TimeUnit.SECONDS.sleep(idleSeconds);
        print("idle: %.2f %% of a core", 100.0 * (cpuNanos() - cpu) / (System.nanoTime() - begin));
        begin = System.nanoTime();
        tailnets.close();
        print("closed: %.1f s", seconds(begin));
    }

    /** Nodes connect to tailnets that are not loaded: one after the other, each to another tailnet. */
    private void connect(RoutingStore store, boolean withReplica) throws Exception {
        Replica replica =
                withReplica ? Replica.join(store, new ReplicaId("benchmark"), timer, InstantSource.system()) : null;
        Tailnets tailnets = tailnets(store, replica);
        Random random = new Random(42);
        int warm = count / 10;
        long[] nanos = new long[Math.min(2_000, count - warm)];
        for (int number = 0; number < warm + nanos.length; number++) {
            NodeId node = new NodeId(1 + random.nextInt(nodes));
            long begin = System.nanoTime();
            tailnets.submit(
                            tailnet(number),
                            Submission.of(HOST, new Command.ConnectSession(node, new SessionId("new-" + node))))
                    .toCompletableFuture()
                    .join()
                    .orElseThrow();
            if (number >= warm) {
                nanos[number - warm] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(nanos);
        print(
                "a node connects to an unloaded tailnet%s: median %.1f ms, p99 %.1f ms, longest %.1f ms",
                withReplica ? ", with a replica" : "",
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
        tailnets.close();
        if (replica != null) {
            replica.close();
        }
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void print(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }
}
