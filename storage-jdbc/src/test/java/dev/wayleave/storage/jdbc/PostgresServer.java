package dev.wayleave.storage.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * The PostgreSQL server of the tests: one for the whole run, and a schema for each test that asks.
 *
 * <p>The system property {@code wayleave.postgres} is {@code embedded} (or not set) for a server of the tests' own,
 * {@code off} for none, or the JDBC URL of one that runs already, with the right to create schemas in that database.
 */
public final class PostgresServer {

    private static final String CHOICE = System.getProperty("wayleave.postgres", "embedded");
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private PostgresServer() {}

    private static final class Embedded {

        static final String URL = start();

        private static String start() {
            try {
                return server().start().getJdbcUrl("postgres", "postgres");
            } catch (IOException | RuntimeException e) {
                throw new IllegalStateException(
                        "PostgreSQL does not start here (" + e.getMessage()
                                + "): run with -Dwayleave.postgres=off to do "
                                + "without, or with -Dwayleave.postgres=jdbc:postgresql://… to use a server of yours",
                        e);
            }
        }
    }

    /** A server whose commits wait for the disk, which the library that starts it turns off. */
    static EmbeddedPostgres.Builder server() {
        return EmbeddedPostgres.builder()
                .setPort(0)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("synchronous_commit", "on");
    }

    static boolean isOff() {
        return CHOICE.equals("off");
    }

    /** A new database, empty. */
    public static DataSource newDatabase() {
        return DataSources.ofUrl(newDatabaseUrl());
    }

    /** A schema of its own, which is to tables what a database is, and much faster to make. */
    static String newDatabaseUrl() {
        String name = "wayleave_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        String server = CHOICE.equals("embedded") ? Embedded.URL : CHOICE;
        Database.execute(DataSources.ofUrl(server), "create schema " + name);
        return server + (server.contains("?") ? "&" : "?") + "currentSchema=" + name;
    }
}
