package dev.wayleave.storage.jdbc;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The faults of owners through PgBouncer in transaction mode, over a primary that waits for its standby. */
@EnabledIfSystemProperty(named = "wayleave.cluster", matches = "true", disabledReason = "only under -Pcluster")
class ClusterOwnerFaultTest extends OwnerFaults {

    private PostgresCluster cluster;

    /** A process that is stopped in the middle of a transaction keeps the row for five seconds: longer than the rest. */
    @Override
    String newDatabaseUrl() {
        cluster = PostgresCluster.start();
        return cluster.pooledUrl().replace("socketTimeout=3", "socketTimeout=10");
    }

    @Override
    void stopDatabase() {
        cluster.close();
    }
}
