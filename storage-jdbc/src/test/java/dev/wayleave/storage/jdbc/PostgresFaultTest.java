package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.StoredTailnet;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What a server does to those who write at the same time, and what happens when it goes away. */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class PostgresFaultTest {

    private static final TailnetId ONE = new TailnetId("one");
    private static final TailnetId OTHER = new TailnetId("other");
    private static final int WRITERS = 4;

    @TempDir
    private Path folder;

    private static String migrated() {
        String url = PostgresServer.newDatabaseUrl();
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        return url;
    }

    @FaultTest
    void aSerializationFailureIsAConflict() throws Exception {
        DataSource dataSource = DataSources.ofUrl(migrated());
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store, ONE).does();
        for (int level : new int[] {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE}) {
            Commit commit = Host.restarted(store, ONE).commit();
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setTransactionIsolation(level);
                connection.setAutoCommit(false);
                statement.executeQuery("select revision from wayleave_tailnet").close();
                Host.restarted(store, ONE).does();
                assertThat(store.commit(connection, commit)).isEqualTo(new CommitOutcome.Conflict());
                connection.rollback();
            }
        }
    }

    @FaultTest
    void aLockThatIsNotGivenInTimeIsAConflict() throws Exception {
        String url = migrated();
        DataSource dataSource = DataSources.ofUrl(url);
        JdbcRoutingStore store = JdbcRoutingStore.open(DataSources.ofUrl(url + "&options=-c%20lock_timeout=50"));
        Host.ofNew(store, ONE).does();
        Commit commit = Host.restarted(store, ONE).commit();
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            assertThat(store.commit(connection, Host.restarted(store, ONE).commit()))
                    .isInstanceOf(CommitOutcome.Committed.class);
            assertThat(store.commit(commit)).isEqualTo(new CommitOutcome.Conflict());
            connection.rollback();
        }
        assertThat(store.commit(commit)).isInstanceOf(CommitOutcome.Committed.class);
    }

    @FaultTest
    void theWaitForTheLockOfATailnetEndsAsTheServerSays() throws Exception {
        String url = migrated();
        JdbcRoutingStore store = JdbcRoutingStore.open(DataSources.ofUrl(url));
        JdbcRoutingStore impatient = JdbcRoutingStore.open(DataSources.ofUrl(url + "&options=-c%20lock_timeout=50"));
        Host.ofNew(store, ONE).does();

        CommitOutcome outcome = store.withLock(ONE, locked -> {
            assertThatThrownBy(() -> impatient.withLock(ONE, second -> {
                        throw new AssertionError("it is not locked");
                    }))
                    .isInstanceOf(StorageUnavailableException.class);
            return locked.commit(Host.restarted(store, ONE).commit());
        });

        assertThat(outcome).isInstanceOf(CommitOutcome.Committed.class);
    }

    /** Under the isolation that the connection has by default, the wait would end in a serialization failure. */
    @FaultTest
    void aWriterThatWaitedForTheLockReadsTheNewestRevisionUnderAnyIsolation() throws Exception {
        DataSource dataSource =
                DataSources.ofUrl(migrated() + "&options=-c%20default_transaction_isolation=serializable");
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store, ONE).does();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<CommitOutcome> second = store.withLock(ONE, first -> {
                Future<CommitOutcome> waiting = thread.submit(() -> commitUnderLock(store));
                PostgresCluster.until(() -> !Database.query(
                                dataSource, "select 1 from pg_stat_activity where wait_event_type = 'Lock'")
                        .isEmpty());
                assertThat(first.commit(Host.restarted(store, ONE).commit()))
                        .isInstanceOf(CommitOutcome.Committed.class);
                return waiting;
            });

            assertThat(second.get()).isInstanceOf(CommitOutcome.Committed.class);
        } finally {
            thread.shutdown();
        }
    }

    private static CommitOutcome commitUnderLock(JdbcRoutingStore store) {
        return store.withLock(ONE, locked -> {
            Commit next = Host.restarted(store, ONE).commit();
            assertThat(locked.load().orElseThrow().revision()).isEqualTo(next.expected());
            return locked.commit(next);
        });
    }

    @Test
    @EnabledIfSystemProperty(named = "wayleave.slow", matches = "true", disabledReason = "it waits for five seconds")
    void aProcessThatStopsInTheMiddleOfATransactionKeepsNoOtherAway() {
        JdbcRoutingStore store = JdbcRoutingStore.open(DataSources.ofUrl(migrated()));
        Host.ofNew(store, ONE).does();
        Commit late = Host.restarted(store, ONE).commit();

        assertThatThrownBy(() -> store.withLock(ONE, locked -> {
                    assertThat(store.own(ONE, 0, new ReplicaId("next"))).isPresent(); // waits meanwhile
                    return locked.commit(late);
                }))
                .isInstanceOf(StorageUnavailableException.class);

        assertThat(Host.restarted(store, ONE).does().revision())
                .isEqualTo(late.expected().next());
    }

    /** Two hosts that commit two tailnets in one transaction each, in opposite order. */
    @Test
    void ofADeadlockOneIsCommittedAndTheOtherAConflict() throws Exception {
        DataSource dataSource = DataSources.ofUrl(migrated() + "&options=-c%20deadlock_timeout=20");
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store, ONE).does();
        Host.ofNew(store, OTHER).does();
        for (int i = 0; i < Repetitions.COUNT; i++) {
            CyclicBarrier together = new CyclicBarrier(2);
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Future<CommitOutcome>> outcomes = new ArrayList<>();
            for (List<TailnetId> order : List.of(List.of(ONE, OTHER), List.of(OTHER, ONE))) {
                Commit first = Host.restarted(store, order.get(0)).commit();
                Commit second = Host.restarted(store, order.get(1)).commit();
                outcomes.add(threads.submit(() -> {
                    try (Connection connection = dataSource.getConnection()) {
                        connection.setAutoCommit(false);
                        assertThat(store.commit(connection, first)).isInstanceOf(CommitOutcome.Committed.class);
                        together.await();
                        CommitOutcome outcome = store.commit(connection, second);
                        if (outcome instanceof CommitOutcome.Committed) {
                            connection.commit();
                        } else {
                            connection.rollback();
                        }
                        return outcome;
                    }
                }));
            }
            List<CommitOutcome> ended =
                    List.of(outcomes.get(0).get(), outcomes.get(1).get());
            threads.shutdown();
            assertThat(ended).contains(new CommitOutcome.Conflict());
            assertThat(ended).anyMatch(outcome -> outcome instanceof CommitOutcome.Committed);
        }
    }

    @FaultTest
    void aServerThatTakesNoWritesIsUnavailable() {
        String url = migrated();
        JdbcRoutingStore store =
                JdbcRoutingStore.open(DataSources.ofUrl(url + "&options=-c%20default_transaction_read_only=on"));
        assertThatThrownBy(() -> Host.ofNew(store, ONE).does())
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("read-only");
    }

    @Test
    void writersWhoseConnectionsAreTerminatedLoseNothing() throws Exception {
        String url = migrated();
        DataSource operator = DataSources.ofUrl(url);
        Load load = new Load(DataSources.ofUrl(url + "&ApplicationName=load"));
        load.during(() -> {
            for (int i = 0; i < 3 * Repetitions.COUNT; i++) {
                load.awaitCommits(20);
                Database.query(
                        operator,
                        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'load'");
            }
            load.awaitCommits(20);
        });
        load.check();
    }

    @Test
    void writersOfAServerThatRestartsLoseNothing() throws Exception {
        Path data = folder.resolve("data");
        EmbeddedPostgres server = PostgresServer.server()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start();
        int port = server.getPort();
        try {
            DataSource dataSource = DataSources.ofUrl(server.getJdbcUrl("postgres", "postgres"));
            JdbcSchema.of(dataSource).migrate();
            Load load = new Load(dataSource);
            EmbeddedPostgres[] running = {server};
            load.during(() -> {
                for (int i = 0; i < Repetitions.COUNT; i++) {
                    load.awaitCommits(100);
                    running[0].close();
                    running[0] = PostgresServer.server()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setPort(port)
                            .start();
                }
                load.awaitCommits(100);
            });
            load.check();
            server = running[0];
        } finally {
            server.close();
        }
    }

    /** Some hosts, each with a tailnet of its own, that go on whatever happens, as the controller does. */
    private static final class Load {

        private final RoutingStore store;
        private final List<TailnetId> tailnets = new ArrayList<>();
        private final Semaphore commits = new Semaphore(0);
        private final AtomicBoolean done = new AtomicBoolean();
        private final List<Host> hosts = new ArrayList<>();

        Load(DataSource dataSource) {
            store = JdbcRoutingStore.open(dataSource);
            for (int i = 0; i < WRITERS; i++) {
                tailnets.add(new TailnetId("load-" + i));
                hosts.add(Host.ofNew(store, tailnets.get(i)).router(1, "10.0.0.0/16"));
            }
        }

        void awaitCommits(int count) {
            commits.acquireUninterruptibly(count);
        }

        void during(Fault fault) throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
            CountDownLatch ended = new CountDownLatch(WRITERS);
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(threads.submit(() -> {
                    try {
                        write(writer);
                    } finally {
                        ended.countDown();
                    }
                }));
            }
            try {
                fault.happen();
            } finally {
                done.set(true);
                ended.await();
                threads.shutdown();
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        private void write(int writer) {
            for (int i = 0; !done.get(); i++) {
                String prefix = "10." + i % 200 + ".0.0/16";
                Commit commit =
                        hosts.get(writer).commit(new Command.AdvertiseRoutes(new NodeId(1), Host.prefixes(prefix)));
                hosts.set(writer, settled(commit, hosts.get(writer)));
            }
        }

        /** Sends a commit until it is known to be written. */
        private Host settled(Commit commit, Host host) {
            while (true) {
                try {
                    CommitOutcome outcome = store.commit(commit);
                    if (outcome instanceof CommitOutcome.Committed committed) {
                        commits.release();
                        return host.committed(committed.revision());
                    }
                    assertThat(outcome).as("no other process writes").isInstanceOf(CommitOutcome.Unknown.class);
                    if (isWritten(commit)) {
                        commits.release();
                        return host.committed(commit.expected().next());
                    }
                } catch (StorageUnavailableException e) {
                    Thread.onSpinWait();
                }
            }
        }

        private boolean isWritten(Commit commit) {
            while (true) {
                try {
                    StoredTailnet stored = store.load(commit.tailnet()).orElseThrow();
                    return stored.token().equals(commit.token());
                } catch (StorageUnavailableException e) {
                    Thread.onSpinWait();
                }
            }
        }

        void check() {
            for (int i = 0; i < WRITERS; i++) {
                StoredTailnet stored = store.load(tailnets.get(i)).orElseThrow();
                assertThat(stored.revision()).isEqualTo(hosts.get(i).revision());
                assertThat(stored.rows()).isEqualTo(hosts.get(i).state().rows());
            }
        }
    }

    /** What goes wrong while the other processes write. */
    @FunctionalInterface
    private interface Fault {
        void happen() throws Exception;
    }
}
