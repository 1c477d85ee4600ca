package dev.wayleave.storage.jdbc;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Ownership;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.TailnetOwner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes one commit into a transaction that the caller ends. */
final class CommitWriter {

    private static final String UNIQUE_VIOLATION = "23505";

    /** Rows that are sent at once: many, because each sending is a round trip; not all, because drivers buffer them. */
    private static final int BATCH = 5_000;

    private final Dialect dialect;
    private final Tables tables;
    private final StoredSchema schema;
    private final OwnerTable owners;

    /** Whether each row is sent by itself, so that an error names the row. */
    private final boolean rowByRow;

    CommitWriter(Dialect dialect, Tables tables, StoredSchema schema) {
        this(dialect, tables, schema, false);
    }

    private CommitWriter(Dialect dialect, Tables tables, StoredSchema schema, boolean rowByRow) {
        this.dialect = dialect;
        this.tables = tables;
        this.schema = schema;
        this.owners = new OwnerTable(dialect, tables);
        this.rowByRow = rowByRow;
    }

    /** {@return a writer that is slow, and whose errors name one row: for a commit that was refused} */
    CommitWriter rowByRow() {
        return new CommitWriter(dialect, tables, schema, true);
    }

    /** Fills one row of a batch. */
    @FunctionalInterface
    private interface RowFiller<T> {
        void fill(Parameters parameters, T row) throws SQLException;
    }

    /**
     * Sets the revision, then writes the rows. Referenced rows are inserted before, and deleted after, the rows that
     * refer to them.
     *
     * @return why nothing is written; empty if all is
     * @throws SchemaVersionException if a newer version of the tables must not be written to; nothing is written then
     * @throws RefusedRowException if the database refuses a row
     */
    Optional<CommitOutcome> write(Connection connection, Commit commit) throws SQLException {
        boolean isWritten = advance(connection, commit);
        if (!isWritten || commit.expected().equals(Revision.NONE)) {
            schema.requireWritable(connection); // the update of a revision asks for it itself
        }
        Ownership claim = commit.ownershipOrNull();
        if (claim != null && !owners.hasLease(connection, claim)) {
            return Optional.of(new CommitOutcome.Fenced(
                    owners.owner(connection, commit.tailnet()).orElse(TailnetOwner.NONE)));
        }
        if (!isWritten) {
            return Optional.of(refusal(connection, commit));
        }
        writeRows(connection, commit);
        return Optional.empty();
    }

    private CommitOutcome refusal(Connection connection, Commit commit) throws SQLException {
        Ownership claim = commit.ownershipOrNull();
        TailnetOwner owner = claim == null
                ? null
                : owners.owner(connection, commit.tailnet()).orElse(null);
        return claim == null || owner == null || owner.isStill(claim)
                ? new CommitOutcome.Conflict()
                : new CommitOutcome.Fenced(owner);
    }

    private void writeRows(Connection connection, Commit commit) throws SQLException {
        RowChanges change = commit.rowChanges();
        TailnetId tailnet = commit.tailnet();
        Revision revision = commit.expected().next();
        RowWriter rows = new RowWriter(dialect, tailnet.value(), revision, commit.at());
        Rows writing = new Rows(connection, tailnet);
        writing.send(tables.users, tables.upsertUser, change.users().upserts(), User::id, rows::user);
        writing.send(
                tables.node,
                tables.upsertNode,
                change.nodes().upserts(),
                row -> row.facts().id(),
                rows::node);
        writing.send(tables.route, tables.upsertRoute, change.routes().upserts(), row -> text(row.key()), rows::route);
        writing.send(tables.route, tables.upsertRoute, deletedRoutes(change), CommitWriter::text, rows::deletedRoute);
        writing.send(
                tables.node,
                tables.deleteNode,
                change.nodes().deletes(),
                node -> node,
                (Parameters parameters, NodeId node) ->
                        parameters.text(tailnet.value()).number(node.value()).endOfRow());
        writing.send(
                tables.users,
                tables.deleteUser,
                change.users().deletes(),
                user -> user,
                (Parameters parameters, UserId user) ->
                        parameters.text(tailnet.value()).text(user.value()).endOfRow());
        writing.send(
                tables.deletion,
                tables.insertDeletion,
                DeletionTable.deletions(change),
                deletion -> deletion,
                (Parameters parameters, DeletionTable.Deletion deletion) ->
                        DeletionTable.fill(parameters, tailnet, revision, deletion));
        List<StoredEvent> events = new ArrayList<>();
        for (RouteEvent event : commit.events()) {
            events.add(StoredEvent.of(new EventPosition(revision, events.size()), rows.at(), event));
        }
        writing.send(tables.event, tables.insertEvent, events, StoredEvent::position, rows::event);
        new CommitLog(dialect, tables).write(connection, commit);
    }

    private boolean advance(Connection connection, Commit commit) throws SQLException {
        boolean isNew = commit.expected().equals(Revision.NONE);
        TailnetRow row = commit.rowChanges().tailnet().orElse(null);
        Ownership claim = commit.ownershipOrNull();
        ReplicaId owner = claim == null ? null : claim.owner().orElse(null);
        String sql = isNew
                ? tables.insertTailnet
                : (row == null ? tables.advance : tables.advanceAndReplace) + (claim == null ? "" : Tables.CLAIMED);
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
                parameters
                        .text(row.settings().toJson())
                        .text(row.policy().text())
                        .number(commit.expected().next().value());
            }
            if (isNew) {
                parameters
                        .text(owner == null ? null : owner.value())
                        .number(claim == null ? 0 : claim.epoch())
                        .time(owner == null ? null : at)
                        .time(at)
                        .time(at);
                return statement.executeUpdate() == 1 && begin(connection, commit.tailnet(), owner);
            }
            parameters
                    .time(at)
                    .text(commit.tailnet().value())
                    .number(commit.expected().value())
                    .text(commit.expectedToken().map(CommitToken::value).orElse(null));
            if (claim != null) {
                parameters.number(claim.epoch()).text(owner == null ? "" : owner.value());
            }
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            if (isNew && UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return false; // two first commits at once, on a database without `on conflict`
            }
            throw e;
        }
    }

    private boolean begin(Connection connection, TailnetId tailnet, @Nullable ReplicaId owner) throws SQLException {
        if (owner != null) {
            owners.begin(connection, tailnet);
        }
        return true;
    }

    private static String text(RouteKey key) {
        return key.node() + ", " + key.prefix();
    }

    /** Leaves out the routes of deleted nodes: the deletion of the node's row cascades to them. */
    private static List<RouteKey> deletedRoutes(RowChanges change) {
        Set<NodeId> deletedNodes = new HashSet<>(change.nodes().deletes());
        return change.routes().deletes().stream()
                .filter(key -> !deletedNodes.contains(key.node()))
                .toList();
    }

    /** Sends the rows of one commit, and names the rows of an error. */
    private final class Rows {

        private final Connection connection;
        private final TailnetId tailnet;

        Rows(Connection connection, TailnetId tailnet) {
            this.connection = connection;
            this.tailnet = tailnet;
        }

        <T> void send(String table, String sql, List<T> values, Function<T, Object> key, RowFiller<T> filler)
                throws SQLException {
            if (values.isEmpty()) {
                return;
            }
            int first = 0;
            int next = 0;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                Parameters parameters = new Parameters(statement, dialect);
                for (T value : values) {
                    filler.fill(parameters, value);
                    next++;
                    if (rowByRow || next - first == BATCH) {
                        parameters.send();
                        first = next;
                    }
                }
                parameters.send();
            } catch (SQLException e) {
                throw refused(table, values.subList(first, Math.max(next, first + 1)), key, e);
            }
        }

        private <T> RefusedRowException refused(
                String table, List<T> sent, Function<T, Object> key, SQLException cause) {
            String row = "`" + key.apply(sent.get(0)) + "`";
            boolean isOneRow = sent.size() == 1;
            return new RefusedRowException(
                    "table `" + table + "`, tailnet `" + tailnet + "`, "
                            + (isOneRow
                                    ? "row " + row
                                    : "one of " + sent.size() + " rows from " + row + " to `"
                                            + key.apply(sent.get(sent.size() - 1)) + "`"),
                    isOneRow,
                    cause);
        }
    }
}
