package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.jdbc.SchemaVersionException.Fault;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JdbcSchemaTest {

    private static final String VERSIONS = "select version from wayleave_schema_version where ended_at is not null";

    @TempDir
    private Path folder;

    static List<Database> databases() {
        return Database.all();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aSchemaMigratesOnce(Database database) {
        DataSource dataSource = database.create(folder);
        assertThat(JdbcSchema.of(dataSource).migrate()).isZero();
        assertThat(JdbcSchema.of(dataSource).migrate()).isEqualTo(1);
        assertThat(Database.query(dataSource, VERSIONS)).containsExactly("1");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void severalProcessesMayInstallTheSchemaAtOnce(Database database) throws Exception {
        int starters = 4;
        ExecutorService threads = Executors.newFixedThreadPool(starters);
        try {
            for (int i = 0; i < Repetitions.COUNT; i++) {
                DataSource dataSource = database.create(folder);
                CyclicBarrier together = new CyclicBarrier(starters);
                List<Future<Integer>> before = new ArrayList<>();
                for (int starter = 0; starter < starters; starter++) {
                    before.add(threads.submit(() -> {
                        together.await();
                        return JdbcSchema.of(dataSource).migrate();
                    }));
                }
                List<Integer> found = new ArrayList<>();
                for (Future<Integer> one : before) {
                    found.add(one.get());
                }
                assertThat(found).containsExactlyInAnyOrder(0, 1, 1, 1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void tablesThatAreMissingAreSaidToBe(Database database) {
        DataSource dataSource = database.create(folder);
        assertThatThrownBy(() -> JdbcRoutingStore.open(dataSource))
                .isInstanceOfSatisfying(
                        SchemaVersionException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MISSING))
                .hasMessageContaining("migrate");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aSchemaFromTheFutureIsRefusedAndLeftAlone(Database database) {
        DataSource dataSource = database.create(folder);
        JdbcSchema.of(dataSource).migrate();
        Database.execute(
                dataSource,
                "insert into wayleave_schema_version (version, name, min_reader, min_writer, ended_at) "
                        + "values (2, 'later', 2, 2, current_timestamp)");
        assertThatThrownBy(() -> JdbcSchema.of(dataSource).migrate()).satisfies(e -> assertFault(e, Fault.NEWER, 2));
        assertThatThrownBy(() -> JdbcRoutingStore.open(dataSource)).satisfies(e -> assertFault(e, Fault.NEWER, 2));
        assertThat(Database.query(dataSource, VERSIONS)).containsExactlyInAnyOrder("1", "2");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aMigrationThatBeganAndDidNotEndIsRefused(Database database) {
        DataSource dataSource = database.create(folder);
        JdbcSchema.of(dataSource).migrate();
        Database.execute(dataSource, "update wayleave_schema_version set ended_at = null");
        assertThatThrownBy(() -> JdbcSchema.of(dataSource).migrate())
                .satisfies(e -> assertFault(e, Fault.HALF_APPLIED, 1));
        assertThatThrownBy(() -> JdbcRoutingStore.open(dataSource))
                .satisfies(e -> assertFault(e, Fault.HALF_APPLIED, 1));
    }

    private static void assertFault(Throwable thrown, Fault fault, int version) {
        assertThat(thrown).isInstanceOfSatisfying(SchemaVersionException.class, e -> {
            assertThat(e.fault()).isEqualTo(fault);
            assertThat(e.version()).isEqualTo(version);
        });
    }

    /** The last table exists already; everything before it must be gone again, or be known to be half there. */
    @ParameterizedTest
    @MethodSource("databases")
    void aMigrationThatBreaksHalfWayLeavesNothingOrIsFound(Database database) {
        DataSource dataSource = database.create(folder);
        Database.execute(dataSource, "create table wayleave_event (own integer)");
        assertThatThrownBy(() -> JdbcSchema.of(dataSource).migrate()).isInstanceOf(StorageException.class);
        Database.execute(dataSource, "drop table wayleave_event");
        if (database == Database.H2) {
            assertThatThrownBy(() -> JdbcSchema.of(dataSource).migrate())
                    .satisfies(e -> assertFault(e, Fault.HALF_APPLIED, 1));
        } else {
            assertThat(JdbcSchema.of(dataSource).migrate()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void tablesAndColumnsThatAreMissingAreAllNamedWhenTheStoreIsOpened(Database database) {
        DataSource dataSource = database.create(folder);
        JdbcSchema.of(dataSource).migrate();
        Database.execute(
                dataSource,
                "alter table wayleave_node rename column was_candidate to candidate",
                "alter table wayleave_tailnet rename column policy to rules",
                "alter table wayleave_deletion rename column row_key to row_id",
                "drop table wayleave_event");
        assertThatThrownBy(() -> JdbcRoutingStore.open(dataSource))
                .satisfies(e -> assertFault(e, Fault.INCOMPLETE, 1))
                .message()
                .containsPattern("`wayleave_tailnet`[^`]*`policy`")
                .containsPattern("`wayleave_node`[^`]*`was_candidate`")
                .containsPattern("`wayleave_deletion`[^`]*`row_key`")
                .containsPattern("`wayleave_event` cannot be read");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theHistoryOfAPrefixAndOfANodeIsReadByAnIndex(Database database) {
        DataSource dataSource = database.create(folder);
        JdbcSchema.of(dataSource).migrate();
        Host.ofNew(JdbcRoutingStore.open(dataSource))
                .router(
                        1,
                        IntStream.range(0, 200)
                                .mapToObj(i -> "10." + i + ".0.0/16")
                                .toArray(String[]::new));
        String explain = database == Database.SQLITE ? "explain query plan " : "explain ";
        String select = "select reason from wayleave_event where tailnet = 'example.com' and ";
        String order = " order by revision, ordinal";
        for (String column : List.of("prefix", "node", "previous_node")) {
            String value = column.equals("prefix") ? "'10.0.0.0/16'" : "7";
            assertThat(String.join(
                            "\n",
                            Database.columnAfter(
                                    dataSource,
                                    switch (database) {
                                        case POSTGRESQL -> "set enable_seqscan = off"; // as it does with a small table
                                        case H2 -> "analyze";
                                        case SQLITE -> "";
                                    },
                                    explain + select + column + " = " + value + order,
                                    database == Database.SQLITE ? 4 : 1)))
                    .containsIgnoringCase("wayleave_event_" + column);
        }
    }

    @Test
    void aDatabaseThatCannotBeReachedIsUnavailable() {
        DataSource nowhere = DataSources.of(() -> {
            throw new SQLException("connection refused", "08001");
        });
        assertThatThrownBy(() -> JdbcSchema.of(nowhere).migrate())
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("connection refused");
        assertThatThrownBy(() -> JdbcRoutingStore.open(nowhere)).isInstanceOf(StorageUnavailableException.class);
    }

    @Test
    void sqliteWritesAheadAfterItsMigration() {
        DataSource dataSource = Database.SQLITE.create(folder);
        JdbcSchema.of(dataSource).migrate();
        assertThat(Database.query(dataSource, "pragma journal_mode")).containsExactly("wal");
    }

    @Test
    void thePurgeOfRoutesNeedNotReadThoseThatLive() {
        DataSource dataSource = Database.SQLITE.create(folder);
        JdbcSchema.of(dataSource).migrate();
        assertThat(Database.column(
                        dataSource, "explain query plan delete from wayleave_route where deleted_at < '2026'", 4))
                .anyMatch(step -> step.contains("INDEX wayleave_route_deleted"));
    }

    @Test
    @DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
    void postgresqlHasAnIndexForEachPartOfThePurge() {
        DataSource dataSource = Database.POSTGRESQL.create(folder);
        JdbcSchema.of(dataSource).migrate();
        assertThat(Database.query(dataSource, "select indexname from pg_indexes where schemaname = current_schema()"))
                .contains("wayleave_route_deleted", "wayleave_event_happened");
    }

    @Test
    void namesThatNeedQuotesAreRefused() {
        assertThatThrownBy(() -> new TableNames(null, "x; drop table y"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefix `x; drop table y`");
        assertThatThrownBy(() -> new TableNames("Upper", "")).isInstanceOf(IllegalArgumentException.class);
    }
}
