package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredRowsException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Writes and reads the log of commits. What the tables remember of deleted rows is cut with it. */
final class CommitLog {

    /** The log is cut this often, in commits: it is longer by as many rows for a while. */
    private static final int TRIM_EVERY = 100;

    private final Dialect dialect;
    private final Tables tables;

    CommitLog(Dialect dialect, Tables tables) {
        this.dialect = dialect;
        this.tables = tables;
    }

    void write(Connection connection, Commit commit) throws SQLException {
        long revision = commit.expected().next().value();
        try (PreparedStatement statement = connection.prepareStatement(tables.insertLogged)) {
            new Parameters(statement, dialect)
                    .text(commit.tailnet().value())
                    .number(revision)
                    .text(commit.token().value())
                    .time(commit.at().truncatedTo(ChronoUnit.MILLIS));
            statement.executeUpdate();
        }
        if (revision > RoutingStore.LOGGED_COMMITS && revision % TRIM_EVERY == 0) {
            trim(connection, commit.tailnet(), revision - RoutingStore.LOGGED_COMMITS);
        }
    }

    private void trim(Connection connection, TailnetId tailnet, long last) throws SQLException {
        for (String table : List.of(tables.commitLog, tables.deletion)) {
            String trim = "delete from " + table + " where tailnet = ? and revision <= ?";
            try (PreparedStatement statement = connection.prepareStatement(trim)) {
                new Parameters(statement, dialect).text(tailnet.value()).number(last);
                statement.executeUpdate();
            }
        }
    }

    /** {@return commits from a revision on} Refuses a limit of less than 1. */
    List<LoggedCommit> read(Connection connection, TailnetId tailnet, Revision from, int limit) throws SQLException {
        if (limit < 1) {
            throw new IllegalArgumentException("`" + limit + "` commits cannot be read: give a limit of 1 or more");
        }
        List<LoggedCommit> commits = new ArrayList<>();
        List<StoredRowsException.Row> problems = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(tables.selectLog)) {
            new Parameters(statement, dialect)
                    .text(tailnet.value())
                    .number(from.value())
                    .number(limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    try {
                        Instant at = TimeText.read(row, 3, dialect);
                        if (at == null) {
                            throw new IllegalArgumentException("committed_at is not set");
                        }
                        commits.add(
                                new LoggedCommit(new Revision(row.getLong(1)), new CommitToken(row.getString(2)), at));
                    } catch (IllegalArgumentException | DateTimeException e) {
                        problems.add(new StoredRowsException.Row(
                                tables.commitLog, tailnet + ", " + row.getString(1), String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new StoredRowsException(problems);
        }
        return List.copyOf(commits);
    }
}
