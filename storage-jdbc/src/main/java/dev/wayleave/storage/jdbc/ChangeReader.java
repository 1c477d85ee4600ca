package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.jdbc.TailnetTable.Newest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Reads what changed since a revision: rows with a later revision, by an index, and the keys in the table of deletions.
 * Where the log still has the commit of that revision, no later deletion is forgotten.
 */
final class ChangeReader {

    private final Dialect dialect;
    private final Tables tables;

    ChangeReader(Dialect dialect, Tables tables) {
        this.dialect = dialect;
        this.tables = tables;
    }

    /** {@return the changes; empty if the log does not have the commit of the revision} */
    Optional<StoredChanges> read(Connection connection, TailnetId tailnet, Revision since) throws SQLException {
        Newest newest =
                new TailnetTable(dialect, tables).newest(connection, tailnet).orElse(null);
        if (newest == null) {
            return Optional.empty();
        }
        if (newest.revision().equals(since)) {
            return Optional.of(new StoredChanges(since, newest.token(), since, newest.token(), RowChanges.none()));
        }
        CommitToken known = token(connection, tailnet, since).orElse(null);
        if (known == null) {
            return Optional.empty();
        }
        boolean withSettings = newest.settings().compareTo(since) > 0;
        RowChanges changes = new RowReader(connection, dialect, tables, tailnet, since).changes(withSettings);
        return Optional.of(new StoredChanges(since, known, newest.revision(), newest.token(), changes));
    }

    private Optional<CommitToken> token(Connection connection, TailnetId tailnet, Revision revision)
            throws SQLException {
        return new CommitLog(dialect, tables)
                .read(connection, tailnet, revision, 1).stream()
                        .filter(commit -> commit.revision().equals(revision))
                        .map(LoggedCommit::token)
                        .findFirst();
    }
}
