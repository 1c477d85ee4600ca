package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Three writers of one tailnet in closed loops: none of them waits for long. */
class FairWritersTest {

    private static final int SUBMISSIONS = Repetitions.SLOW ? 1_000 : 10;

    /**
     * Beside other work a thread may stand still while the others commit: ten submissions would say nothing about
     * turns, and in a thousand such a pause counts little.
     */
    private static final int MOST_COMMITS = Repetitions.SLOW ? 3 * SUBMISSIONS : Integer.MAX_VALUE;

    @TempDir
    private Path folder;

    @Test
    @DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
    void eachProcessHasItsTurnOnPostgres() throws Exception {
        check("PostgreSQL", ClosedLoops.run(PostgresServer.newDatabaseUrl(), SUBMISSIONS));
    }

    @Test
    void eachProcessHasItsTurnOnH2() throws Exception {
        check("H2", ClosedLoops.run("jdbc:h2:mem:fair;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000", SUBMISSIONS));
    }

    /** Other processes poll for the lock of the file, and SQLite is not fair to them. */
    @Test
    void eachControllerOfAProcessHasItsTurnOnSqlite() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("fair.sqlite");
        JdbcSchema.of(DataSources.ofUrl(url)).migrate();
        JdbcRoutingStore store = JdbcRoutingStore.open(DataSources.ofUrl(url));
        check("SQLite", ClosedLoops.run(url, () -> store, SUBMISSIONS));
    }

    static void check(String database, List<ClosedLoops.Writer> writers) {
        for (ClosedLoops.Writer writer : writers) {
            System.out.println("fairness: " + database + ": " + writer);
            assertThat(writer.conflictsInARow())
                    .as("after a conflict no other writer comes first")
                    .isLessThanOrEqualTo(1);
            assertThat(writer.acknowledged())
                    .as("commits until the slowest writer had %d", SUBMISSIONS)
                    .isLessThanOrEqualTo(MOST_COMMITS);
        }
    }
}
