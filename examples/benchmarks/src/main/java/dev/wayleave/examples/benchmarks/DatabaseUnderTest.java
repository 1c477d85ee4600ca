package dev.wayleave.examples.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.wayleave.storage.jdbc.JdbcSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A database with the tables of the store, behind a pool as hosts have one; empty when it is opened, gone when it is
 * closed.
 *
 * <p>SQLite is a file of its own in the directory for temporary files. PostgreSQL is a server that runs already: its
 * JDBC URL is the system property {@code wayleave.postgres}, and it gets a schema for the time of the measurement.
 */
public final class DatabaseUnderTest implements AutoCloseable {

    /** The kind of database. */
    public enum Kind {
        SQLITE,
        POSTGRESQL
    }

    private static final String SCHEMA = "wayleave_benchmark";

    private final Kind kind;
    private final HikariDataSource pool;
    private final Path directory;

    private DatabaseUnderTest(Kind kind, HikariDataSource pool, Path directory) {
        this.kind = kind;
        this.pool = pool;
        this.directory = directory;
    }

    static DatabaseUnderTest open(Kind kind, int connections) {
        try {
            Path directory = Files.createTempDirectory("wayleave-benchmark");
            HikariConfig config = new HikariConfig();
            config.setMaximumPoolSize(connections);
            config.setMinimumIdle(connections);
            if (kind == Kind.SQLITE) {
                config.setJdbcUrl("jdbc:sqlite:" + directory.resolve("routes.sqlite") + "?busy_timeout=10000");
            } else {
                config.setJdbcUrl(server());
                config.setSchema(SCHEMA);
                config.setConnectionInitSql("set synchronous_commit = on");
            }
            HikariDataSource pool = new HikariDataSource(config);
            if (kind == Kind.POSTGRESQL) {
                execute(pool, "drop schema if exists " + SCHEMA + " cascade", "create schema " + SCHEMA);
            }
            JdbcSchema.of(pool).migrate();
            return new DatabaseUnderTest(kind, pool, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String server() {
        String url = System.getProperty("wayleave.postgres");
        if (url == null) {
            throw new IllegalStateException("there is no PostgreSQL to measure: say where one is with"
                    + " -jvmArgsAppend -Dwayleave.postgres=jdbc:postgresql://…, or leave it out with -p "
                    + "database=SQLITE");
        }
        return url;
    }

    private static void execute(HikariDataSource pool, String... statements) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    HikariDataSource pool() {
        return pool;
    }

    /** After many rows were written: what a database does about them by itself, sooner or later. */
    void settle() {
        if (kind == Kind.POSTGRESQL) {
            execute(pool, "vacuum analyze", "checkpoint");
        } else {
            execute(pool, "pragma wal_checkpoint(truncate)");
        }
    }

    @Override
    public void close() {
        if (kind == Kind.POSTGRESQL) {
            execute(pool, "drop schema " + SCHEMA + " cascade");
        }
        pool.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
