package dev.wayleave.storage.jdbc;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The way to PgBouncer is cut. */
@EnabledIfSystemProperty(named = "wayleave.cluster", matches = "true", disabledReason = "only under -Pcluster")
class ClusterControllerFaultTest extends ControllerFaults {

    private static PostgresCluster cluster;

    @BeforeAll
    static void start() {
        cluster = PostgresCluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    String newDatabaseUrl() {
        return cluster.newPooledDatabaseUrl();
    }
}
