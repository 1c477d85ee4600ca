package dev.wayleave.storage.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** H2, 2.x. */
record H2Dialect() implements Dialect {

    /** H2's isolation level 6 sees one moment of the whole database; the constants of JDBC end before it. */
    private static final int SNAPSHOT = 6;

    private static final int LOCK_TIMEOUT = 50200;
    private static final int DEADLOCK = 40001;
    private static final int CONCURRENT_UPDATE = 90131;
    private static final Set<Integer> BROKEN = Set.of(90067, 90098, 90121, 90153);
    private static final Set<Integer> INPUT_OUTPUT = Set.of(90028, 90031);

    @Override
    public String folder() {
        return "h2";
    }

    @Override
    public String parameter(Column.Kind kind) {
        return switch (kind) {
            case TEXT, PREFIX, ADDRESS -> "cast(? as varchar)";
            case LONG_TEXT -> "cast(? as clob)";
            case NUMBER -> "cast(? as bigint)";
            case FLAG -> "cast(? as boolean)";
            case TIME -> "cast(? as timestamp(9) with time zone)";
        };
    }

    @Override
    public String upsert(String table, List<Column> columns) {
        return insertIfAbsent(table, columns) + " when matched then update set "
                + SqlText.assignments(columns, "given");
    }

    @Override
    public String insertIfAbsent(String table, List<Column> columns) {
        return "merge into " + table + " as stored using (values (" + SqlText.parameters(this, columns)
                + ")) as given ("
                + SqlText.names(columns) + ") on ("
                + columns.stream()
                        .filter(column -> column.role() == Column.Role.KEY)
                        .map(column -> "stored." + column.name() + " = given." + column.name())
                        .collect(Collectors.joining(" and "))
                + ") when not matched then insert (" + SqlText.names(columns) + ") values ("
                + columns.stream().map(column -> "given." + column.name()).collect(Collectors.joining(", ")) + ")";
    }

    @Override
    public boolean hasPrefixes() {
        return false;
    }

    @Override
    public boolean hasTimes() {
        return true;
    }

    @Override
    public OptionalInt snapshotIsolation() {
        return OptionalInt.of(SNAPSHOT);
    }

    @Override
    public String shareLock() {
        return " for update";
    }

    @Override
    public String storeTime() {
        return "current_timestamp(9)";
    }

    @Override
    public boolean hasOneWriter() {
        return false;
    }

    @Override
    public List<String> beforeWriting() {
        return List.of();
    }

    @Override
    public List<String> beforeMigrating() {
        return List.of("set write_delay 0"); // by default a commit reaches the file half a second later
    }

    @Override
    public List<String> beginMigration(TableNames names) {
        String lock = names.tables() + "schema_lock";
        return List.of(
                "set autocommit off",
                "create table if not exists " + lock + " (id integer primary key)",
                "merge into " + lock + " key (id) values (1)");
    }

    @Override
    public boolean undoesMigrations() {
        return false;
    }

    @Override
    public String versionsExist(TableNames names) {
        return "select exists (select 1 from information_schema.tables where lower(table_name) = '" + names.prefix()
                + "schema_version' and lower(table_schema) = "
                + names.schema().map(schema -> "'" + schema + "'").orElse("lower(current_schema)") + ")";
    }

    @Override
    public Failure failure(SQLException error) {
        int code = error.getErrorCode();
        if (code == LOCK_TIMEOUT || code == DEADLOCK || code == CONCURRENT_UPDATE) {
            return Failure.CONFLICT;
        }
        if (BROKEN.contains(code)) {
            return Failure.BROKEN;
        }
        return INPUT_OUTPUT.contains(code) ? Failure.UNAVAILABLE : Failure.UNUSABLE;
    }

    @Override
    public boolean isCertain(SQLException error) {
        return failure(error) == Failure.CONFLICT;
    }
}
