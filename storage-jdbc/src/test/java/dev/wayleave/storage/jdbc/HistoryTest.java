package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.storage.jdbc.History.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checker of histories finds exactly the faults that are planted. */
class HistoryTest {

    private static Operation write(long begun, long ended, long revision) {
        return new Operation("one", true, true, begun, ended, revision, null);
    }

    private static Operation read(long begun, long ended, long revision) {
        return read(begun, ended, revision, null);
    }

    private static Operation read(long begun, long ended, long revision, @Nullable String rows) {
        return new Operation("two", false, false, begun, ended, revision, rows);
    }

    @Test
    void concurrentOperationsMayComeInEitherOrder() {
        assertThat(History.contradictions(List.of(write(0, 10, 2), write(5, 15, 1), read(3, 8, 0), read(12, 20, 2))))
                .isEmpty();
    }

    @Test
    void aReadOfAnOldRevisionAfterTheAnswerOfANewerOneIsFound() {
        assertThat(History.contradictions(List.of(write(0, 10, 2), read(11, 12, 1))))
                .hasSize(1);
        assertThat(History.contradictions(List.of(read(0, 10, 2), read(11, 12, 1))))
                .hasSize(1);
        assertThat(History.contradictions(List.of(write(0, 10, 2), read(11, 12, 2))))
                .isEmpty();
    }

    @Test
    void aWriteThatIsAnsweredWithARevisionThatWasThereBeforeItBeganIsFound() {
        assertThat(History.contradictions(List.of(write(0, 10, 2), write(11, 12, 2))))
                .hasSize(1);
        assertThat(History.contradictions(List.of(read(0, 10, 2), write(11, 12, 2))))
                .hasSize(1);
        assertThat(History.contradictions(List.of(write(0, 10, 2), write(11, 12, 1))))
                .hasSize(1);
    }

    // ---- contents

    @Test
    void readsOfOneRevisionThatShowTheSameRowsPass() {
        assertThat(History.contradictions(
                        List.of(read(0, 10, 1, "a"), write(11, 12, 2), read(13, 14, 2, "b"), Operation.ofLoad(2, "b"))))
                .isEmpty();
    }

    @Test
    void twoProcessesThatShowDifferentRowsOfOneRevisionAreFound() {
        assertThat(History.contradictions(List.of(read(0, 10, 2, "b"), read(5, 15, 2, "c"))))
                .hasSize(1);
    }

    @Test
    void aReadThatShowsOtherRowsThanAreStoredIsFound() {
        assertThat(History.contradictions(List.of(Operation.ofLoad(2, "b"), read(5, 15, 2, "c"))))
                .hasSize(1);
    }

    @Test
    void aReadOfTheRowsOfTheRevisionBeforeIsFoundAlsoIfNoOtherShowsItsOwn() {
        assertThat(History.contradictions(List.of(read(0, 10, 1, "a"), write(11, 12, 2), read(13, 14, 2, "a"))))
                .hasSize(1);
    }

    @Test
    void aRevisionWithoutAChangeOfARowShowsTheRowsOfTheOneBefore() {
        Operation confirmed = new Operation("one", true, false, 11, 12, 2, null);
        assertThat(History.contradictions(List.of(read(0, 10, 1, "a"), confirmed, read(13, 14, 2, "a"))))
                .isEmpty();
    }

    @Test
    void rowsThatWereLoadedSayNothingAboutTheOrder() {
        assertThat(History.contradictions(List.of(write(0, 10, 2), Operation.ofLoad(1, "a"), write(11, 12, 3))))
                .isEmpty();
    }

    /** A single copy, whose operations take effect at a moment between question and answer; then one is moved. */
    @Test
    void everyHistoryOfASingleCopyPassesAndOneWithAnOldAnswerDoesNot() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            List<Operation> operations = new ArrayList<>();
            long revision = 0;
            for (int moment = 100; moment < 3_000; moment += 100) {
                boolean isWrite = random.nextBoolean();
                revision += isWrite ? 1 : 0;
                operations.add(new Operation(
                        "p",
                        isWrite,
                        isWrite,
                        moment - random.nextInt(400),
                        moment + random.nextInt(400),
                        revision,
                        "rows of " + revision));
            }
            assertThat(History.contradictions(operations)).isEmpty();

            List<Operation> late = new ArrayList<>(operations);
            late.add(read(10_000, 10_001, random.nextInt((int) revision)));
            assertThat(History.contradictions(late)).isNotEmpty();

            long other = random.nextInt((int) revision);
            operations.add(read(10_000, 10_001, revision, "rows of " + other));
            assertThat(History.contradictions(operations)).isNotEmpty();
        }
    }
}
