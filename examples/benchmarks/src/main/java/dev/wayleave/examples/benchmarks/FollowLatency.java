package dev.wayleave.examples.benchmarks;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.PublishedViews;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import dev.wayleave.storage.ViewListener;
import dev.wayleave.storage.ViewPublication;
import dev.wayleave.storage.ViewPublisher;
import dev.wayleave.storage.jdbc.CommitListener;
import dev.wayleave.storage.jdbc.CommitRefresh;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.TableNames;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Prints how long after a submission to one controller another one, which PostgreSQL notifies, has published its event
 * with the views: one submission at a time, each of which changes a route. Both controllers run in this process, and
 * share nothing but the pool of connections.
 */
public final class FollowLatency {

    private static final TailnetId TAILNET = new TailnetId("example.com");
    private static final Actor HOST = new Actor("host");
    private static final int NODES = 1_000;
    private static final int WARM_UP = 1_000;

    private final BlockingQueue<Long> published = new LinkedBlockingQueue<>();

    private FollowLatency() {}

    public static void main(String[] args) throws InterruptedException {
        int submissions = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(4);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (DatabaseUnderTest database = DatabaseUnderTest.open(DatabaseUnderTest.Kind.POSTGRESQL, 8)) {
            new FollowLatency().measure(database, scheduler, threads, submissions);
        } finally {
            scheduler.shutdownNow();
            threads.shutdownNow();
        }
    }

    private void measure(
            DatabaseUnderTest database, ScheduledExecutorService scheduler, ExecutorService threads, int submissions)
            throws InterruptedException {
        RouteController writer = controller(database, scheduler).open();
        for (int node = 1; node <= NODES; node++) {
            done(writer, registered(node));
        }
        RouteController follower = controller(database, scheduler)
                .listener(new ViewPublisher(new Arrivals()))
                .following(Duration.ofSeconds(5))
                .open();
        CommitListener listener = CommitListener.start(
                database.pool(),
                TableNames.DEFAULT,
                threads,
                CommitRefresh.of(() -> List.of(follower), cause -> cause.printStackTrace()));
        long[] answered = new long[submissions];
        long[] followed = new long[submissions];
        for (int i = -WARM_UP; i < submissions; i++) {
            long begun = System.nanoTime();
            Revision revision = done(writer, advertised(i)).revision();
            long answer = System.nanoTime() - begun;
            Long arrived = published.poll(1, TimeUnit.MINUTES);
            if (arrived == null || !follower.current().revision().equals(revision)) {
                throw new IllegalStateException("revision " + revision + " was not followed");
            }
            if (i >= 0) {
                answered[i] = answer;
                followed[i] = arrived - begun;
            }
        }
        print("submission to receipt", answered);
        print("submission to event on the other controller", followed);
        listener.close();
        follower.close();
        writer.close();
    }

    private static RouteControllerBuilder controller(DatabaseUnderTest database, ScheduledExecutorService scheduler) {
        JdbcRoutingStore store = JdbcRoutingStore.open(database.pool()).withNotifications();
        return RouteController.builder(store, TAILNET, scheduler, InstantSource.system())
                .withoutSessions();
    }

    private static Receipt done(RouteController controller, Command command) {
        return controller
                .submit(Submission.of(HOST, command))
                .toCompletableFuture()
                .join();
    }

    private static Command registered(int node) {
        return new Command.RegisterNode(Node.builder(new NodeId(node), "node-" + node, Owner.tags("tag:router"))
                .build());
    }

    private static Command advertised(int i) {
        NodeId node = new NodeId(1 + Math.floorMod(i, NODES));
        String prefix = "10." + Math.floorMod(i, 250) + "." + Math.floorMod(Math.floorDiv(i, NODES), 250) + ".0/24";
        return new Command.AdvertiseRoutes(node, List.of(Prefix.parse(prefix)));
    }

    /** Notes when each publication arrives. */
    private final class Arrivals implements ViewListener {

        @Override
        public void started(PublishedViews whole) {}

        @Override
        public void published(ViewPublication publication) {
            if (!publication.events().isEmpty()) {
                published.add(System.nanoTime());
            }
        }
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%s: median %.2f ms, p99 %.2f ms, longest %.2f ms%n",
                what,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }
}
