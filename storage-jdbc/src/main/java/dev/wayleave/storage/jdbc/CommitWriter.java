package dev.wayleave.storage.jdbc;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.UserId;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes one commit into a transaction that the caller ends. */
final class CommitWriter {

    private static final String UNIQUE_VIOLATION = "23505";

    private final Dialect dialect;
    private final Tables tables;

    CommitWriter(Dialect dialect, Tables tables) {
        this.dialect = dialect;
        this.tables = tables;
    }

    /** Fills one row of a batch. */
    @FunctionalInterface
    private interface Filling<T> {
        void fill(Parameters parameters, T row) throws SQLException;
    }

    /**
     * Sets the revision, then writes the rows. Referenced rows are inserted before, and deleted after, the rows that
     * refer to them.
     *
     * @return false if the revision was not the expected one; nothing is written then
     */
    boolean write(Connection connection, Commit commit) throws SQLException {
        if (!advance(connection, commit)) {
            return false;
        }
        RowChanges change = commit.rowChanges();
        String tailnet = commit.tailnet().value();
        RowWriter rows = new RowWriter(dialect, tailnet, commit.at());
        batch(connection, tables.upsertUser, change.users().upserts(), rows::user);
        batch(connection, tables.upsertNode, change.nodes().upserts(), rows::node);
        routes(connection, change, rows);
        batch(
                connection,
                tables.deleteNode,
                change.nodes().deletes(),
                (Parameters parameters, NodeId node) ->
                        parameters.text(tailnet).number(node.value()).endOfRow());
        batch(
                connection,
                tables.deleteUser,
                change.users().deletes(),
                (Parameters parameters, UserId user) ->
                        parameters.text(tailnet).text(user.value()).endOfRow());
        events(connection, commit, rows);
        return true;
    }

    private boolean advance(Connection connection, Commit commit) throws SQLException {
        boolean isNew = commit.expected().equals(Revision.NONE);
        TailnetRow row = commit.rowChanges().tailnet().orElse(null);
        String sql = isNew ? tables.insertTailnet : row == null ? tables.advance : tables.advanceAndReplace;
        Instant at = commit.at().truncatedTo(ChronoUnit.MILLIS);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters parameters = new Parameters(statement, dialect);
            if (isNew) {
                parameters.text(commit.tailnet().value());
            }
            parameters
                    .number(commit.expected().next().value())
                    .text(commit.token().value());
            if (row != null) {
                parameters.text(row.settings().toJson()).text(row.policy().text());
            }
            parameters.time(at);
            if (isNew) {
                parameters.time(at);
            } else {
                parameters
                        .text(commit.tailnet().value())
                        .number(commit.expected().value())
                        .text(commit.expectedToken().map(CommitToken::value).orElse(null));
            }
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            if (isNew && UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return false; // two first commits at once, on a database without `on conflict`
            }
            throw e;
        }
    }

    /** Skips deleted routes of deleted nodes: the deletion of the node's row cascades to them. */
    private void routes(Connection connection, RowChanges change, RowWriter rows) throws SQLException {
        List<RouteRow> upserts = change.routes().upserts();
        List<RouteKey> deletes = change.routes().deletes();
        if (upserts.isEmpty() && deletes.isEmpty()) {
            return;
        }
        Set<NodeId> deletedNodes = new HashSet<>(change.nodes().deletes());
        try (PreparedStatement statement = connection.prepareStatement(tables.upsertRoute)) {
            Parameters parameters = new Parameters(statement, dialect);
            for (RouteRow row : upserts) {
                rows.route(parameters, row);
            }
            for (RouteKey key : deletes) {
                if (!deletedNodes.contains(key.node())) {
                    rows.deletedRoute(parameters, key);
                }
            }
            parameters.send();
        }
    }

    private void events(Connection connection, Commit commit, RowWriter rows) throws SQLException {
        Revision revision = commit.expected().next();
        int[] ordinal = {0};
        batch(
                connection,
                tables.insertEvent,
                commit.events(),
                (Parameters parameters, RouteEvent event) ->
                        rows.event(parameters, new EventPosition(revision, ordinal[0]++), event));
    }

    private <T> void batch(Connection connection, String sql, List<T> values, Filling<T> filling) throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters parameters = new Parameters(statement, dialect);
            for (T value : values) {
                filling.fill(parameters, value);
            }
            parameters.send();
        }
    }
}
