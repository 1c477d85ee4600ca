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
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.JdbcSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.sqlite.SQLiteDataSource;

/** The program of docs/storage.md: rows that operators read, and the history of what happened. */
public final class StoredHistory {

    private StoredHistory() {}

    /**
     * Prints rows and events of a database.
     *
     * @param args not read
     * @throws IOException if there is no place for a file
     * @throws InterruptedException if the thread is interrupted
     * @throws SQLException if the database cannot be read
     */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        Path file = Files.createTempDirectory("wayleave").resolve("routes.sqlite");
        TailnetId tailnet = new TailnetId("example.com");
        NodeId berlin = new NodeId(1);
        List<Prefix> lan = List.of(Prefix.parse("10.20.0.0/16"));
        Submission submission = Submission.of(
                new Actor("ada@example.com"),
                new Command.RegisterNode(
                        Node.builder(berlin, "berlin", Owner.tags("tag:router")).build()),
                new Command.AdvertiseRoutes(berlin, lan),
                new Command.ApproveRoutes(berlin, lan));
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        // the documentation shows what is between these two lines
        SQLiteDataSource dataSource = new SQLiteDataSource(); // or PostgreSQL, or H2
        dataSource.setUrl("jdbc:sqlite:" + file);
        JdbcSchema.of(dataSource).migrate(); // the tables; Flyway can do it, too
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        try (RouteController routes = RouteController.builder(store, tailnet, scheduler, InstantSource.system())
                .open()) {
            Receipt.await(routes.submit(submission), Duration.ofSeconds(5)).orElseThrow();
        }
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select node, prefix, approved_by from wayleave_route")) {
            System.out.println(
                    rows.getLong("node") + " " + rows.getString("prefix") + " " + rows.getString("approved_by"));
        }
        EventPosition seen = EventPosition.START; // keep the position of the last event that you have handled
        for (StoredEvent event : store.events(tailnet, seen, 100)) {
            System.out.println(event.position() + " " + event.kind() + " by "
                    + event.actor().orElseThrow());
            seen = event.position();
        }
        // the documentation shows what is between these two lines
        scheduler.shutdown();
        if (!store.events(tailnet, seen, 1).isEmpty()) {
            throw new IllegalStateException("no event follows the last one");
        }
    }
}
