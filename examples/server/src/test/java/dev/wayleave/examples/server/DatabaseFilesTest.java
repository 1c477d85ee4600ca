package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only the owner of a database's files may read and write them. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no permissions of this kind")
class DatabaseFilesTest {

    @TempDir
    Path folder;

    private Map<String, String> permissions() throws IOException {
        Map<String, String> permissions = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                permissions.put(
                        file.getFileName().toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return permissions;
    }

    private static void write(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table x (id int)");
            statement.execute("insert into x values (1)");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:sqlite:%s/demo.db",
                "jdbc:sqlite:%s/demo.db?journal_mode=WAL",
                "jdbc:sqlite:file:%s/demo.db?cache=private",
                "jdbc:h2:%s/demo",
                "jdbc:h2:file:%s/demo;DB_CLOSE_DELAY=0"
            })
    void allFilesOfANewDatabaseAreItsOwners(String url) throws Exception {
        try (HikariDataSource pool = Main.pool(String.format(url, folder));
                Connection connection = pool.getConnection()) {
            write(connection);

            assertThat(permissions())
                    .isNotEmpty()
                    .allSatisfy((file, allowed) -> assertThat(allowed).as(file).isEqualTo("rw-------"));
        }
    }

    @Test
    void aDatabaseThatOtherUsersMayReadIsMadePrivate() throws Exception {
        for (String name : List.of("demo.db", "demo.db-wal", "demo.db-shm", "other.txt")) {
            Files.createFile(folder.resolve(name));
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
        }

        DatabaseFiles.protect("jdbc:sqlite:" + folder + "/demo.db");

        assertThat(permissions())
                .containsEntry("demo.db", "rw-------")
                .containsEntry("demo.db-wal", "rw-------")
                .containsEntry("demo.db-shm", "rw-------")
                .containsEntry("other.txt", "rw-r--r--");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:sqlite::memory:",
                "jdbc:h2:mem:demo",
                "jdbc:h2:tcp://localhost/~/demo",
                "jdbc:postgresql://localhost/demo",
                "jdbc:none:x"
            })
    void aDatabaseThatIsNoFileIsLeftAlone(String url) throws Exception {
        DatabaseFiles.protect(url);

        assertThat(permissions()).isEmpty();
    }
}
