package dev.wayleave.storage.jdbc;

import com.google.common.collect.ImmutableList;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredRowsException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the table of tailnets without the columns that may be long, settings and policy: {@link RowReader} does. */
final class TailnetTable {

    private static final int FETCHED_ROWS = 5_000;

    private final Dialect dialect;
    private final Tables tables;

    TailnetTable(Dialect dialect, Tables tables) {
        this.dialect = dialect;
        this.tables = tables;
    }

    /** {@return the keys of all tailnets, in the order of their texts} */
    List<TailnetId> all(Connection connection) throws SQLException {
        List<TailnetId> found = new ArrayList<>();
        List<StoredRowsException.Row> problems = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("select tailnet from " + tables.tailnet)) {
            statement.setFetchSize(FETCHED_ROWS);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String key = rows.getString(1);
                    try {
                        found.add(new TailnetId(key));
                    } catch (IllegalArgumentException e) {
                        problems.add(new StoredRowsException.Row(tables.tailnet, key, String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparing(StoredRowsException.Row::key));
            throw new StoredRowsException(problems);
        }
        return ImmutableList.sortedCopyOf(found);
    }

    /**
     * The newest commit of a tailnet.
     *
     * @param revision the revision that it made
     * @param token the token that it left
     * @param settings the revision whose commit wrote the settings and the policy last
     */
    record Newest(Revision revision, CommitToken token, Revision settings) {}

    /** {@return the newest commit; empty if the tailnet is not stored} */
    Optional<Newest> newest(Connection connection, TailnetId tailnet) throws SQLException {
        String select =
                "select revision, commit_token, settings_revision from " + tables.tailnet + " where tailnet = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            new Parameters(statement, dialect).text(tailnet.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Newest(
                                new Revision(row.getLong(1)),
                                new CommitToken(row.getString(2)),
                                new Revision(row.getLong(3))))
                        : Optional.empty();
            }
        } catch (IllegalArgumentException e) {
            throw new StoredRowsException(List.of(
                    new StoredRowsException.Row(tables.tailnet, tailnet.value(), String.valueOf(e.getMessage()))));
        }
    }
}
