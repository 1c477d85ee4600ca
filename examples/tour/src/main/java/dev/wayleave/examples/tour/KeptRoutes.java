package dev.wayleave.examples.tour;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.Snapshot;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The third program of the README: routes that are stored, and are there again after a restart. */
public final class KeptRoutes {

    private KeptRoutes() {}

    /**
     * Prints what is stored, and what is there again.
     *
     * @param args not read
     */
    public static void main(String[] args) {
        NodeId berlin = new NodeId(1);
        Prefix lan = Prefix.parse("10.20.0.0/16");
        Submission submission = Submission.of(
                new Actor("ada@example.com"),
                new Command.RegisterNode(
                        Node.builder(berlin, "berlin", Owner.tags("tag:router")).build()),
                new Command.ConnectSession(berlin, new SessionId("first")),
                new Command.AdvertiseRoutes(berlin, List.of(lan)),
                new Command.SetApprovedRoutes(berlin, List.of(lan)));
        // the README shows what is between these two lines
        RoutingStore store = new InMemoryRoutingStore(); // for permanent storage use wayleave-storage-jdbc
        ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
        RouteControllerBuilder builder =
                RouteController.builder(store, new TailnetId("example.com"), scheduler, InstantSource.system());
        try (RouteController routes = builder.open()) {
            Receipt receipt = routes.submit(submission).toCompletableFuture().join(); // answered once it is stored
            System.out.println("stored: revision " + receipt.revision());
        }
        try (RouteController routes = builder.open()) { // the next process
            Snapshot now = routes.current(); // one volatile read, from any thread
            System.out.println("loaded: revision " + now.revision() + ", " + lan + " is served by node "
                    + now.state().primary(lan).orElseThrow());
        }
        scheduler.shutdown();
        // the README shows what is between these two lines
    }
}
