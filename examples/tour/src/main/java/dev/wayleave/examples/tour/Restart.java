package dev.wayleave.examples.tour;

import dev.wayleave.RouteState;
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
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.JdbcSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.sqlite.SQLiteDataSource;

/** The third program of the README: a SQLite file, a restart, and the same primaries. */
public final class Restart {

    private Restart() {}

    /**
     * Prints the primaries before and after a restart.
     *
     * @param args not read
     * @throws IOException if there is no place for a file
     */
    public static void main(String[] args) throws IOException {
        Path file = Files.createTempDirectory("wayleave").resolve("routes.sqlite");
        // the README shows what is between these two lines
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + file);
        JdbcSchema.of(dataSource).migrate();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        RouteControllerBuilder tailnet = RouteController.builder(
                        JdbcRoutingStore.open(dataSource),
                        new TailnetId("example.com"),
                        scheduler,
                        InstantSource.system())
                .newTailnet(RoutingSettings.DEFAULT);
        try (RouteController controller = tailnet.open()) {
            for (long id : List.of(2L, 1L)) { // the second router comes first, and keeps what it has
                NodeId router = new NodeId(id);
                List<Prefix> lan = List.of(Prefix.parse("10.20.0.0/16"), Prefix.parse("10." + (20 + id) + ".0.0/16"));
                controller
                        .submit(Submission.of(
                                new Actor("tour"),
                                new Command.RegisterNode(Node.builder(router, "router-" + id, Owner.tags("tag:router"))
                                        .build()),
                                new Command.ConnectSession(router, new SessionId("session-" + id)),
                                new Command.AdvertiseRoutes(router, lan),
                                new Command.SetApprovedRoutes(router, lan)))
                        .toCompletableFuture()
                        .join();
            }
            print("before", controller);
        }
        try (RouteController controller = tailnet.open()) { // as another process would, tomorrow
            print("after", controller);
        }
        scheduler.shutdown();
        // the README shows what is between these two lines
    }

    private static void print(String when, RouteController controller) {
        for (RouteState route : controller.current().state().routes().values()) {
            System.out.println(when + ": " + route);
        }
    }
}
