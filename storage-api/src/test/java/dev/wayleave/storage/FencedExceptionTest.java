package dev.wayleave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.TailnetId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a refused deletion advises. */
class FencedExceptionTest {

    private static final TailnetId TAILNET = new TailnetId("example.com");

    @Test
    void aDeletionThatIsRefusedNamesTheOwnerWhereItCanBeDone() {
        TailnetOwner owner = new TailnetOwner(new ReplicaId("b"), 2, Instant.EPOCH);

        assertThat(FencedException.notDeleted(TAILNET, owner)).hasMessageContainingAll("`b`", "delete it there");
    }

    @Test
    void aDeletionThatIsRefusedWithoutAnOwnerNamesNoOtherPlace() {
        assertThat(FencedException.notDeleted(TAILNET, TailnetOwner.NONE))
                .hasMessageContaining("join again")
                .message()
                .doesNotContain("there");
    }
}
