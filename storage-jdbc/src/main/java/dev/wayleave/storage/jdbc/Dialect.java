package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StorageUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** In what the three databases differ: texts, types and the meaning of errors, and no flow of control. */
sealed interface Dialect {

    /** Level 6 of H2, which sees one moment of the whole database; the JDBC constants end before it. */
    int H2_SNAPSHOT = 6;

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
            case "PostgreSQL" -> new PostgreSql();
            case "SQLite" -> new Sqlite();
            case "H2" -> new H2();
            default ->
                throw new StorageException("database `" + product
                        + "` is not supported: use PostgreSQL, SQLite or H2, or write an adapter");
        };
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    private static String names(List<Column> columns, Column.Role role, String before, String middle, String between) {
        return columns.stream()
                .filter(column -> column.role() == role)
                .map(column -> column.name() + before + middle + column.name())
                .collect(Collectors.joining(between));
    }

    private static String keys(List<Column> columns) {
        return columns.stream()
                .filter(column -> column.role() == Column.Role.KEY)
                .map(Column::name)
                .collect(Collectors.joining(", "));
    }

    private static String parameters(Dialect dialect, List<Column> columns) {
        return columns.stream().map(column -> dialect.parameter(column.kind())).collect(Collectors.joining(", "));
    }

    /** {@code insert … on conflict …}, of PostgreSQL and, after it, of SQLite. */
    private static String insertOnConflict(Dialect dialect, String table, List<Column> columns, String then) {
        return "insert into " + table + " (" + names(columns) + ") values (" + parameters(dialect, columns)
                + ") on conflict (" + keys(columns) + ") do " + then;
    }

    private static String updateFromExcluded(List<Column> columns) {
        return "update set " + names(columns, Column.Role.VALUE, " = ", "excluded.", ", ");
    }

    /** PostgreSQL, 12 and newer. */
    record PostgreSql() implements Dialect {

        /** Any number that other programs do not lock: the letters of the library's name. */
        private static final long LOCK = 0x7761796c65617665L;

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
            return insertOnConflict(this, table, columns, updateFromExcluded(columns));
        }

        @Override
        public String insertIfAbsent(String table, List<Column> columns) {
            return insertOnConflict(this, table, columns, "nothing");
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
            return OptionalInt.of(Connection.TRANSACTION_REPEATABLE_READ);
        }

        @Override
        public boolean hasOneWriter() {
            return false;
        }

        @Override
        public List<String> beforeWriting() {
            return List.of(); // synchronous_commit is on unless the operator said otherwise
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
                case "57P01", "57P02", "57P03", "57P05" -> Failure.BROKEN;
                case "57014", "25006" ->
                    Failure.UNAVAILABLE; // 25006: a standby, until the host is led to the new primary
                default ->
                    state.startsWith("08")
                            ? Failure.BROKEN
                            : state.startsWith("53") || state.startsWith("58") ? Failure.UNAVAILABLE : Failure.UNUSABLE;
            };
        }

        @Override
        public boolean isCertain(SQLException error) {
            String state = String.valueOf(error.getSQLState());
            boolean isUnknown = state.equals("40003"); // "statement completion unknown"
            return (state.startsWith("40") && !isUnknown) || state.startsWith("23");
        }
    }

    /** SQLite, 3.24 and newer. */
    record Sqlite() implements Dialect {

        private static final int BUSY = 5;
        private static final int LOCKED = 6;
        private static final int IO_ERROR = 10;
        private static final int FULL = 13;
        private static final int CANNOT_OPEN = 14;
        private static final Set<Integer> PASSING = Set.of(BUSY, LOCKED, IO_ERROR, FULL, CANNOT_OPEN);

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
            return insertOnConflict(this, table, columns, updateFromExcluded(columns));
        }

        @Override
        public String insertIfAbsent(String table, List<Column> columns) {
            return insertOnConflict(this, table, columns, "nothing");
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
            if (error.getErrorCode() == BUSY
                    && String.valueOf(error.getMessage()).contains("BUSY_SNAPSHOT")) {
                return Failure.CONFLICT; // the host's transaction read before somebody else wrote
            }
            return PASSING.contains(error.getErrorCode()) ? Failure.UNAVAILABLE : Failure.UNUSABLE;
        }

        @Override
        public boolean isCertain(SQLException error) {
            return error.getErrorCode() != IO_ERROR; // else a part may be on the disk already
        }
    }

    /** H2, 2.x. */
    record H2() implements Dialect {

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
                    + names(columns, Column.Role.VALUE, " = ", "given.", ", ");
        }

        @Override
        public String insertIfAbsent(String table, List<Column> columns) {
            return "merge into " + table + " as stored using (values (" + parameters(this, columns) + ")) as given ("
                    + names(columns) + ") on ("
                    + columns.stream()
                            .filter(column -> column.role() == Column.Role.KEY)
                            .map(column -> "stored." + column.name() + " = given." + column.name())
                            .collect(Collectors.joining(" and "))
                    + ") when not matched then insert (" + names(columns) + ") values ("
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
            return OptionalInt.of(H2_SNAPSHOT);
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
            return List.of("set write_delay 0"); // else a commit is half a second away from its file
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
}
