package dev.wayleave.examples.tour;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Publication;
import dev.wayleave.storage.PublicationListener;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The program of docs/embedding.md for hosts that let the controller run the loop. */
public final class ControllerLoop {

    private ControllerLoop() {}

    /**
     * Prints what a listener gets, and what is refused.
     *
     * @param args not read
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        RoutingStore store = new InMemoryRoutingStore();
        // the documentation shows what is between these two lines
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        List<Revision> published = new CopyOnWriteArrayList<>();
        RouteController routes = RouteController.builder(
                        store, new TailnetId("example.com"), scheduler, InstantSource.system())
                .listener(new PublicationListener() {
                    @Override
                    public void started(Snapshot current) { // before open() returns
                        System.out.println("started with revision " + current.revision());
                    }

                    @Override
                    public void published(Publication publication) { // in order, and each once
                        published.add(publication.after().revision());
                    }
                })
                .open();
        Revision read = routes.current().revision(); // what the administrator sees
        Receipt receipt = Receipt.await(routes.submit(registration(1, "berlin"), read), Duration.ofSeconds(5));
        System.out.println("stored: revision " + receipt.orElseThrow().revision());
        Receipt late = Receipt.await(routes.submit(registration(2, "lisbon"), read), Duration.ofSeconds(5));
        System.out.println(late.result().text(routes.current().state().names())); // decided on an older revision
        routes.close(); // waits for the last turn; then the scheduler, then the data source
        scheduler.shutdown();
        System.out.println("published: " + published);
        // the documentation shows what is between these two lines
    }

    private static Submission registration(long number, String name) {
        return Submission.of(
                new Actor("ada@example.com"),
                new Command.RegisterNode(Node.builder(new NodeId(number), name, Owner.tags("tag:router"))
                        .build()));
    }
}
