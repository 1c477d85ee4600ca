package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.storage.jdbc.DataSources;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a file of SQLite: its write-ahead log, and its damage. */
class SqliteFileTest {

    @TempDir
    Path folder;

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection walDatabase(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        execute(connection, "PRAGMA journal_mode = wal");
        execute(
                connection,
                "CREATE TABLE nodes (id integer PRIMARY KEY, hostname text, user_id integer, approved_routes text)");
        return connection;
    }

    private Path copy(Path file, String... suffixes) throws IOException {
        Path copy =
                Files.createDirectory(folder.resolve("copy-" + suffixes.length)).resolve("db.sqlite");
        Files.copy(file, copy);
        for (String suffix : suffixes) {
            Files.copy(Path.of(file + suffix), Path.of(copy + suffix));
        }
        return copy;
    }

    private static ImportReport read(Path file) {
        return HeadscaleImport.read(DataSources.ofUrl("jdbc:sqlite:" + file)).report();
    }

    private static List<String> ofDatabase(ImportReport report) {
        return report.findings().stream()
                .filter(finding -> finding.table().equals(ImportFinding.DATABASE))
                .map(finding -> finding.degree() + " " + finding.reason().message())
                .toList();
    }

    @Test
    void aCopyWithoutTheLogThatHasNoTablesIsRefusedWithWhatToCopy() throws SQLException, IOException {
        Path file = folder.resolve("db.sqlite");
        try (Connection running = walDatabase(file)) {
            assertThat(running.isClosed()).isFalse();
            Path copy = copy(file);
            assertThatThrownBy(() -> read(copy))
                    .isInstanceOf(UnreadableDatabaseException.class)
                    .hasMessageContainingAll("`" + copy + "`", "`" + copy + "-wal`", "`.backup`");
        }
    }

    @Test
    void aCopyWithTheLogIsCompleteAndNothingIsSaid() throws SQLException, IOException {
        Path file = folder.resolve("db.sqlite");
        try (Connection running = walDatabase(file)) {
            execute(running, "INSERT INTO nodes VALUES (1, 'a', 1, '[]')");
            ImportReport report = read(copy(file, "-wal"));
            assertThat(report.nodes()).hasSize(1);
            assertThat(ofDatabase(report)).isEmpty();
        }
    }

    @Test
    void aCopyWithoutTheLogThatHasTheTablesIsReadWithAFinding() throws SQLException, IOException {
        Path file = folder.resolve("db.sqlite");
        try (Connection running = walDatabase(file)) {
            execute(running, "INSERT INTO nodes VALUES (1, 'a', 1, '[]')");
            execute(running, "PRAGMA wal_checkpoint(FULL)");
            execute(running, "INSERT INTO nodes VALUES (2, 'b', 1, '[]')");
            Path copy = copy(file);
            ImportReport report = read(copy);
            assertThat(report.nodes()).hasSize(1);
            assertThat(ofDatabase(report))
                    .singleElement()
                    .asString()
                    .startsWith("WARNING ")
                    .containsSubsequence("no file `" + copy + "-wal`", "missing", "stopped");
            // the reader above may have left an empty log behind
            assertThat(ofDatabase(read(copy))).hasSize(1);
        }
    }

    @Test
    void aFileThatIsNotInWalModeNeedsNoLog() {
        Path file = folder.resolve("db.sqlite");
        Databases.sqlite(file, Databases.script("approved-routes-0.28.sql"));
        assertThat(SqliteFile.of(file).logMissing()).isFalse();
        assertThat(ofDatabase(read(file))).isEmpty();
    }

    @Test
    void damageThatSqliteFindsIsAFindingWhereRowsCanStillBeRead() throws IOException {
        Path file = folder.resolve("db.sqlite");
        Databases.sqlite(file, Databases.script("approved-routes-0.28.sql"));
        Databases.execute(
                Databases.sqlite(file),
                "CREATE INDEX names ON nodes (hostname);\nPRAGMA writable_schema = on;\n"
                        + "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = "
                        + "'users') WHERE name = 'names'");
        ImportReport report = read(file);
        assertThat(report.nodes()).hasSize(6);
        assertThat(ofDatabase(report))
                .singleElement()
                .asString()
                .startsWith("CHANGE ")
                .containsSubsequence("damaged", "rows", "integrity check", "`");
    }

    @Test
    void aFileWhoseRowsCannotBeReadIsUnreadable() throws IOException {
        Path file = folder.resolve("db.sqlite");
        Databases.sqlite(file, Databases.script("approved-routes-0.28.sql"));
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(content.length() / 2);
        }
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(UnreadableDatabaseException.class)
                .hasMessageContaining("`" + file + "`");
    }
}
