package dev.wayleave.examples.benchmarks;

import dev.wayleave.RoutingState;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * 100,000 nodes with 1,000,000 routes out of a database. All three shares of it in one method, because only figures of
 * the same process, on the same rows, can be held against each other; the shares are secondary figures, printed by
 * {@link #print}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3)
@Measurement(iterations = 5)
public class StoreLoadBenchmark {

    private static final TailnetId TAILNET = new TailnetId("example.com");
    private static final List<String> TABLES = List.of(
            "select node, host_key, name, owner_user, tags, ipv4, ipv6, registered_at, key_expiry, ephemeral, "
                    + "drain_since, drain_until, drain_by, was_candidate, absent_since, grace_until, session_holder, "
                    + "session_id, unhealthy, steady_since from wayleave_node where tailnet = 'example.com'",
            "select node, prefix, advertised, approved, approved_by, approved_at, denied, denied_by, denied_at, "
                    + "withdrawn, is_primary, deleted_at is not null, advertised_at, unhealthy, steady_since "
                    + "from wayleave_route where tailnet = 'example.com' and deleted_at is null");

    @Param({"SQLITE", "POSTGRESQL"})
    private DatabaseUnderTest.Kind database;

    private DatabaseUnderTest opened;
    private JdbcRoutingStore store;
    private long scanning = Long.MAX_VALUE;
    private long loading = Long.MAX_VALUE;
    private long restoring = Long.MAX_VALUE;

    @Setup
    public void setUp() {
        opened = DatabaseUnderTest.open(database, 1);
        store = JdbcRoutingStore.open(opened.pool());
        StateRows rows = RoutingTailnet.rows(100_000, RoutingTailnet.Layout.SCATTERED);
        CommitOutcome outcome = store.commit(new Commit(
                TAILNET,
                Revision.NONE,
                null,
                new CommitToken("filled"),
                RoutingTailnet.START,
                new RowChanges(
                        rows.tailnet(),
                        new RowChanges.Rows<>(rows.users(), List.of()),
                        new RowChanges.Rows<>(rows.nodes(), List.of()),
                        new RowChanges.Rows<>(rows.routes(), List.of())),
                List.of()));
        if (!(outcome instanceof CommitOutcome.Committed)) {
            throw new IllegalStateException(outcome.toString());
        }
        opened.settle();
    }

    @Benchmark
    public RoutingState scanThenLoadAndRestore(Blackhole blackhole) throws SQLException {
        long begin = System.nanoTime();
        scan(blackhole);
        long scanned = System.nanoTime();
        StateRows rows = store.load(TAILNET).orElseThrow().rows();
        long loaded = System.nanoTime();
        RoutingState state = RoutingState.restore(rows, RoutingTailnet.START);
        long restored = System.nanoTime();
        scanning = Math.min(scanning, scanned - begin);
        loading = Math.min(loading, loaded - scanned);
        restoring = Math.min(restoring, restored - loaded);
        return state;
    }

    /**
     * All columns that the store reads, in a transaction with as many rows fetched at once, and nothing made of them.
     */
    private void scan(Blackhole blackhole) throws SQLException {
        try (Connection connection = opened.pool().getConnection()) {
            connection.setAutoCommit(false);
            for (String select : TABLES) {
                try (PreparedStatement statement = connection.prepareStatement(select)) {
                    statement.setFetchSize(5_000);
                    try (ResultSet row = statement.executeQuery()) {
                        int columns = row.getMetaData().getColumnCount();
                        while (row.next()) {
                            for (int i = 1; i <= columns; i++) {
                                blackhole.consume(row.getString(i));
                            }
                        }
                    }
                }
            }
            connection.rollback();
        }
    }

    @TearDown
    public void print() {
        System.out.printf(
                "%n%s, fastest: scan %d ms, load %d ms (%.2f x scan), restore %d ms; load and restore %.2f x (scan "
                        + "and restore)%n",
                database,
                scanning / 1_000_000,
                loading / 1_000_000,
                (double) loading / scanning,
                restoring / 1_000_000,
                (double) (loading + restoring) / (scanning + restoring));
        opened.close();
    }
}
