package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Three processes that share a tailnet of 300 nodes, through PgBouncer over a primary that waits for its standby: half
 * a minute of load under each fault.
 */
@EnabledIfSystemProperty(named = "wayleave.cluster", matches = "true", disabledReason = "only under -Pcluster")
class ClusterSharedFaultTest extends SharedFaults {

    private static final Duration LOAD = Duration.ofSeconds(30);

    /** PostgreSQL ends the transaction of a process that stops in the middle of it, after five seconds. */
    private static final Duration OPEN_TRANSACTION = Duration.ofSeconds(5);

    /** PgBouncer and the processes connect again, after pauses that grow. */
    private static final Duration RECONNECTING = Duration.ofSeconds(3);

    private static PostgresCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = PostgresCluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    /** A call ends before the lease does. */
    @Override
    String newDatabaseUrl() {
        return cluster.newPooledDatabaseUrl().replace("socketTimeout=3", "socketTimeout=2");
    }

    @Override
    int agentCount() {
        return 300;
    }

    @Override
    Duration lease() {
        return Duration.ofSeconds(3);
    }

    @Override
    Duration grace() {
        return Duration.ofSeconds(2);
    }

    @Test
    void processesAreKilledFrozenAndRestartedAndTheirClocksAreWrong() throws Exception {
        startAll();
        List<Agent> dead = agents().die(0);
        assertThat(dead).isNotEmpty();
        process(0).kill();
        awaitLeaseEnd(0);
        load(Duration.ofSeconds(12));
        start(0).awaitOpen();
        Agents.revive(dead);
        load(LOAD);
        check("killed", OPEN_TRANSACTION);

        process(1).signal("STOP");
        awaitLeaseEnd(1);
        load(Duration.ofSeconds(15));
        process(1).signal("CONT");
        awaitBack(1, 1);
        load(LOAD);
        check("frozen", OPEN_TRANSACTION);

        for (int i = 0; i < Agents.REPLICAS; i++) {
            restart(i, Duration.ZERO);
            load(LOAD.dividedBy(Agents.REPLICAS).multipliedBy(i + 1));
        }
        check("restarted one by one", Duration.ZERO);

        restart(1, Duration.ofHours(1));
        restart(2, Duration.ofHours(-1));
        load(LOAD);
        check("clocks an hour wrong", Duration.ZERO);
    }

    @Test
    void theConnectionOfOneProcessIsCut() throws Exception {
        URI server = URI.create(url().substring("jdbc:".length()));
        try (TcpProxy proxy = new TcpProxy(server.getPort())) {
            start(0);
            start(1, url().replace(":" + server.getPort() + "/", ":" + proxy.port() + "/"), Duration.ZERO);
            start(2);
            startAgents();
            cut(proxy, false, false, 1);
            check("connection cut, both ways", OPEN_TRANSACTION);
            cut(proxy, true, false, 2);
            check("connection cut, answers are lost", OPEN_TRANSACTION);
            cut(proxy, false, true, 3);
            check("connection cut, requests are lost", OPEN_TRANSACTION);
        }
    }

    private void cut(TcpProxy proxy, boolean requests, boolean answers, int times) {
        proxy.pass(requests, answers);
        awaitLeaseEnd(1);
        load(Duration.ofSeconds(15));
        proxy.pass(true, true);
        awaitBack(1, times);
        load(LOAD);
    }

    /** Commits wait for a standby that is away; it gets all that was acknowledged, and takes over. */
    @Test
    void theServerIsRestartedAndTheStandbyPromotedAndTheOldPrimaryComesBack() throws Exception {
        startAll();
        long begun = System.nanoTime();
        cluster.restartPrimary();
        cluster.awaitStandby(); // commits wait for it
        Duration away = since(begun);
        load(LOAD);
        check("server restarted in " + away.toMillis() + " ms", away.plus(RECONNECTING));

        begun = System.nanoTime();
        cluster.stopStandby();
        cluster.awaitWaitingCommits();
        cluster.killPrimary();
        cluster.startStandby();
        cluster.promote();
        away = since(begun);
        load(LOAD);
        check("primary killed, standby promoted after " + away.toMillis() + " ms", away.plus(RECONNECTING));

        begun = System.nanoTime();
        cluster.rejoin();
        Duration joining = since(begun);
        load(LOAD);
        check("old primary back as a standby after " + joining.toMillis() + " ms", RECONNECTING);
    }

    private static Duration since(long begunNanos) {
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }
}
