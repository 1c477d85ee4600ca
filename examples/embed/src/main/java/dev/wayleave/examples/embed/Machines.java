package dev.wayleave.examples.embed;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The host's own table, which the library does not know: the host reports only what routing reads. */
final class Machines {

    static final TailnetId TAILNET = new TailnetId("example.com");

    /**
     * A machine as the host has it.
     *
     * @param id its number, which the library uses too
     * @param name its name
     * @param serial what only the host cares for
     */
    record Machine(long id, String name, String serial) {}

    private Machines() {}

    static void createTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists machine (id integer primary key, name text, serial text unique)");
        }
    }

    /** A machine that is there already stays as it is. */
    static void insert(Connection connection, Machine machine) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into machine values (?, ?, ?) on conflict (id) do nothing")) {
            insert.setLong(1, machine.id());
            insert.setString(2, machine.name());
            insert.setString(3, machine.serial());
            insert.executeUpdate();
        }
    }

    /** What the host reports: the node, the prefixes that it can carry, and the administrator's approval. */
    static Submission registration(Machine machine, List<Prefix> prefixes) {
        NodeId node = new NodeId(machine.id());
        return Submission.of(
                new Actor("the host"),
                new Command.RegisterNode(Node.builder(node, machine.name(), Owner.tags("tag:router"))
                        .build()),
                new Command.AdvertiseRoutes(node, prefixes),
                new Command.SetApprovedRoutes(node, prefixes));
    }
}
