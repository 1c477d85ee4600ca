package dev.wayleave.storage.jdbc;

import java.util.List;
import java.util.stream.Collectors;

/** The parts of statements that the dialects share. */
final class SqlText {

    private SqlText() {}

    static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** Assigns to each column that is not of the key the value of the same column of a row with this name. */
    static String assignments(List<Column> columns, String row) {
        return columns.stream()
                .filter(column -> column.role() == Column.Role.VALUE)
                .map(column -> column.name() + " = " + row + "." + column.name())
                .collect(Collectors.joining(", "));
    }

    static String keys(List<Column> columns) {
        return columns.stream()
                .filter(column -> column.role() == Column.Role.KEY)
                .map(Column::name)
                .collect(Collectors.joining(", "));
    }

    static String parameters(Dialect dialect, List<Column> columns) {
        return columns.stream().map(column -> dialect.parameter(column.kind())).collect(Collectors.joining(", "));
    }

    /** {@code insert … on conflict …}, of PostgreSQL and, after it, of SQLite. */
    static String insertOnConflict(Dialect dialect, String table, List<Column> columns, String then) {
        return "insert into " + table + " (" + names(columns) + ") values (" + parameters(dialect, columns)
                + ") on conflict (" + keys(columns) + ") do " + then;
    }

    static String updateFromExcluded(List<Column> columns) {
        return "update set " + assignments(columns, "excluded");
    }
}
