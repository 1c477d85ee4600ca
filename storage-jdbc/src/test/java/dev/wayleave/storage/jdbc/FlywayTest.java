package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.TailnetId;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Flyway applies the same files as {@link JdbcSchema}, as the README of this module shows. */
class FlywayTest {

    @TempDir
    private Path folder;

    static List<Database> databases() {
        return Database.all();
    }

    private DataSource create(Database database) {
        DataSource dataSource = database.create(folder);
        if (database == Database.SQLITE) {
            Database.execute(dataSource, "pragma journal_mode = wal");
        }
        return dataSource;
    }

    private static Flyway flyway(Database database, DataSource dataSource) {
        return Flyway.configure()
                .loggers("slf4j") // without a provider: silent
                .dataSource(dataSource)
                .locations("classpath:wayleave-schema/" + database.name().toLowerCase(Locale.ROOT))
                .placeholders(Map.of("tables", "wayleave_", "prefix", "wayleave_"))
                .table("wayleave_flyway_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void flywayAppliesTheTablesOnceAndTheStoreOpensOnThem(Database database) {
        DataSource dataSource = create(database);

        assertThat(flyway(database, dataSource).migrate().migrationsExecuted).isEqualTo(1);
        assertThat(flyway(database, dataSource).migrate().migrationsExecuted).isZero();

        assertThat(JdbcSchema.of(dataSource).migrate())
                .as("the version that is there")
                .isEqualTo(1);
        assertThat(JdbcRoutingStore.open(dataSource).load(new TailnetId("example.com")))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void tablesOfTheHostMayBeThereBefore(Database database) {
        DataSource dataSource = create(database);
        Database.execute(dataSource, "create table machine (id integer primary key)");

        assertThat(flyway(database, dataSource).migrate().migrationsExecuted).isEqualTo(1);

        assertThat(JdbcRoutingStore.open(dataSource).tailnets()).isEmpty();
    }
}
