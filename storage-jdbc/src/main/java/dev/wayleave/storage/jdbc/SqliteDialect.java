package dev.wayleave.storage.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** SQLite, 3.24 and newer. */
record SqliteDialect() implements Dialect {

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int IO_ERROR = 10;
    private static final int FULL = 13;
    private static final int CANNOT_OPEN = 14;
    private static final Set<Integer> TRANSIENT = Set.of(BUSY, LOCKED, IO_ERROR, FULL, CANNOT_OPEN);

    @Override
    public String folder() {
        return "sqlite";
    }

    @Override
    public String parameter(Column.Kind kind) {
        return "?";
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
        return false;
    }

    @Override
    public boolean hasTimes() {
        return false;
    }

    @Override
    public OptionalInt snapshotIsolation() {
        return OptionalInt.empty();
    }

    @Override
    public String shareLock() {
        return ""; // one transaction writes at a time
    }

    @Override
    public String storeTime() {
        return "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
    }

    @Override
    public boolean hasOneWriter() {
        return true;
    }

    @Override
    public List<String> beforeWriting() {
        return List.of("pragma synchronous = full");
    }

    @Override
    public List<String> beforeMigrating() {
        return List.of("pragma journal_mode = wal");
    }

    @Override
    public List<String> beginMigration(TableNames names) {
        return List.of("begin immediate");
    }

    @Override
    public boolean undoesMigrations() {
        return true;
    }

    @Override
    public String versionsExist(TableNames names) {
        return "select exists (select 1 from "
                + names.schema().map(schema -> schema + ".").orElse("")
                + "sqlite_master where type = 'table' and name = '" + names.prefix() + "schema_version')";
    }

    @Override
    public Failure failure(SQLException error) {
        if (error.getErrorCode() == BUSY && String.valueOf(error.getMessage()).contains("BUSY_SNAPSHOT")) {
            return Failure.CONFLICT; // the host's transaction read before another process wrote
        }
        return TRANSIENT.contains(error.getErrorCode()) ? Failure.UNAVAILABLE : Failure.UNUSABLE;
    }

    @Override
    public boolean isCertain(SQLException error) {
        return error.getErrorCode() != IO_ERROR; // after an I/O error a part may be on the disk
    }
}
