package outside;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A router that comes, and is primary. */
final class Main {

    public static void main(String... arguments) {
        NodeId berlin = new NodeId(1);
        Prefix lan = Prefix.parse("10.20.0.0/16");
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try (RouteController controller = RouteController.builder(
                        new InMemoryRoutingStore(), new TailnetId("example.com"), scheduler, InstantSource.system())
                .open()) {
            controller
                    .submit(Submission.of(
                            new Actor("main"),
                            new Command.SetPolicy(PolicyReader.read("{\"tagOwners\": {\"tag:router\": []}}")),
                            new Command.RegisterNode(Node.builder(berlin, "berlin", Owner.tags("tag:router"))
                                    .build()),
                            new Command.ConnectSession(berlin, new SessionId("first")),
                            new Command.AdvertiseRoutes(berlin, List.of(lan)),
                            new Command.SetApprovedRoutes(berlin, List.of(lan))))
                    .toCompletableFuture()
                    .join();
            System.out.println(
                    lan + " is served by node " + controller.current().state().primary(lan).orElseThrow());
        } finally {
            scheduler.shutdown();
        }
    }
}
