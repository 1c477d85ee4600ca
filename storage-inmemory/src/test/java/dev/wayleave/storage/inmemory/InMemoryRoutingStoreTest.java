package dev.wayleave.storage.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.contract.RoutingStoreContract;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryRoutingStoreTest extends RoutingStoreContract {

    private static final InMemoryRoutingStore STORE = new InMemoryRoutingStore();

    @Override
    protected RoutingStore open() {
        return STORE;
    }

    @Override
    protected int mostEvents() {
        return InMemoryRoutingStore.EVENTS;
    }

    @Test
    void changesAreKnownAsFarBackAsTheLogGoes() {
        TailnetId tailnet = new TailnetId("example.com");
        InMemoryRoutingStore store = new InMemoryRoutingStore();
        TailnetRow row = new TailnetRow(
                tailnet, RoutingSettings.DEFAULT, RoutingPolicy.builder().build());
        for (long i = 0; i <= RoutingStore.LOGGED_COMMITS; i++) {
            RowChanges changes = i == 0
                    ? new RowChanges(row, RowChanges.Rows.none(), RowChanges.Rows.none(), RowChanges.Rows.none())
                    : RowChanges.none();
            assertThat(store.commit(new Commit(
                            tailnet,
                            new Revision(i),
                            null,
                            new CommitToken("token-" + i),
                            Instant.EPOCH,
                            changes,
                            List.of())))
                    .isNotNull();
        }

        assertThat(store.changes(tailnet, new Revision(1))).isEmpty();
        assertThat(store.changes(tailnet, new Revision(2))).isPresent();
    }
}
