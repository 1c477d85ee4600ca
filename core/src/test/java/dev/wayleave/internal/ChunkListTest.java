package dev.wayleave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** How large the chunks of a version become. */
class ChunkListTest {

    private final ChunkList chunks = new ChunkList(1);

    private static Object[] values(int count) {
        return Collections.nCopies(count, "value").toArray();
    }

    private int[] sizes() {
        return Arrays.stream(chunks.toArray()).mapToInt(chunk -> chunk.length).toArray();
    }

    @Test
    void aFewValuesJoinTheChunkBeforeThemIfBothFitIntoOne() {
        chunks.add(values(65));
        chunks.join(values(31));

        assertThat(sizes()).containsExactly(96);
    }

    @Test
    void valuesThatJoinAChunkComeAfterItsOwn() {
        chunks.add(new Object[] {1, 2});
        chunks.join(new Object[] {3});

        assertThat(chunks.toArray()).isDeepEqualTo(new Object[][] {{1, 2, 3}});
    }

    @Test
    void aFewValuesThatDoNotFitAreAChunkOfTheirOwn() {
        chunks.add(values(66));
        chunks.join(values(31));

        assertThat(sizes()).containsExactly(66, 31);
    }

    @Test
    void theFirstValuesAreAChunkHoweverFewTheyAre() {
        chunks.join(values(1));

        assertThat(sizes()).containsExactly(1);
    }

    @Test
    void moreValuesAreAChunkOfTheirOwnThoughBothWouldFit() {
        chunks.add(values(10));
        chunks.join(values(32));

        assertThat(sizes()).containsExactly(10, 32);
    }

    @Test
    void valuesAreSplitOnlyIfAChunkCannotHoldThem() {
        chunks.join(values(128));
        chunks.join(values(129));

        assertThat(sizes()).containsExactly(128, 64, 65);
    }

    @Test
    void noValuesAreNoChunk() {
        chunks.join(values(0));
        assertThat(sizes()).isEmpty();

        chunks.add(values(128));
        chunks.join(values(0));
        assertThat(sizes()).containsExactly(128);
    }
}
