package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.testing.Kinds;
import org.junit.jupiter.api.Test;

class ImportFindingTest {

    @Test
    void theKindsOfFindingsAreUniqueAndInKebabCase() {
        assertThat(Kinds.of(ImportFinding.Reason.class).values())
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allMatch(kind -> kind.matches("[a-z0-9]+(-[a-z0-9]+)*"));
    }
}
