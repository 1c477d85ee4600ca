package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A database that refuses a row of a batch: the error names the table, the row and the database's reason. */
class RefusedRowTest {

    @TempDir
    private Path folder;

    static List<Database> databases() {
        return Database.all();
    }

    /** An operator's rule: no route may be of this prefix. */
    private DataSource refusing(Database database) {
        DataSource dataSource = database.migrated(folder);
        Host.ofNew(JdbcRoutingStore.open(dataSource)).router(1, "10.1.0.0/16");
        Database.execute(
                dataSource,
                database == Database.SQLITE
                        ? "create trigger own_rule before insert on wayleave_route when new.prefix = '10.7.0.0/16' "
                                + "begin select raise(abort, 'own_rule'); end"
                        : "alter table wayleave_route add constraint own_rule check (prefix <> '10.7.0.0/16')");
        return dataSource;
    }

    private static Commit refused(JdbcRoutingStore store) {
        return Host.restarted(store, Host.TAILNET)
                .commit(new Command.AdvertiseRoutes(
                        new NodeId(1),
                        Host.prefixes("10.5.0.0/16", "10.6.0.0/16", "10.7.0.0/16", "10.8.0.0/16", "10.9.0.0/16")));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theErrorOfABatchNamesTableRowAndReasonInOneLine(Database database) {
        JdbcRoutingStore store = JdbcRoutingStore.open(refusing(database));

        StorageException error = catchThrowableOfType(StorageException.class, () -> store.commit(refused(store)));

        assertThat(error)
                .hasMessageContaining("table `wayleave_route`, tailnet `example.com`, row `1, 10.7.0.0/16`: ")
                .message()
                .containsIgnoringCase("own_rule")
                .doesNotContain("insert into wayleave_route (", "getNextException", "\n")
                .hasSizeLessThan(1_000);
        assertThat(store.load(Host.TAILNET).orElseThrow().revision()).isEqualTo(new Revision(1));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void inTheTransactionOfTheHostItNamesTheRowsThatWereSentTogether(Database database) throws Exception {
        DataSource dataSource = refusing(database);
        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            assertThat(catchThrowableOfType(StorageException.class, () -> store.commit(connection, refused(store))))
                    .hasMessageContaining("5 rows from `1, 10.5.0.0/16` to `1, 10.9.0.0/16`: ")
                    .message()
                    .containsIgnoringCase("own_rule");
            connection.rollback();
        }
    }
}
