package dev.wayleave.storage.jdbc;

import com.google.common.collect.ImmutableList;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.StoredRowsException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the keys of all tailnets. {@link RowReader} reads the row of one. */
final class TailnetTable {

    private static final int FETCHED_ROWS = 5_000;

    private final Tables tables;

    TailnetTable(Tables tables) {
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
}
