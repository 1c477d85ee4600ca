package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StorageUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;

/** In what the three databases differ: texts, types and the meaning of errors, and no flow of control. */
sealed interface Dialect permits PostgreSqlDialect, SqliteDialect, H2Dialect {

    /** The folder of the versions of the schema. */
    String folder();

    /** A question mark, with a cast where the database needs one. */
    String parameter(Column.Kind kind);

    /** A statement that inserts a row, or writes the values of the row with the same key. */
    String upsert(String table, List<Column> columns);

    /** A statement that inserts a row unless there is one with the same key. */
    String insertIfAbsent(String table, List<Column> columns);

    /** Whether prefixes have a type of their own; else the first and the last address stand beside their text. */
    boolean hasPrefixes();

    /** Whether times have a type of their own; else they are texts. */
    boolean hasTimes();

    /** The isolation in which all statements of a transaction see one moment; empty if they always do. */
    OptionalInt snapshotIsolation();

    /** Whether the database lets one transaction write at a time, so that waiting for a turn is better done outside. */
    boolean hasOneWriter();

    /** What a connection is told before it writes, outside of a transaction, for a commit to be durable. */
    List<String> beforeWriting();

    /** What is said once, outside of a transaction, before the tables are made. */
    List<String> beforeMigrating();

    /** What begins a transaction in which no other starter can be at the same time; {@code commit} ends it. */
    List<String> beginMigration(TableNames names);

    /**
     * Whether a migration that breaks leaves nothing behind. If not, it is done on another connection than the lock.
     */
    boolean undoesMigrations();

    /** A question whose answer is one flag: whether the table of versions exists. */
    String versionsExist(TableNames names);

    /** What an error means. */
    Failure failure(SQLException error);

    /** Whether an error of the commit itself says for certain that nothing was written. */
    boolean isCertain(SQLException error);

    /** What a caller is told of an error that is no outcome. */
    default StorageException exception(SQLException error) {
        return failure(error) == Failure.UNUSABLE
                ? new StorageException("the database refused a statement: " + error.getMessage(), error)
                : new StorageUnavailableException("the database is not available now: " + error.getMessage(), error);
    }

    /** Finds out what a connection speaks to. */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "PostgreSQL" -> new PostgreSqlDialect();
            case "SQLite" -> new SqliteDialect();
            case "H2" -> new H2Dialect();
            default ->
                throw new StorageException("database `" + product
                        + "` is not supported: use PostgreSQL, SQLite or H2, or write an adapter");
        };
    }
}
