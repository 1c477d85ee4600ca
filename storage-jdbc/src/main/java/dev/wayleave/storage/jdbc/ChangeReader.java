package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.StoredRowsException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what changed since a revision: rows with a later revision, by an index, and the keys in the table of deletions.
 * Where the log still has the commit of that revision, no later deletion is forgotten.
 *
 * <p>Processes that share a tailnet read after each commit of another process, so that round trips count. One statement
 * reads the newest revision and the tables that have changed rows; these are read by a second one, if the database
 * takes several selects in one text.
 */
final class ChangeReader {

    /** Tables whose changed rows are counted: users, nodes, routes and deletions. */
    private static final int COUNTED = 4;

    private final Dialect dialect;
    private final Tables tables;
    private final StoredSchema schema;

    ChangeReader(Dialect dialect, Tables tables, StoredSchema schema) {
        this.dialect = dialect;
        this.tables = tables;
        this.schema = schema;
    }

    /** The tables that have rows that changed since a revision, and whether these are few. */
    record ChangedTables(
            boolean settings, boolean users, boolean nodes, boolean routes, boolean deletions, boolean areFew) {

        /** Of the numbers of changed rows, which are counted up to {@link Tables#FEW}. */
        static ChangedTables of(boolean settings, long users, long nodes, long routes, long deletions) {
            boolean areFew = Math.max(Math.max(users, nodes), Math.max(routes, deletions)) < Tables.FEW;
            return new ChangedTables(settings, users > 0, nodes > 0, routes > 0, deletions > 0, areFew);
        }
    }

    /**
     * The newest commit of a tailnet, and what changed up to it.
     *
     * @param knownOrNull the token of the commit of the known revision; null if the log does not have it
     */
    private record NewestCommit(
            Revision revision, CommitToken token, @Nullable CommitToken knownOrNull, ChangedTables changed) {}

    /**
     * Reads, and refuses tables that this library must not read.
     *
     * @param beginning what the text of the first statement begins with
     * @return the changes; empty if the log does not have the commit of the revision
     */
    Optional<StoredChanges> read(Connection connection, String beginning, TailnetId tailnet, Revision since)
            throws SQLException {
        NewestCommit newest = newest(connection, beginning, tailnet, since).orElse(null);
        if (newest == null) {
            return Optional.empty();
        }
        if (newest.revision().equals(since)) {
            return Optional.of(new StoredChanges(since, newest.token(), since, newest.token(), RowChanges.none()));
        }
        CommitToken known = newest.knownOrNull();
        if (known == null) {
            return Optional.empty();
        }
        RowChanges changes = new RowReader(connection, dialect, tables, tailnet, since).changes(newest.changed());
        return Optional.of(new StoredChanges(since, known, newest.revision(), newest.token(), changes));
    }

    private Optional<NewestCommit> newest(Connection connection, String beginning, TailnetId tailnet, Revision since)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(beginning + tables.selectNewest)) {
            Parameters parameters = new Parameters(statement, dialect).number(since.value());
            for (int table = 0; table < COUNTED; table++) {
                parameters.text(tailnet.value()).number(since.value());
            }
            parameters.text(tailnet.value());
            try (ResultSet row = Transaction.last(statement)) {
                boolean isStored = row.next();
                if (!isStored || !schema.isReadable(row.getInt(5))) {
                    schema.requireReadable(connection);
                }
                return isStored ? Optional.of(newest(row, tailnet, since)) : Optional.empty();
            }
        }
    }

    private NewestCommit newest(ResultSet row, TailnetId tailnet, Revision since) throws SQLException {
        String table = tables.tailnet;
        try {
            Revision revision = new Revision(row.getLong(1));
            CommitToken token = new CommitToken(row.getString(2));
            boolean settings = new Revision(row.getLong(3)).compareTo(since) > 0;
            table = tables.commitLog;
            String known = row.getString(4);
            return new NewestCommit(
                    revision,
                    token,
                    known == null ? null : new CommitToken(known),
                    ChangedTables.of(settings, row.getLong(6), row.getLong(7), row.getLong(8), row.getLong(9)));
        } catch (IllegalArgumentException e) {
            throw new StoredRowsException(
                    List.of(new StoredRowsException.Row(table, tailnet.value(), String.valueOf(e.getMessage()))));
        }
    }
}
