package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.storage.Revision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Selects of rows of one tailnet, which are collected first and then run: one after the other, or in one round trip.
 * For one thread.
 */
final class Selects {

    private static final int FETCHED_ROWS = 5_000;

    private final Dialect dialect;
    private final TailnetId tailnet;

    /** Only rows that later commits wrote are read; null if all are. */
    private final @Nullable Revision since;

    private final RefusalReceiver refusals;
    private final List<Select<?>> selects = new ArrayList<>();

    Selects(Dialect dialect, TailnetId tailnet, @Nullable Revision since, RefusalReceiver refusals) {
        this.dialect = dialect;
        this.tailnet = tailnet;
        this.since = since;
        this.refusals = refusals;
    }

    /** Takes a row that has no value, and the reason. */
    @FunctionalInterface
    interface RefusalReceiver {
        void refuse(String table, String key, String reason);
    }

    /** Makes a value of a row, or throws an exception with the reason why that is not possible. */
    @FunctionalInterface
    interface ValueReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private record Select<T>(String sql, String table, ValueReader<String> key, ValueReader<T> reader, List<T> rows) {

        void read(ResultSet result, RefusalReceiver refusals) throws SQLException {
            while (result.next()) {
                try {
                    rows.add(reader.read(result));
                } catch (IllegalArgumentException | DateTimeException | WayleaveException e) {
                    refusals.refuse(
                            table,
                            key.read(result),
                            String.valueOf(e.getMessage()).strip());
                }
            }
        }
    }

    /** {@return a list that gets the rows when the select runs} */
    <T> List<T> add(String select, String table, ValueReader<String> key, ValueReader<T> reader) {
        List<T> rows = new ArrayList<>();
        selects.add(new Select<>(since == null ? select : select + Tables.SINCE, table, key, reader, rows));
        return rows;
    }

    /** Runs one select after the other, and fetches many rows in portions. */
    void run(Connection connection) throws SQLException {
        for (Select<?> select : selects) {
            try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
                statement.setFetchSize(FETCHED_ROWS);
                fill(new Parameters(statement, dialect));
                try (ResultSet result = statement.executeQuery()) {
                    select.read(result, refusals);
                }
            }
        }
    }

    /** Runs all selects as one text, for few rows: all of them are in memory at once. */
    void runTogether(Connection connection) throws SQLException {
        if (selects.isEmpty()) {
            return;
        }
        String text = String.join("; ", selects.stream().map(Select::sql).toList());
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            Parameters parameters = new Parameters(statement, dialect);
            for (int i = 0; i < selects.size(); i++) {
                fill(parameters);
            }
            statement.execute();
            for (Select<?> select : selects) {
                try (ResultSet result = statement.getResultSet()) {
                    select.read(result, refusals);
                }
                statement.getMoreResults();
            }
        }
    }

    private void fill(Parameters parameters) throws SQLException {
        parameters.text(tailnet.value());
        if (since != null) {
            parameters.number(since.value());
        }
    }
}
