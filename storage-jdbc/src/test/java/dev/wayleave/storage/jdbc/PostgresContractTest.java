package dev.wayleave.storage.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Over a pool of connections, as hosts use PostgreSQL: a new connection there is a new process. */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class PostgresContractTest extends JdbcContract {

    /** As many as the processes of the contract that write at the same time, and one that reads. */
    private static final int CONNECTIONS = 20;

    private static HikariDataSource pool;

    @BeforeAll
    static void connect() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(PostgresServer.newDatabaseUrl());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        pool = new HikariDataSource(config);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    PostgresContractTest() {
        super(pool);
    }
}
