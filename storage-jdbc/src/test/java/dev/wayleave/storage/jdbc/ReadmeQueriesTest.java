package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The queries that the README shows to operators, as they can be pasted. */
class ReadmeQueriesTest {

    private static final Pattern BLOCK = Pattern.compile("^```sql\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    @TempDir
    private Path folder;

    static List<Database> databases() {
        return Database.all();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void theQueriesRunOnEachDatabase(Database database) throws IOException {
        DataSource dataSource = database.migrated(folder);
        List<String> queries = queries();
        assertThat(queries).hasSizeGreaterThanOrEqualTo(5);
        for (String query : queries) {
            // the leases are those of a PostgreSQL cluster
            if (database == Database.POSTGRESQL || !query.contains("clock_timestamp")) {
                assertThat(Database.query(dataSource, query)).as(query).isEmpty();
            }
        }
    }

    private static List<String> queries() throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("basedir", "."), "README.md"));
        return BLOCK.matcher(readme)
                .results()
                .flatMap(block -> Arrays.stream(block.group(1).split(";")))
                .filter(query -> !query.isBlank())
                .toList();
    }
}
