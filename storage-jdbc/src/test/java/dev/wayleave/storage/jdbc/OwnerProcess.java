package dev.wayleave.storage.jdbc;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The child of the tests of owners: a host with one controller, which does what it reads line by line, and writes what
 * became of it. Its load advertises prefixes one after the other, and writes each that was acknowledged.
 */
final class OwnerProcess {

    static final LeaseRule LEASE = new LeaseRule(Duration.ofSeconds(5), Duration.ofSeconds(1));
    static final Duration GRACE = Duration.ofSeconds(15);
    static final Prefix LAN = Prefix.parse("192.168.0.0/16");
    static final NodeId LOAD = new NodeId(9);

    private static final Actor HOST = new Actor("host");

    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
    private final Replica replica;
    private final RouteController controller;

    /** Replica and loop have a connection each: new ones take too long for a lease on a busy machine. */
    private OwnerProcess(String url, String id) {
        RoutingStore store = JdbcRoutingStore.open(DataSources.keeping(url));
        RoutingStore leases = JdbcRoutingStore.open(DataSources.keeping(url));
        replica = Replica.join(leases, new ReplicaId(id), scheduler, InstantSource.system(), LEASE);
        controller = RouteController.builder(store, Host.TAILNET, scheduler, InstantSource.system())
                .newTailnet(RoutingSettings.builder().grace(GRACE).build())
                .replica(replica)
                .open();
    }

    /** Called with the URL of the database, the id of the replica, and the number of the first prefix. */
    public static void main(String[] arguments) throws IOException {
        OwnerProcess owner = new OwnerProcess(arguments[0], arguments[1]);
        System.out.println("open");
        Thread load = new Thread(() -> owner.load(Integer.parseInt(arguments[2])), "load");
        load.setDaemon(true);
        try (BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "routers" -> owner.routers();
                    case "load" -> load.start();
                    case "connect" -> owner.submit(connect(Long.parseLong(words[1])));
                    case "disconnect" -> owner.submit(disconnect(Long.parseLong(words[1])));
                    case "close" -> {
                        owner.close();
                        return;
                    }
                    default -> throw new IllegalArgumentException(line);
                }
                System.out.println("done " + line);
            }
        }
    }

    private static Command connect(long node) {
        return new Command.ConnectSession(new NodeId(node), new SessionId("session of " + node));
    }

    private static Command disconnect(long node) {
        return new Command.DisconnectSession(new NodeId(node), new SessionId("session of " + node));
    }

    /** Two routers for one prefix, of which the first is the primary, and the node of the load. */
    private void routers() {
        for (long node = 1; node <= 2; node++) {
            submit(
                    Host.registered(new NodeId(node)),
                    connect(node),
                    new Command.AdvertiseRoutes(new NodeId(node), List.of(LAN)),
                    new Command.SetApprovedRoutes(new NodeId(node), List.of(LAN)));
        }
        submit(Host.registered(LOAD));
    }

    private void submit(Command... commands) {
        Receipt unused = controller
                .submit(new Submission(HOST, null, List.of(commands)))
                .toCompletableFuture()
                .join();
    }

    static Prefix prefix(int number) {
        return Prefix.parse("10." + number / 256 + "." + number % 256 + ".0/24");
    }

    private void load(int first) {
        for (int number = first; !System.out.checkError(); number++) {
            try {
                submit(new Command.AdvertiseRoutes(LOAD, List.of(prefix(number))));
            } catch (CompletionException e) {
                System.out.println("ended " + e.getCause().getClass().getSimpleName());
                return;
            }
            System.out.println("acknowledged " + number);
        }
    }

    /** Hands over, and prints what was published last. */
    private void close() {
        controller.close();
        replica.close();
        scheduler.shutdown();
        Snapshot last = controller.current();
        System.out.println(
                "published " + last.revision().value() + " " + text(last.state().rows()));
        System.out.println("closed");
    }

    static String text(StateRows rows) {
        return RoutingJson.write(rows);
    }
}
