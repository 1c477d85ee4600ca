package dev.wayleave.storage.jdbc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StorageUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Creates the tables, and migrates them from one version to the next.
 *
 * <p>Several processes may use it at once; both calls block on input and output. Each version is a plain SQL file of
 * this artifact, {@code wayleave-schema/DATABASE/V1__routes.sql} and so on, which Flyway can apply as well, with the
 * placeholders {@code tables} and {@code prefix}. Only a backup leads back to an earlier version: the README of the
 * artifact describes how.
 */
public final class JdbcSchema {

    /** How many times a locked database is tried, with a pause after each: about 3 seconds in all. */
    private static final int PREPARATIONS = 150;

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** The names of the versions, from 1 on. */
    static final List<String> VERSIONS = List.of("routes");

    private final DataSource dataSource;
    private final TableNames names;
    private final String files;
    private final List<String> versions;

    /** With the files and versions that a library knows; those of another library only in tests. */
    JdbcSchema(DataSource dataSource, TableNames names, String files, List<String> versions) {
        this.dataSource = dataSource;
        this.names = names;
        this.files = files;
        this.versions = versions;
    }

    /**
     * Returns the schema with the names of {@link TableNames#DEFAULT}. Does not connect yet.
     *
     * @param dataSource the host's database
     * @return the schema
     */
    public static JdbcSchema of(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        return of(dataSource, TableNames.DEFAULT);
    }

    /**
     * Returns the schema with chosen names. Does not connect yet.
     *
     * @param dataSource the host's database
     * @param names the beginning of the names of the tables
     * @return the schema
     */
    public static JdbcSchema of(DataSource dataSource, TableNames names) {
        Objects.requireNonNull(dataSource, "dataSource");
        Objects.requireNonNull(names, "names");
        return new JdbcSchema(dataSource, names, "/wayleave-schema/", VERSIONS);
    }

    /**
     * Migrates the tables to the version of this library. Does nothing if they have that version already, or a newer
     * one that this library may read.
     *
     * <p>Of two processes that migrate, one waits for the other. On PostgreSQL and SQLite a version is applied as a
     * whole or not at all; H2 cannot roll back the creation of tables: the next migration finds a half-applied version,
     * and refuses it.
     *
     * @return the version that the tables had before; 0 if there were none
     * @throws SchemaVersionException if the tables are of a newer version that this library must not read, or a
     *     migration broke half-way
     * @throws StorageUnavailableException if the database cannot be reached now, or the migration of another process
     *     takes long
     * @throws StorageException if the database refuses a statement
     */
    @CanIgnoreReturnValue
    public int migrate() {
        try (Connection connection = dataSource.getConnection()) {
            Dialect dialect = Dialect.of(connection);
            try {
                return migrate(dialect, connection);
            } catch (SQLException e) {
                throw dialect.exception(e);
            }
        } catch (SQLException e) {
            throw new StorageUnavailableException("the database cannot be reached: " + Dialect.reason(e), e);
        }
    }

    private int migrate(Dialect dialect, Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        prepare(dialect, connection);
        try {
            execute(connection, dialect.beginMigration(names));
            int before = dialect.undoesMigrations() ? apply(dialect, connection) : applyElsewhere(dialect);
            execute(connection, List.of("commit"));
            return before;
        } catch (SQLException | RuntimeException e) {
            undo(connection, e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Retries, because SQLite does not wait for a lock of another process when it changes its journal mode. */
    private static void prepare(Dialect dialect, Connection connection) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                execute(connection, dialect.beforeMigrating());
                return;
            } catch (SQLException e) {
                if (dialect.failure(e) != Failure.UNAVAILABLE || attempt == PREPARATIONS) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private int applyElsewhere(Dialect dialect) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(true);
            return apply(dialect, connection);
        }
    }

    private int apply(Dialect dialect, Connection connection) throws SQLException {
        StoredSchema schema = new StoredSchema(dialect, names, versions.size());
        int before = schema.version(connection);
        if (before > versions.size()) {
            schema.requireReadable(connection);
        }
        for (int next = before + 1; next <= versions.size(); next++) {
            execute(connection, statements(dialect, next));
        }
        return before;
    }

    private static void undo(Connection connection, Exception failure) {
        try {
            execute(connection, List.of("rollback"));
        } catch (SQLException e) {
            failure.addSuppressed(e); // the transaction ends with the connection
        }
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private List<String> statements(Dialect dialect, int version) {
        String path = files + dialect.folder() + "/V" + version + "__" + versions.get(version - 1) + ".sql";
        try (InputStream file = JdbcSchema.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new StorageException("file `" + path + "` is missing from the artifact: build it again");
            }
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return List.of(names.fill(text).strip().split(";\\R\\R|;$"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
