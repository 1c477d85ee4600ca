package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.StoredRowsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the tables remember of changes, beside the promises of the port. */
class ChangesTest {

    private static final RouteKey ROUTE = new RouteKey(new NodeId(1), Prefix.parse("10.20.0.0/16"));

    @TempDir
    private Path folder;

    static List<Database> databases() {
        return Database.all();
    }

    private static RowChanges since(RoutingStore store, long revision) {
        return store.changes(Host.TAILNET, new Revision(revision))
                .map(StoredChanges::rowChanges)
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aPurgeForgetsNoDeletionThatTheLogStillHas(Database database) {
        JdbcRoutingStore store = JdbcRoutingStore.open(database.migrated(folder));
        Host.ofNew(store).router(1, "10.20.0.0/16").advertises(1);

        Instant later = Host.START.plus(Duration.ofDays(30));
        assertThat(store.purge(later, later).routes()).isEqualTo(1);

        assertThat(since(store, 1).routes().deletes()).containsExactly(ROUTE);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theRoutesOfARemovedNodeAreDeletedWithIt(Database database) {
        JdbcRoutingStore store = JdbcRoutingStore.open(database.migrated(folder));
        Host.ofNew(store)
                .router(1, "10.20.0.0/16")
                .router(2, "10.20.0.0/16")
                .approves(1, "10.20.0.0/16")
                .does(new Command.RemoveNode(new NodeId(1)));

        RowChanges changes = since(store, 3);

        assertThat(changes.nodes().deletes()).containsExactly(new NodeId(1));
        assertThat(changes.routes().deletes()).containsExactly(ROUTE);
        assertThat(changes.routes().upserts()).extracting(RouteRow::node).doesNotContain(new NodeId(1));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void deletionsAreForgottenWithTheLog(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store).router(1, "10.20.0.0/16").advertises(1);
        long before = RoutingStore.LOGGED_COMMITS + 99;
        Database.execute(
                dataSource,
                "update wayleave_tailnet set revision = " + before,
                "update wayleave_commit_log set revision = revision + 98",
                "update wayleave_deletion set revision = revision + 98");
        assertThat(since(store, 99).routes().deletes()).containsExactly(ROUTE);

        Host.restarted(store, Host.TAILNET).does();

        assertThat(store.commits(Host.TAILNET, Revision.NONE, 1))
                .extracting(commit -> commit.revision().value())
                .containsExactly(before + 1);
        assertThat(Database.query(dataSource, "select row_key from wayleave_deletion"))
                .isEmpty();
        assertThat(store.changes(Host.TAILNET, new Revision(99))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void operatorsReadWhatWasDeleted(Database database) {
        DataSource dataSource = database.migrated(folder);
        Host.ofNew(JdbcRoutingStore.open(dataSource))
                .router(1, "10.20.0.0/16")
                .does(new Command.RemoveNode(new NodeId(1)));
        String deletions = "select kind || ' ' || row_key from wayleave_deletion where revision = 2 order by kind";
        assertThat(Database.query(dataSource, deletions)).containsExactly("node 1", "route 1 10.20.0.0/16");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aDeletionThatNoTailnetCanHaveIsRefusedWithTableAndRow(Database database) {
        DataSource dataSource = database.migrated(folder);
        database.dropChecks(dataSource);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store).router(1, "10.20.0.0/16").advertises(1);
        for (String key : List.of("1", "1 10.20.0.1/16", "one 10.20.0.0/16")) {
            Database.execute(
                    dataSource,
                    database == Database.SQLITE ? "pragma ignore_check_constraints = on" : "select 1",
                    "update wayleave_deletion set row_key = '" + key + "'");
            assertThatThrownBy(() -> since(store, 1))
                    .isInstanceOf(StoredRowsException.class)
                    .hasMessageContaining("wayleave_deletion")
                    .hasMessageContaining("route " + key);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aChangedRowThatNoTailnetCanHaveIsRefused(Database database) {
        DataSource dataSource = database.migrated(folder);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        Host.ofNew(store).router(1, "10.20.0.0/16").approves(1, "10.20.0.0/16");
        Database.execute(dataSource, "update wayleave_route set approved_by = 'policy exitNode *:*'");
        assertThatThrownBy(() -> since(store, 1))
                .isInstanceOf(StoredRowsException.class)
                .hasMessageContaining("`policy exitNode *:*`");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void changesAreReadByAnIndex(Database database) {
        DataSource dataSource = database.migrated(folder);
        Host.ofNew(JdbcRoutingStore.open(dataSource))
                .does(IntStream.range(1, 100)
                        .mapToObj(i -> Host.registered(new NodeId(i)))
                        .toArray(Command[]::new))
                .does(new Command.SetUsers(Users.of(IntStream.range(1, 100)
                        .mapToObj(i ->
                                User.builder(new UserId("u" + i), "user-" + i).build())
                        .toList())))
                .router(
                        1,
                        IntStream.range(0, 100)
                                .mapToObj(i -> "10." + i + ".0.0/16")
                                .toArray(String[]::new));
        for (String table : List.of("users", "node", "route")) {
            assertThat(plan(
                            database,
                            dataSource,
                            "select created_at from wayleave_" + table
                                    + " where tailnet = 'example.com' and revision > 2"))
                    .containsIgnoringCase("wayleave_" + table + "_revision");
        }
    }

    private static String plan(Database database, DataSource dataSource, String select) {
        return String.join(
                "\n",
                Database.columnAfter(
                        dataSource,
                        switch (database) {
                            case POSTGRESQL -> "set enable_seqscan = off"; // as it does with a small table
                            case H2 -> "analyze";
                            case SQLITE -> "";
                        },
                        (database == Database.SQLITE ? "explain query plan " : "explain ") + select,
                        database == Database.SQLITE ? 4 : 1));
    }
}
