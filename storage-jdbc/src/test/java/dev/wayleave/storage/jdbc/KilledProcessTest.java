package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.storage.StoredTailnet;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host that is killed while it commits: afterwards its acknowledged commits are stored, and at most the one more that
 * was under way; never a part of one.
 */
class KilledProcessTest {

    /** About twice as many as it commits before it is killed. */
    private static final int COMMITS = Repetitions.SLOW ? 10_000 : 100;

    @TempDir
    private Path folder;

    @Test
    void sqliteHoldsWhatWasAcknowledged() throws Exception {
        for (int i = 0; i < Repetitions.COUNT; i++) {
            killInTheMiddle("jdbc:sqlite:" + folder.resolve(i + ".sqlite"), i);
        }
    }

    @Test
    @DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
    void postgresHoldsWhatWasAcknowledged() throws Exception {
        for (int i = 0; i < Repetitions.COUNT; i++) {
            killInTheMiddle(PostgresServer.newDatabaseUrl(), i);
        }
    }

    private void killInTheMiddle(String url, long seed) throws Exception {
        DataSource dataSource = DataSources.ofUrl(url);
        JdbcSchema.of(dataSource).migrate();
        long acknowledged = runUntilKilled(url, COMMITS / 4 + new Random(seed).nextInt(COMMITS / 2));

        JdbcRoutingStore store = JdbcRoutingStore.open(dataSource);
        StoredTailnet stored = store.load(Host.TAILNET).orElseThrow();
        long revision = stored.revision().value();
        assertThat(revision).isBetween(acknowledged, acknowledged + 1);
        assertThat(stored.rows()).isEqualTo(Workload.rowsAt(revision));
        assertThat(Database.query(dataSource, "select count(distinct revision), max(revision) from wayleave_event"))
                .containsExactly(Long.toString(revision));
        assertThat(Database.query(dataSource, "select max(revision) from wayleave_event"))
                .containsExactly(Long.toString(revision));

        Host again = Host.restarted(store, Host.TAILNET);
        Workload.next(again);
        assertThat(store.load(Host.TAILNET).orElseThrow().revision().value()).isEqualTo(revision + 1);
    }

    /** The last line that the child printed; it may have printed more than was read when it was killed. */
    private long runUntilKilled(String url, int killAfter) throws IOException, InterruptedException {
        Process child = ChildProcess.start(folder.resolve("child.err").toFile(), Workload.class, url);
        long last = 0;
        try (BufferedReader said = child.inputReader()) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                last = Long.parseLong(line);
                if (last == killAfter) {
                    child.toHandle().destroyForcibly(); // SIGKILL, and what it printed stays readable
                }
            }
        }
        assertThat(child.waitFor()).isNotZero();
        assertThat(folder.resolve("child.err")).isEmptyFile();
        assertThat(last).isGreaterThanOrEqualTo(killAfter);
        return last;
    }
}
