package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.contract.RoutingStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract through PgBouncer in transaction mode, over a primary that waits for its standby. */
@EnabledIfSystemProperty(named = "wayleave.cluster", matches = "true", disabledReason = "only under -Pcluster")
class ClusterContractTest extends RoutingStoreContract {

    private static PostgresCluster cluster;

    @BeforeAll
    static void start() {
        cluster = PostgresCluster.start();
        JdbcSchema.of(DataSources.ofUrl(cluster.pooledUrl())).migrate();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    protected RoutingStore open() {
        return JdbcRoutingStore.open(DataSources.ofUrl(cluster.pooledUrl()));
    }
}
