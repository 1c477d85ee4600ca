package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.jdbc.SchemaVersionException.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Compares the tables of a database with the version that this library knows.
 *
 * <p>Each version of the tables names the oldest version that a library must know to read them, and to write to them.
 * So hosts of two versions may run side by side while they are upgraded.
 */
final class StoredSchema {

    private final Dialect dialect;
    private final TableNames names;

    /** The newest version that this library knows. */
    private final int known;

    StoredSchema(Dialect dialect, TableNames names, int known) {
        this.dialect = dialect;
        this.names = names;
        this.known = known;
    }

    /** The content of the table of versions: the newest version, and the strictest demands of all versions. */
    private record Versions(int newest, int unfinished, int minReader, int minWriter) {}

    /** {@return the newest version of the tables, 0 if there are none} Refuses a half-applied version. */
    int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet exists = statement.executeQuery(dialect.versionsExist(names))) {
            if (!exists.next() || !exists.getBoolean(1)) {
                return 0;
            }
        }
        Versions versions = read(connection, "");
        if (versions.unfinished() > 0) {
            throw new SchemaVersionException(
                    Fault.HALF_APPLIED,
                    versions.unfinished(),
                    "version " + versions.unfinished() + " of tables `" + names.tables()
                            + "…` began and did not end: restore the backup from before it");
        }
        return versions.newest();
    }

    private Versions read(Connection connection, String beginning) throws SQLException {
        String select = "select max(version), min(case when ended_at is null then version end), max(min_reader), "
                + "max(min_writer) from " + names.tables() + "schema_version";
        try (PreparedStatement statement = connection.prepareStatement(beginning + select);
                ResultSet row = Transaction.last(statement)) {
            row.next();
            return new Versions(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4));
        }
    }

    /** Refuses tables that this library must not read. */
    void requireReadable(Connection connection) throws SQLException {
        requireReadable(connection, "");
    }

    /**
     * Refuses tables that this library must not read.
     *
     * @param beginning the beginning of the statement, if it is the first one of a transaction; else empty
     */
    void requireReadable(Connection connection, String beginning) throws SQLException {
        Versions versions = read(connection, beginning);
        if (!isReadable(versions.minReader())) {
            throw newer(Fault.NEWER, versions, "read", versions.minReader());
        }
    }

    /** {@return whether this library may read tables whose versions demand this of a reader} */
    boolean isReadable(int minReader) {
        return minReader <= known;
    }

    /** Refuses tables that this library must not write to. */
    void requireWritable(Connection connection) throws SQLException {
        Versions versions = read(connection, "");
        if (!isReadable(versions.minReader())) {
            throw newer(Fault.NEWER, versions, "read", versions.minReader());
        }
        if (versions.minWriter() > known) {
            throw newer(Fault.READ_ONLY, versions, "written to", versions.minWriter());
        }
    }

    private SchemaVersionException newer(Fault fault, Versions versions, String access, int needed) {
        return new SchemaVersionException(
                fault,
                versions.newest(),
                "tables `" + names.tables() + "…` are of version " + versions.newest() + ", and may only be " + access
                        + " by a library that knows version " + needed + "; this library knows " + known
                        + ": use a newer library, or restore the backup from before");
    }

    /** Refuses tables of an older version, tables that are not there, and tables without one of their columns. */
    void requireComplete(Connection connection, Tables tables) throws SQLException {
        int version = version(connection);
        if (version == 0) {
            throw new SchemaVersionException(
                    Fault.MISSING, 0, "there are no tables `" + names.tables() + "…` yet: migrate the schema first");
        }
        if (version < known) {
            throw new SchemaVersionException(
                    Fault.OLDER,
                    version,
                    "tables `" + names.tables() + "…` are of version " + version + ": migrate the schema to version "
                            + known + " first");
        }
        requireReadable(connection);
        List<String> problems = new ArrayList<>();
        for (Tables.Content table : tables.contents(dialect)) {
            problems.addAll(problems(connection, table));
        }
        if (!problems.isEmpty()) {
            throw new SchemaVersionException(
                    Fault.INCOMPLETE,
                    version,
                    "tables `" + names.tables() + "…` are not as version " + version + " made them: "
                            + String.join("; ", problems) + ": restore them from a backup");
        }
    }

    private List<String> problems(Connection connection, Tables.Content table) throws SQLException {
        Set<String> found;
        try {
            found = columns(connection, table.name());
        } catch (SQLException e) {
            if (dialect.failure(e) != Failure.UNUSABLE) {
                throw e;
            }
            return List.of("table `" + table.name() + "` cannot be read (" + Dialect.reason(e) + ")");
        }
        return table.columns().stream()
                .filter(column -> !found.contains(column))
                .map(column -> "table `" + table.name() + "` has no column `" + column + "`")
                .toList();
    }

    private static Set<String> columns(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select * from " + table + " where 1 = 0")) {
            ResultSetMetaData metaData = rows.getMetaData();
            Set<String> columns = new HashSet<>();
            for (int i = 1; i <= metaData.getColumnCount(); i++) {
                columns.add(metaData.getColumnName(i).toLowerCase(Locale.ROOT));
            }
            return columns;
        } catch (SQLException e) {
            if (!connection.getAutoCommit()) {
                connection.rollback(); // PostgreSQL takes no other statement in a transaction with an error
            }
            throw e;
        }
    }
}
