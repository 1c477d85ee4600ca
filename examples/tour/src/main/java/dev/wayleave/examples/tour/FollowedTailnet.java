package dev.wayleave.examples.tour;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The program of docs/storage.md that follows a tailnet: without a controller. */
public final class FollowedTailnet {

    private FollowedTailnet() {}

    /**
     * Prints what changed.
     *
     * @param args not read
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        TailnetId tailnet = new TailnetId("example.com");
        NodeId berlin = new NodeId(1);
        List<Prefix> lan = List.of(Prefix.parse("10.20.0.0/16"));
        Actor ada = new Actor("ada@example.com");
        RoutingStore store = new InMemoryRoutingStore();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        RouteController routes = RouteController.builder(store, tailnet, scheduler, InstantSource.system())
                .open();
        Receipt.await(
                        routes.submit(Submission.of(
                                ada,
                                new Command.RegisterNode(Node.builder(berlin, "berlin", Owner.tags("tag:router"))
                                        .build()))),
                        Duration.ofSeconds(5))
                .orElseThrow();
        Submission submission = Submission.of(ada, new Command.AdvertiseRoutes(berlin, lan));
        // the documentation shows what is between these two lines
        TailnetFollower follower = new TailnetFollower(
                store,
                tailnet,
                EventPosition.START,
                event -> System.out.println(event.position() + " " + event.kind()));
        follower.read();
        Receipt.await(routes.submit(submission), Duration.ofSeconds(5)).orElseThrow(); // in this or another process
        follower.read();
        StoredTailnet known = follower.known().orElseThrow();
        known.rows()
                .routes()
                .forEach(row ->
                        System.out.println("revision " + known.revision() + ": " + row.node() + " " + row.prefix()));
        // the documentation shows what is between these two lines
        routes.close();
        scheduler.shutdown();
        if (!store.load(tailnet).orElseThrow().equals(known)) {
            throw new IllegalStateException("the rows are not those of the store");
        }
    }
}
