package dev.wayleave.storage.jdbc;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Processes that share a tailnet through PgBouncer, over a primary that waits for its standby, and what may fail. */
@EnabledIfSystemProperty(named = "wayleave.cluster", matches = "true", disabledReason = "only under -Pcluster")
class ClusterSharedFaultTest extends SharedFaults {

    private static PostgresCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = PostgresCluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Override
    String newDatabaseUrl() {
        return cluster.newPooledDatabaseUrl();
    }

    @Override
    int routers() {
        return 10;
    }

    @Test
    void aProcessIsKilledAndOneIsFrozen() throws Exception {
        killOneAndFreezeAnother();
    }

    @Test
    void aRollingRestartOfAllThree() throws Exception {
        startAll();
        for (int i = 0; i < 3; i++) {
            process(i).asks("close");
            start(i);
            work(i);
            awaitPrimaries();
        }
        check();
    }

    @Test
    void oneClockIsAnHourWrong() throws Exception {
        startAll();
        process(2).asks("close");
        start(2, Duration.ofHours(1));
        work(2);
        awaitPrimaries();
        process(0).kill();
        awaitFailover(0);
        start(0, Duration.ofHours(-1));
        work(0);
        awaitPrimaries();
        check();
    }

    @Test
    void theServerIsRestarted() throws Exception {
        startAll();
        cluster.restartPrimary();
        awaitPrimaries();
        check();
    }

    @Test
    void thePrimaryIsKilledAndTheStandbyPromoted() throws Exception {
        startAll();
        cluster.killPrimary();
        cluster.promote();
        awaitPrimaries();
        cluster.rejoin();
        check();
    }
}
