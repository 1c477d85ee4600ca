package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.SubmissionResult;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RouteRow;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StoreHistoryException;
import dev.wayleave.storage.StoredTailnet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a PostgreSQL cluster, and what a controller makes of it. */
@EnabledIfSystemProperty(named = "wayleave.cluster", matches = "true", disabledReason = "only under -Pcluster")
class ClusterFaultTest {

    private PostgresCluster cluster;

    @BeforeEach
    void start() {
        cluster = PostgresCluster.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private String url(boolean isPooled) {
        return isPooled ? cluster.pooledUrl() : cluster.url();
    }

    private static void figure(String fault, boolean isPooled, String what) {
        System.out.println("cluster: " + fault + (isPooled ? ", PgBouncer: " : ": ") + what);
    }

    private static void assertWaits(CompletableFuture<?> receipt) {
        assertThatThrownBy(() -> receipt.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    }

    private static boolean holds(StoredTailnet stored, String prefix) {
        return stored.rows().routes().stream().map(RouteRow::prefix).anyMatch(Prefix.parse(prefix)::equals);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theServerIsRestartedUnderLoad(boolean isPooled) throws Exception {
        try (ClusterLoad load = new ClusterLoad(url(isPooled))) {
            load.begin().awaitAcknowledged(50);
            cluster.restartPrimary();
            load.awaitAcknowledged(50);
            figure("server restarted", isPooled, load.check());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePrimaryIsKilledAndTheStandbyPromotedUnderLoad(boolean isPooled) throws Exception {
        try (ClusterLoad load = new ClusterLoad(url(isPooled))) {
            load.begin().awaitAcknowledged(50);
            cluster.killPrimary();
            cluster.promote();
            load.awaitAcknowledged(50);
            cluster.rejoin();
            load.awaitAcknowledged(50);
            figure("primary killed, standby promoted, old primary rejoined", isPooled, load.check());
        }
    }

    /** The standby is away, COMMIT waits, the connection ends: the token can be read, and is not yet durable. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCommitThatOnlyTheDeadPrimaryHadIsNotAcknowledgedBefore(boolean isPooled) throws Exception {
        try (ClusterLoad load = new ClusterLoad(url(isPooled))) {
            Revision before = load.controller().current().revision();
            cluster.stopStandby();
            CompletableFuture<Receipt> receipt = load.advertise(1);
            cluster.endWaitingCommits("pg_terminate_backend");
            PostgresCluster.until(() -> Database.query(cluster.administrator(), "select revision from wayleave_tailnet")
                    .contains(before.next().toString()));
            assertWaits(receipt);

            cluster.killPrimary();
            cluster.startStandby();
            cluster.promote();

            assertThat(receipt.get(2, TimeUnit.MINUTES).result()).isEqualTo(SubmissionResult.accepted());
            assertThat(holds(load.store().load(Host.TAILNET).orElseThrow(), "10.0.1.0/24"))
                    .as("acknowledged, so it is there")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCommitWhoseWaitWasCancelledIsAcknowledgedOnceTheStandbyHasIt(boolean isPooled) throws Exception {
        try (ClusterLoad load = new ClusterLoad(url(isPooled))) {
            cluster.stopStandby();
            CompletableFuture<Receipt> receipt = load.advertise(1);
            cluster.endWaitingCommits("pg_cancel_backend");
            assertWaits(receipt);

            cluster.startStandby();

            assertThat(receipt.get(2, TimeUnit.MINUTES).result()).isEqualTo(SubmissionResult.accepted());
            cluster.killPrimary();
            cluster.promote();
            PostgresCluster.until(() -> {
                try {
                    return holds(load.store().load(Host.TAILNET).orElseThrow(), "10.0.1.0/24");
                } catch (StorageException e) {
                    return false;
                }
            });
        }
    }

    /** A standby that was behind, because nothing waited for it, becomes the primary. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHistoryThatIsBehindIsNotWrittenTo(boolean isPooled) {
        try (ClusterLoad load = new ClusterLoad(url(isPooled))) {
            failOverToAServerThatIsBehind(load);

            StoredTailnet before = loaded(load);
            assertHistory(load.advertise(4));

            assertThat(before.revision()).isLessThan(load.controller().current().revision());
            assertThat(loaded(load)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHistoryThatIsAheadWithoutThePublishedRevisionIsNotTaken(boolean isPooled) {
        try (ClusterLoad load = new ClusterLoad(url(isPooled))) {
            failOverToAServerThatIsBehind(load);
            Host other = Host.restarted(load.store(), Host.TAILNET);
            for (int i = 0; i < 5; i++) {
                other.does();
            }

            assertHistory(load.advertise(4));

            assertThat(other.revision())
                    .isGreaterThan(load.controller().current().revision());
            assertThat(loaded(load).revision()).isEqualTo(other.revision());
        }
    }

    private void failOverToAServerThatIsBehind(ClusterLoad load) {
        load.advertise(1).join();
        cluster.setSynchronous(false);
        cluster.stopStandby();
        load.advertise(2).join();
        load.advertise(3).join();
        cluster.killPrimary();
        cluster.startStandby();
        cluster.promote();
        PostgresCluster.until(() -> {
            try {
                return load.store().load(Host.TAILNET).isPresent();
            } catch (StorageException e) {
                return false;
            }
        });
    }

    private static StoredTailnet loaded(ClusterLoad load) {
        return load.store().load(Host.TAILNET).orElseThrow();
    }

    private static void assertHistory(CompletableFuture<Receipt> receipt) {
        assertThatThrownBy(() -> receipt.orTimeout(2, TimeUnit.MINUTES).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(StoreHistoryException.class);
    }

    @Test
    void loadsThroughThePoolAreNotTornWhileTheTailnetIsWritten() throws Exception {
        try (ClusterLoad load = new ClusterLoad(cluster.pooledUrl())) {
            load.begin().awaitAcknowledged(Repetitions.SLOW ? 3_000 : 300);
            figure("closed loop", true, load.check());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threeProcessesThatWriteInClosedLoopsHaveTheirTurns(boolean isPooled) throws Exception {
        List<ClosedLoops.Writer> writers = ClosedLoops.run(url(isPooled), Repetitions.SLOW ? 1_000 : 100);
        writers.forEach(writer -> figure("three writers in closed loops", isPooled, writer.toString()));
        FairWritersTest.check("cluster", writers);
    }
}
