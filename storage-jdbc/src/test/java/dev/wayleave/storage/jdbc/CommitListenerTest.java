package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.Revision;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A listener hears of each commit of a store that notifies, and calls its receiver when it may have missed some. */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class CommitListenerTest {

    /** A channel that no other test uses. */
    private final TableNames names =
            new TableNames(null, "l" + UUID.randomUUID().toString().substring(0, 8) + "_");

    private final TailnetId tailnet = new TailnetId("a tailnet with blanks " + "ü".repeat(178));
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work);
        thread.setUncaughtExceptionHandler((of, exception) -> thrown.add(exception));
        return thread;
    });
    private final String url = PostgresServer.newDatabaseUrl();
    private final DataSource dataSource = DataSources.ofUrl(url);
    private JdbcRoutingStore store;
    private @Nullable CommitListener listener;

    @BeforeEach
    void open() {
        JdbcSchema.of(dataSource, names).migrate();
        store = JdbcRoutingStore.open(dataSource, names).withNotifications();
    }

    @AfterEach
    void closeTheListener() throws InterruptedException {
        if (listener != null) {
            listener.close();
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS))
                .as("a closed listener gives its thread back")
                .isTrue();
    }

    private void listen(DataSource to) {
        listener = CommitListener.start(to, names, threads, new CommitListener.Receiver() {
            @Override
            public void listening() {
                calls.add("listening");
                throw new IllegalStateException("test");
            }

            @Override
            public void committed(TailnetId of, Revision revision) {
                calls.add(revision + " of " + of);
            }

            @Override
            public void lost(SQLException cause) {
                calls.add("lost");
            }
        });
    }

    private String next() throws InterruptedException {
        return calls.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void aListenerHearsOfEachCommitAndOfTheDeletion() throws InterruptedException {
        listen(dataSource);
        assertThat(next()).isEqualTo("listening");

        Host.ofNew(store, tailnet).does().does();
        store.withLock(
                tailnet,
                locked -> locked.commit(Host.restarted(JdbcRoutingStore.open(dataSource, names), tailnet)
                        .commit()));
        store.delete(tailnet);

        for (int revision : new int[] {1, 2, 3, 0}) {
            assertThat(next()).isEqualTo(revision + " of " + tailnet);
        }
    }

    @Test
    void anExceptionOfTheReceiverGoesToTheHandlerOfTheThreadAndEndsNothing() throws InterruptedException {
        listen(dataSource);
        assertThat(thrown.poll(30, TimeUnit.SECONDS)).hasMessage("test");
        assertThat(next()).isEqualTo("listening");
        Host.ofNew(store, tailnet).does();
        assertThat(next()).isEqualTo("1 of " + tailnet);
    }

    @Test
    void aStoreNotifiesOnlyIfItIsAskedTo() throws InterruptedException {
        listen(dataSource);
        assertThat(next()).isEqualTo("listening");

        Host.ofNew(JdbcRoutingStore.open(dataSource, names), Host.OTHER).does();
        Host.ofNew(store, tailnet).does();

        assertThat(next()).isEqualTo("1 of " + tailnet);
    }

    @Test
    void aCommitOfTheHostNotifiesWhenTheHostCommits() throws SQLException, InterruptedException {
        Commit commit = Host.ofNew(store, tailnet).commit();
        listen(dataSource);
        assertThat(next()).isEqualTo("listening");
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            assertThat(store.commit(connection, commit)).isEqualTo(new CommitOutcome.Committed(new Revision(1)));
            connection.rollback();
            Host.ofNew(store, Host.OTHER).does();
            assertThat(next()).isEqualTo("1 of " + Host.OTHER);

            assertThat(store.commit(connection, commit)).isEqualTo(new CommitOutcome.Committed(new Revision(1)));
            connection.commit();
        }
        assertThat(next()).isEqualTo("1 of " + tailnet);
    }

    @Test
    void aLostConnectionIsReplacedAndTheReceiverIsCalled() throws InterruptedException {
        listen(DataSources.ofUrl(url + "&ApplicationName=" + names.prefix()));
        assertThat(next()).isEqualTo("listening");

        Database.query(
                dataSource,
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = '" + names.prefix()
                        + "'");

        assertThat(next()).isEqualTo("lost");
        assertThat(next()).isEqualTo("listening");
        Host.ofNew(store, tailnet).does();
        assertThat(next()).isEqualTo("1 of " + tailnet);
    }

    @Test
    void aDatabaseThatIsNotThereIsTriedAgain() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        DataSource away = DataSources.of(() -> {
            if (attempts.incrementAndGet() <= 2) {
                throw new SQLException("away", "08001");
            }
            return dataSource.getConnection();
        });
        listen(away);
        for (String expected : new String[] {"lost", "lost", "listening"}) {
            assertThat(next()).isEqualTo(expected);
        }
    }

    @Test
    void textsThatNoStoreSendsAreIgnored() throws InterruptedException {
        listen(dataSource);
        assertThat(next()).isEqualTo("listening");
        for (String payload : new String[] {"", "7", "-1 a", "x a", "1 ", "99999999999999999999 a"}) {
            Database.query(dataSource, "select pg_notify('" + names.prefix() + "commit', '" + payload + "')");
        }
        Host.ofNew(store, tailnet).does();
        assertThat(next()).isEqualTo("1 of " + tailnet);
    }

    @Test
    void otherDatabasesSendNone(@TempDir Path folder) {
        JdbcRoutingStore sqlite =
                JdbcRoutingStore.open(Database.SQLITE.migrated(folder)).withNotifications();
        Host.ofNew(sqlite, tailnet).does();
        assertThat(sqlite.delete(tailnet)).isTrue();
    }
}
