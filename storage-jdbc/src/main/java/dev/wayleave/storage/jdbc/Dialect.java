package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StorageUnavailableException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The differences of the three databases: statements, types and the meaning of errors; no flow of control. */
sealed interface Dialect permits PostgreSqlDialect, SqliteDialect, H2Dialect {

    /** {@return the folder with the versions of the schema} */
    String folder();

    /** {@return a question mark, with a cast where the database needs one} */
    String parameter(Column.Kind kind);

    /** {@return a statement that inserts a row, or updates the row with the same key} */
    String upsert(String table, List<Column> columns);

    /** {@return a statement that inserts a row unless a row has the same key} */
    String insertIfAbsent(String table, List<Column> columns);

    /** {@return whether prefixes have their own type; else columns have the first and the last address} */
    boolean hasPrefixes();

    /** {@return whether times have their own type; else they are texts} */
    boolean hasTimes();

    /**
     * {@return the isolation to set on the connection, in which all statements of a transaction see one snapshot; empty
     * if they always do, or {@link #beginReading} sets it}
     */
    OptionalInt snapshotIsolation();

    /**
     * {@return what to write before the first statement of a transaction that reads, so that all of its statements see
     * one snapshot; empty if nothing is needed}
     */
    default String beginReading() {
        return "";
    }

    /** {@return whether the driver takes several selects in one text, and sends them together} */
    default boolean joinsSelects() {
        return false;
    }

    /** {@return the end of a select whose rows no other transaction deletes until this one ends} */
    String shareLock();

    /** {@return an expression for the time at which a statement runs, on the database's clock} */
    String storeTime();

    /** {@return whether connections can be notified by other connections} */
    default boolean hasNotifications() {
        return false;
    }

    /** {@return whether only one transaction can write at a time, so that threads should queue before they begin} */
    boolean hasOneWriter();

    /** {@return statements that make commits of a connection durable; run before the transaction} */
    List<String> beforeWriting();

    /** {@return statements to run first in a transaction that writes} */
    default List<String> beginWriting() {
        return List.of();
    }

    /** {@return statements to run once before a migration, outside of a transaction} */
    List<String> beforeMigrating();

    /** {@return statements that begin a transaction that only one process can have; {@code commit} ends it} */
    List<String> beginMigration(TableNames names);

    /** {@return whether a failed migration is rolled back; else it runs on another connection than the lock} */
    boolean undoesMigrations();

    /** {@return a query with one boolean: whether the table of versions exists} */
    String versionsExist(TableNames names);

    /** {@return the meaning of an error} */
    Failure failure(SQLException error);

    /** {@return whether an error of {@code commit} itself proves that nothing was written} */
    boolean isCertain(SQLException error);

    /**
     * {@return the warning of a {@code commit} that succeeded and is not durable on all servers that it should wait
     * for; null if there is none}
     */
    default @Nullable SQLException doubt(@Nullable SQLWarning first) {
        return null;
    }

    /** {@return what to do about an error that the host's configuration causes; empty for other errors} */
    default String advice(SQLException error) {
        return "";
    }

    /** {@return the exception for a caller, of an error that is no outcome of a commit} */
    default StorageException exception(SQLException error) {
        String reason = reason(error) + advice(error);
        return failure(error) == Failure.UNUSABLE
                ? new StorageException("the database refused a statement: " + reason, error)
                : new StorageUnavailableException("the database is not available now: " + reason, error);
    }

    /** {@return the database's own reason, in one line and without the statement} */
    static String reason(SQLException error) {
        SQLException next = error.getNextException();
        SQLException own = error instanceof BatchUpdateException && next != null ? next : error;
        String message = String.valueOf(own.getMessage());
        int statement = message.indexOf("; SQL statement:"); // H2 appends it
        return (statement < 0 ? message : message.substring(0, statement))
                .strip()
                .replaceAll("\\s*\\R\\s*", " ");
    }

    /** {@return the dialect of a connection} */
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
