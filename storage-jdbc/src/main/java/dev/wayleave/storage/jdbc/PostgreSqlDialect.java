package dev.wayleave.storage.jdbc;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, 12 and newer. */
record PostgreSqlDialect() implements Dialect {

    /** A number that other programs are not likely to lock: the letters of the library's name. */
    private static final long LOCK = 0x7761796c65617665L;

    /** For how long a client may do nothing in the middle of a transaction; shorter than a lease. */
    private static final int IDLE_MILLIS = 5_000;

    /** The statement exists already, does not exist, or has other columns. */
    private static final Set<String> PREPARED_STATEMENT = Set.of("42P05", "26000", "08P01");

    @Override
    public String folder() {
        return "postgresql";
    }

    @Override
    public String parameter(Column.Kind kind) {
        return switch (kind) {
            case PREFIX -> "cast(? as cidr)";
            case ADDRESS -> "cast(? as inet)";
            default -> "?";
        };
    }

    @Override
    public String upsert(String table, List<Column> columns) {
        return SqlText.insertOnConflict(this, table, columns, SqlText.updateFromExcluded(columns));
    }

    @Override
    public String insertIfAbsent(String table, List<Column> columns) {
        return SqlText.insertOnConflict(this, table, columns, "nothing");
    }

    @Override
    public boolean hasPrefixes() {
        return true;
    }

    @Override
    public boolean hasTimes() {
        return true;
    }

    @Override
    public OptionalInt snapshotIsolation() {
        return OptionalInt.empty();
    }

    /**
     * Inside of the transaction: a setting of the connection is a statement of its own, which PgBouncer may send to
     * another server connection than the transaction. And in one text with the first statement: one round trip less.
     * A select with parameters takes the index of its key, for all values; by itself the server plans some of
     * them anew each time, which takes longer than to run them.
     */
    @Override
    public String beginReading() {
        return "set transaction isolation level repeatable read, read only;"
                + " set local plan_cache_mode = force_generic_plan; ";
    }

    @Override
    public boolean joinsSelects() {
        return true;
    }

    @Override
    public String shareLock() {
        return " for key share";
    }

    @Override
    public String storeTime() {
        return "statement_timestamp()";
    }

    @Override
    public boolean hasNotifications() {
        return true;
    }

    @Override
    public boolean hasOneWriter() {
        return false;
    }

    @Override
    public List<String> beforeWriting() {
        return List.of(); // synchronous_commit is on by default
    }

    /**
     * Under a stricter isolation, a transaction that waited for a row may only fail. And a process that is stopped in
     * the middle of a transaction must not keep the row: PostgreSQL ends it, and the next owner goes on.
     */
    @Override
    public List<String> beginWriting() {
        return List.of("set transaction isolation level read committed;"
                + " set local idle_in_transaction_session_timeout = " + IDLE_MILLIS);
    }

    @Override
    public List<String> beforeMigrating() {
        return List.of();
    }

    @Override
    public List<String> beginMigration(TableNames names) {
        return List.of("begin", "select pg_advisory_xact_lock(" + LOCK + ")");
    }

    @Override
    public boolean undoesMigrations() {
        return true;
    }

    @Override
    public String versionsExist(TableNames names) {
        return "select to_regclass('" + names.tables() + "schema_version') is not null";
    }

    @Override
    public Failure failure(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        return switch (state) {
            case "40001", "40P01", "55P03" -> Failure.CONFLICT;
            case "25P03", "57P01", "57P02", "57P03", "57P05" -> Failure.BROKEN;
            case "57014", "25006" ->
                Failure.UNAVAILABLE; // 25006: a standby, until the host connects to the new primary
            default ->
                state.startsWith("08")
                        ? Failure.BROKEN
                        : state.startsWith("53") || state.startsWith("58") ? Failure.UNAVAILABLE : Failure.UNUSABLE;
        };
    }

    /**
     * A wait for a synchronous standby that was cancelled: committed locally only. The warning has the general state of
     * warnings, and its text depends on the server's language, so that any warning of a commit counts.
     */
    @Override
    public @Nullable SQLException doubt(@Nullable SQLWarning first) {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            if ("01000".equals(warning.getSQLState())) {
                return warning;
            }
        }
        return null;
    }

    /** PgBouncer in transaction mode: the server connection does not have the statement that the driver prepared. */
    @Override
    public String advice(SQLException error) {
        return PREPARED_STATEMENT.contains(String.valueOf(error.getSQLState()))
                ? "; behind PgBouncer in transaction mode add `prepareThreshold=0` to the URL of the driver"
                : "";
    }

    @Override
    public boolean isCertain(SQLException error) {
        String state = String.valueOf(error.getSQLState());
        boolean isUnknown = state.equals("40003"); // "statement completion unknown"
        return (state.startsWith("40") && !isUnknown) || state.startsWith("23");
    }
}
