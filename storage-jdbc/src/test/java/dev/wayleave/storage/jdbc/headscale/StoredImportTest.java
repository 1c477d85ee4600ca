package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.jdbc.DataSources;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.JdbcSchema;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of an import into a store, and out of it again after a restart. */
class StoredImportTest {

    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final TailnetId TAILNET = new TailnetId("t");
    private static final Actor ADA = new Actor("ada");
    private static final ImportChoices OPEN = ImportChoices.withoutPolicy();

    @TempDir
    Path folder;

    static void checkStored(DataSource headscale, DataSource target) {
        RoutingState empty = RoutingState.empty(TAILNET, RoutingSettings.DEFAULT, NOW);
        HeadscaleImport read = HeadscaleImport.read(headscale);
        ImportPlan plan = read.into(empty, OPEN, ADA, NOW);
        RowChanges change = plan.step().rowChanges();
        RowChanges first = new RowChanges(
                new TailnetRow(TAILNET, empty.settings(), empty.policy()),
                change.users(),
                change.nodes(),
                change.routes());
        JdbcSchema.of(target).migrate();
        JdbcRoutingStore store = JdbcRoutingStore.open(target);
        assertThat(store.commit(new Commit(
                        TAILNET,
                        Revision.NONE,
                        null,
                        new CommitToken("import"),
                        NOW,
                        first,
                        plan.step().events())))
                .isEqualTo(new CommitOutcome.Committed(new Revision(1)));

        StoredTailnet stored = store.load(TAILNET).orElseThrow();
        assertThat(stored.rows()).isEqualTo(plan.step().next().rows());
        Instant later = NOW.plusSeconds(86_400);
        RoutingState restored = RoutingState.restore(stored.rows(), later);
        assertThat(restored.primary(Prefix.parse("10.0.0.0/8"))).contains(new NodeId(2));
        assertThat(Routing.step(restored, List.of(), later).rowChanges().isEmpty())
                .isTrue();
        assertThat(read.into(restored, OPEN, ADA, later).step().rowChanges().isEmpty())
                .isTrue();
    }

    @Test
    void aStoreOnSqliteHoldsWhatWasPlanned() {
        checkStored(
                Databases.sqlite(folder.resolve("headscale.db"), Databases.script("routes-0.22.sql")),
                DataSources.ofUrl("jdbc:sqlite:" + folder.resolve("wayleave.db")));
    }

    @Test
    void aStoreOnH2HoldsWhatWasPlanned() {
        checkStored(
                Databases.sqlite(folder.resolve("headscale.db"), Databases.script("routes-0.22.sql")),
                DataSources.ofUrl("jdbc:h2:" + folder.resolve("wayleave")));
    }
}
