package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.storage.jdbc.DataSources;
import dev.wayleave.storage.jdbc.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A database on PostgreSQL, with the types that Headscale has there, reads as it does on SQLite. */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class PostgresImportTest {

    @TempDir
    Path folder;

    /** Our own scripts, and the dumps where they are. */
    private static List<String> scripts() {
        List<String> scripts = new ArrayList<>();
        for (String name : List.of("enabled-routes-0.6.sql", "routes-0.22.sql", "approved-routes-0.28.sql")) {
            scripts.add(Databases.script(name));
        }
        RecordedDatabases.names().forEach(name -> scripts.add(RecordedDatabases.script(name)));
        return scripts;
    }

    @Test
    void postgresAndSqliteGiveTheSameReport() throws SQLException {
        int number = 0;
        for (String script : scripts()) {
            DataSource sqlite = Databases.sqlite(folder.resolve(++number + ".db"), script);
            DataSource postgres = PostgresServer.newDatabase();
            Databases.copy(sqlite, postgres);
            assertThat(HeadscaleImport.read(postgres).report())
                    .as(script.lines().findFirst().orElseThrow())
                    .isEqualTo(HeadscaleImport.read(sqlite).report());
        }
    }

    @Test
    void theConnectionOfAPoolGoesBackAsItCame() throws SQLException {
        DataSource postgres = PostgresServer.newDatabase();
        Databases.copy(Databases.sqlite(folder.resolve("headscale.db"), Databases.script("routes-0.22.sql")), postgres);
        try (Connection connection = postgres.getConnection()) {
            int isolation = connection.getTransactionIsolation();
            assertThat(HeadscaleImport.read(DataSources.over(connection))
                            .report()
                            .nodes())
                    .hasSize(3);
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.isReadOnly()).isFalse();
            assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
            try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO users (id, name) VALUES (9, 'writes again')");
            }
        }
    }

    @Test
    void aStoreOnPostgresHoldsWhatWasPlanned() {
        StoredImportTest.checkStored(
                Databases.sqlite(folder.resolve("headscale.db"), Databases.script("routes-0.22.sql")),
                PostgresServer.newDatabase());
    }
}
