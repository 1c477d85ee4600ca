package dev.wayleave.storage.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Sixteen processes take turns in one file, each of them waiting as long as it takes. */
class SqliteContractTest extends JdbcContract {

    @TempDir
    private static Path folder;

    private static DataSource database;

    @BeforeAll
    static void create() {
        database = DataSources.ofUrl("jdbc:sqlite:" + folder.resolve("contract.sqlite") + "?busy_timeout=60000");
    }

    SqliteContractTest() {
        super(database);
    }
}
