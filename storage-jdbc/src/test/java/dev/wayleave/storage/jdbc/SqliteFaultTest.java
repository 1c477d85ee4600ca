package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StorageUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with a file. */
class SqliteFaultTest {

    @TempDir
    private Path folder;

    private String url;
    private DataSource dataSource;
    private Host host;

    @BeforeEach
    void create() {
        url = "jdbc:sqlite:" + folder.resolve("faults.sqlite");
        dataSource = DataSources.ofUrl(url);
        JdbcSchema.of(dataSource).migrate();
        host = Host.ofNew(JdbcRoutingStore.open(dataSource)).router(1, "10.20.0.0/16");
    }

    private Commit next() {
        List<Prefix> prefixes = IntStream.range(0, 900)
                .mapToObj(i -> Prefix.parse("10." + i / 250 + "." + i % 250 + ".0/24"))
                .toList();
        return Host.restarted(JdbcRoutingStore.open(dataSource), Host.TAILNET)
                .commit(new Command.AdvertiseRoutes(new NodeId(1), prefixes));
    }

    private void assertUnchanged() {
        assertThat(JdbcRoutingStore.open(dataSource)
                        .load(Host.TAILNET)
                        .orElseThrow()
                        .rows())
                .isEqualTo(host.state().rows());
    }

    @FaultTest
    void aLockOfAnotherProcessIsUnavailableUntilItIsGone() throws Exception {
        JdbcRoutingStore store = JdbcRoutingStore.open(DataSources.ofUrl(url + "?busy_timeout=20"));
        Commit commit = next();
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");
            assertThatThrownBy(() -> store.commit(commit))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("SQLITE_BUSY");
            assertUnchanged();
            statement.execute("rollback");
        }
        assertThat(store.commit(commit)).isInstanceOf(CommitOutcome.Committed.class);
    }

    @FaultTest
    void aTransactionOfTheHostThatReadTooEarlyIsAConflict() throws Exception {
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Commit commit = next();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeQuery("select revision from wayleave_tailnet").close();
            assertThat(store.commit(next())).isInstanceOf(CommitOutcome.Committed.class);
            assertThat(store.commit(connection, commit)).isEqualTo(new CommitOutcome.Conflict());
            connection.rollback();
        }
    }

    @FaultTest
    void aFullDiskIsUnavailableAndChangesNothing() {
        DataSource full = DataSources.of(() -> {
            Connection connection = DriverManager.getConnection(url);
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma max_page_count = 1"); // as many as there are, and no more
            }
            return connection;
        });
        JdbcRoutingStore store = JdbcRoutingStore.open(full);
        assertThatThrownBy(() -> store.commit(next()))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("SQLITE_FULL");
        assertUnchanged();
    }

    @FaultTest
    void aFileThatIsReadOnlyIsRefusedAndCanBeLoaded() {
        JdbcRoutingStore store = JdbcRoutingStore.open(DataSources.ofUrl(url + "?open_mode=1"));
        assertThatThrownBy(() -> store.commit(next()))
                .isInstanceOf(StorageException.class)
                .isNotInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("SQLITE_READONLY");
        assertThat(store.load(Host.TAILNET).orElseThrow().rows())
                .isEqualTo(host.state().rows());
    }

    @FaultTest
    void aFileThatIsNoDatabaseIsRefused() throws Exception {
        Path other = folder.resolve("letter.txt");
        Files.writeString(other, "Dear Sir or Madam, ".repeat(100));
        assertThatThrownBy(() -> JdbcRoutingStore.open(Database.sqlite(other)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("NOTADB");
    }

    @FaultTest
    void aConnectionThatBreaksWhenItIsGivenBackHasCommitted() {
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Commit commit = next();
        DataSource breaking = DataSources.breakingWhenClosed(
                url, () -> store.load(Host.TAILNET).orElseThrow().token().equals(commit.token()));
        assertThat(JdbcRoutingStore.open(breaking).commit(commit)).isInstanceOf(CommitOutcome.Committed.class);
        assertThat(store.load(Host.TAILNET).orElseThrow().token()).isEqualTo(commit.token());
    }
}
