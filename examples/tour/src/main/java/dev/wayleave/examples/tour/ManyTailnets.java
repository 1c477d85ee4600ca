package dev.wayleave.examples.tour;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.OpenTailnet;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Tailnets;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The program of docs/embedding.md for hosts of many tailnets. */
public final class ManyTailnets {

    private ManyTailnets() {}

    /**
     * Prints which tailnets are loaded.
     *
     * @param args not read
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        RoutingStore store = new InMemoryRoutingStore();
        // the documentation shows what is between these two lines
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        ExecutorService executor = Executors.newFixedThreadPool(4); // as many threads as the pool has connections
        Tailnets tailnets = Tailnets.builder(store, scheduler, InstantSource.system())
                .executor(executor)
                .loadedTailnets(10_000)
                .open();
        tailnets.loadStored().toCompletableFuture().join(); // once after a start: deadlines of tailnets without callers
        TailnetId tailnet = new TailnetId("example.com");
        tailnets.create(tailnet, RoutingSettings.DEFAULT).toCompletableFuture().join();
        Receipt receipt = Receipt.await(tailnets.submit(tailnet, registration()), Duration.ofSeconds(5));
        System.out.println("stored: revision " + receipt.orElseThrow().revision());
        System.out.println("loaded: " + tailnets.loaded());
        tailnets.unload(tailnet).toCompletableFuture().join(); // as after the idle period
        System.out.println("loaded: " + tailnets.loaded());
        try (OpenTailnet open = tailnets.open(tailnet).toCompletableFuture().join()) { // loaded until it is closed
            System.out.println("nodes: " + open.current().state().nodes().size());
        }
        tailnets.close();
        executor.shutdown();
        scheduler.shutdown();
        // the documentation shows what is between these two lines
    }

    private static Submission registration() {
        return Submission.of(
                new Actor("ada@example.com"),
                new Command.RegisterNode(Node.builder(new NodeId(1), "berlin", Owner.tags("tag:router"))
                        .build()));
    }
}
