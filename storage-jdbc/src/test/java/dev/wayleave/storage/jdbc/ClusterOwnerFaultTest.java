package dev.wayleave.storage.jdbc;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The faults of owners through PgBouncer in transaction mode, over a primary that waits for its standby. */
@EnabledIfSystemProperty(named = "wayleave.cluster", matches = "true", disabledReason = "only under -Pcluster")
class ClusterOwnerFaultTest extends OwnerFaults {

    private static PostgresCluster cluster;

    @BeforeAll
    static void start() {
        cluster = PostgresCluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** A process that is stopped in the middle of a transaction keeps the row for five seconds. */
    @Override
    String newDatabaseUrl() {
        return cluster.newPooledDatabaseUrl().replace("socketTimeout=3", "socketTimeout=10");
    }
}
