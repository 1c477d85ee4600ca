package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.mesh.NodeId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Ownership;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.jdbc.SchemaVersionException.Fault;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An upgrade while hosts run: this library beside the next one, which is artificial. It adds a column and knows version
 * 2; its file is among the resources of the tests.
 */
class SchemaUpgradeTest {

    private static final List<String> NEXT = List.of("routes", "artificial");

    @TempDir
    private Path folder;

    static List<Database> databases() {
        return Database.all();
    }

    private static JdbcSchema nextSchema(DataSource dataSource) {
        return new JdbcSchema(dataSource, TableNames.DEFAULT, "/wayleave-schema-next/", NEXT);
    }

    private static JdbcRoutingStore nextStore(DataSource dataSource) {
        return JdbcRoutingStore.open(dataSource, TableNames.DEFAULT, NEXT.size());
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aHostThatRunsGoesOnWhileTheNextVersionMigratesAndWrites(Database database) {
        DataSource dataSource = database.migrated(folder);
        RoutingStore running = JdbcRoutingStore.open(dataSource);
        Host.ofNew(running).router(1, "10.20.0.0/16");

        assertThatThrownBy(() -> nextStore(dataSource))
                .isInstanceOfSatisfying(
                        SchemaVersionException.class, e -> assertThat(e.fault()).isEqualTo(Fault.OLDER));
        assertThat(nextSchema(dataSource).migrate()).isEqualTo(1);
        RoutingStore next = nextStore(dataSource);

        Host.restarted(running, Host.TAILNET).approves(1, "10.20.0.0/16");
        Host.restarted(next, Host.TAILNET).router(2, "10.30.0.0/16");
        Host.restarted(running, Host.TAILNET).approves(2, "10.30.0.0/16");
        assertThat(running.load(Host.TAILNET)).isEqualTo(next.load(Host.TAILNET));
        assertThat(running.load(Host.TAILNET).orElseThrow().revision()).isEqualTo(new Revision(4));
        assertThat(Database.query(dataSource, "select distinct remark from wayleave_route"))
                .containsExactly("none");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aHostOfThisVersionStartsOnTablesOfTheNextOne(Database database) {
        DataSource dataSource = database.migrated(folder);
        assertThat(nextSchema(dataSource).migrate()).isEqualTo(1);

        assertThat(JdbcSchema.of(dataSource).migrate()).isEqualTo(2);
        RoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store).router(1, "10.20.0.0/16");
        assertThat(store.load(Host.TAILNET).orElseThrow().rows().routes()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aHostThatMustNotWriteAnyMoreReadsOnAndWritesNothing(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Host host = Host.ofNew(store).router(1, "10.20.0.0/16");
        assertThat(nextSchema(dataSource).migrate()).isEqualTo(1);
        Database.execute(dataSource, "update wayleave_schema_version set min_writer = 2 where version = 2");

        Commit commit = host.commit(Host.registered(new NodeId(2)));
        for (Runnable write : List.<Runnable>of(
                () -> store.commit(commit),
                () -> Host.ofNew(JdbcRoutingStore.open(dataSource), Host.OTHER).does(),
                () -> store.delete(Host.TAILNET),
                () -> store.delete(Host.TAILNET, new Ownership(null, 0)),
                () -> store.purge(Host.START, Host.START))) {
            assertThatThrownBy(write::run)
                    .isInstanceOfSatisfying(
                            SchemaVersionException.class,
                            e -> assertThat(e.fault()).isEqualTo(Fault.READ_ONLY))
                    .hasMessageContainingAll("written", "version 2")
                    .hasMessageContaining("knows 1");
        }
        assertThat(store.load(Host.TAILNET).orElseThrow().revision()).isEqualTo(new Revision(1));
        assertThat(store.events(Host.TAILNET, EventPosition.START, 10)).isNotEmpty();
        Host.restarted(nextStore(dataSource), Host.TAILNET).approves(1, "10.20.0.0/16");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aHostThatMustNotReadAnyMoreSaysSo(Database database) {
        DataSource dataSource = database.migrated(folder);
        RoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store).router(1, "10.20.0.0/16");
        assertThat(nextSchema(dataSource).migrate()).isEqualTo(1);
        Database.execute(
                dataSource, "update wayleave_schema_version set min_reader = 2, min_writer = 2 where version = 2");

        for (Runnable read : List.<Runnable>of(
                () -> store.load(Host.TAILNET),
                store::tailnets,
                () -> store.events(Host.TAILNET, EventPosition.START, 1),
                () -> JdbcRoutingStore.open(dataSource),
                () -> JdbcSchema.of(dataSource).migrate())) {
            assertThatThrownBy(read::run)
                    .isInstanceOf(StorageException.class)
                    .isInstanceOfSatisfying(
                            SchemaVersionException.class,
                            e -> assertThat(e.fault()).isEqualTo(Fault.NEWER));
        }
    }
}
