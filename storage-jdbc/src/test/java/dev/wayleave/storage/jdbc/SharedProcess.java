package dev.wayleave.storage.jdbc;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.FencedException;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The child of the tests of processes that share a tailnet: a host with routers of its own, whose load is random
 * commands. It writes each operation with the time of its question and of its answer, and comes back as a new process
 * when it was fenced.
 */
final class SharedProcess {

    static final LeaseRule LEASE = new LeaseRule(Duration.ofMillis(1_500), Duration.ofMillis(300));
    static final Duration GRACE = Duration.ofSeconds(1);
    static final NodeId LOAD = new NodeId(1_000);

    private static final Actor HOST = new Actor("host");
    private static final Duration POLL = Duration.ofMillis(50);

    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(3);
    private final String url;
    private final String id;
    private final Duration wrong;
    private final List<Long> routers = new ArrayList<>();
    private volatile boolean isOver;
    private Replica replica;
    private volatile RouteController controller;
    private int starts;

    private SharedProcess(String url, String id, Duration wrong) {
        this.url = url;
        this.id = id;
        this.wrong = wrong;
    }

    /** Called with the URL of the database, the id of the replica, and how wrong its wall clock is. */
    public static void main(String[] arguments) throws IOException {
        SharedProcess shared = new SharedProcess(arguments[0], arguments[1], Duration.parse(arguments[2]));
        shared.open();
        System.out.println("open");
        try (BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                if (!shared.answer(line.split(" ", -1))) {
                    return;
                }
                System.out.println("done " + line);
            }
        }
    }

    private boolean answer(String[] words) {
        switch (words[0]) {
            case "nodes" -> nodes(Integer.parseInt(words[1]));
            case "connect" -> {
                for (int i = 1; i < words.length; i++) {
                    routers.add(Long.parseLong(words[i]));
                    submit(connect(Long.parseLong(words[i])));
                }
            }
            case "load" -> {
                Thread load = new Thread(() -> load(Integer.parseInt(words[1])), "load");
                load.setDaemon(true);
                load.start();
            }
            case "stop" -> isOver = true;
            case "state" -> {
                Snapshot snapshot = controller.refresh().toCompletableFuture().join();
                System.out.println("state " + snapshot.revision() + " "
                        + RoutingJson.write(snapshot.state().rows()));
            }
            case "close" -> {
                isOver = true;
                controller.close();
                replica.close();
                scheduler.shutdown();
                System.out.println("closed");
                return false;
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
        return true;
    }

    private synchronized void open() {
        starts++;
        InstantSource clock = InstantSource.offset(InstantSource.system(), wrong);
        RoutingStore leases = JdbcRoutingStore.open(DataSources.keeping(url));
        RoutingStore store = JdbcRoutingStore.open(DataSources.keeping(url));
        replica = Replica.join(leases, new ReplicaId(id), scheduler, clock, LEASE);
        controller = RouteController.builder(store, Host.TAILNET, scheduler, clock)
                .newTailnet(RoutingSettings.builder().grace(GRACE).build())
                .replica(replica)
                .shared()
                .following(POLL)
                .open();
    }

    /** Every three nodes carry one prefix. */
    private void nodes(int count) {
        for (long node = 1; node <= count; node++) {
            List<Prefix> prefix = List.of(shared(node));
            submit(
                    Host.registered(new NodeId(node)),
                    new Command.AdvertiseRoutes(new NodeId(node), prefix),
                    new Command.SetApprovedRoutes(new NodeId(node), prefix));
        }
        submit(Host.registered(LOAD));
    }

    static Prefix shared(long node) {
        return Prefix.parse("192.168." + (node - 1) / 3 + ".0/24");
    }

    static Prefix advertised(int number) {
        return Prefix.parse("10." + number / 256 + "." + number % 256 + ".0/24");
    }

    private Command connect(long node) {
        return new Command.ConnectSession(new NodeId(node), session(node));
    }

    private SessionId session(long node) {
        return new SessionId(id + " " + starts + " " + node);
    }

    private Receipt submit(Command... commands) {
        return controller
                .submit(new Submission(HOST, null, List.of(commands)))
                .toCompletableFuture()
                .join();
    }

    private void load(int first) {
        Random random = new Random(first);
        int number = first;
        while (!isOver && !System.out.checkError()) {
            try {
                number += random.nextInt(4) == 0 ? write(number) : operation(random);
            } catch (CompletionException e) {
                number++; // it may be written, or not
                System.out.println("failed " + e.getCause().getClass().getSimpleName());
                if (e.getCause() instanceof FencedException) {
                    comeBack();
                }
            }
        }
    }

    /** A prefix that is found in the events, once. */
    private int write(int number) {
        long begun = System.nanoTime();
        Receipt receipt = submit(new Command.AdvertiseRoutes(LOAD, List.of(advertised(number))));
        say("write " + number, begun, receipt.revision().value());
        return 1;
    }

    private int operation(Random random) {
        int kind = random.nextInt(6);
        if (kind < 2) {
            long begun = System.nanoTime();
            Snapshot seen = controller.refresh().toCompletableFuture().join();
            say("read -", begun, seen.revision().value());
        } else {
            long node = routers.get(random.nextInt(routers.size()));
            if (kind == 2) {
                submit(new Command.ReportHealth(
                        new NodeId(node), random.nextBoolean() ? Health.HEALTHY : Health.UNHEALTHY));
            } else if (kind == 3) {
                submit(new Command.DisconnectSession(new NodeId(node), session(node)));
                submit(connect(node));
            } else {
                submit(new Command.KeepAlive(new NodeId(node), session(node)));
            }
        }
        return 0;
    }

    private static void say(String what, long begun, long revision) {
        System.out.println(what + " " + begun + " " + System.nanoTime() + " " + revision);
    }

    /** As a new process, with the connections of its routers anew; once more if that is fenced, too. */
    private void comeBack() {
        System.out.println("fenced");
        while (!isOver) {
            try {
                controller.close();
                replica.close();
                open();
                routers.forEach(node -> submit(connect(node)));
                System.out.println("back");
                return;
            } catch (CompletionException | StorageException e) {
                System.out.println("not back " + e);
            }
        }
    }
}
