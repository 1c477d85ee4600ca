package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.storage.jdbc.History.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The checker of histories finds exactly the faults that are planted. */
class HistoryTest {

    private static Operation write(long begun, long ended, long revision) {
        return new Operation("one", true, begun, ended, revision);
    }

    private static Operation read(long begun, long ended, long revision) {
        return new Operation("two", false, begun, ended, revision);
    }

    @Test
    void whatHappensAtTheSameTimeMayComeInEitherOrder() {
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
                        "p", isWrite, moment - random.nextInt(400), moment + random.nextInt(400), revision));
            }
            assertThat(History.contradictions(operations)).isEmpty();

            operations.add(read(10_000, 10_001, random.nextInt((int) revision)));
            assertThat(History.contradictions(operations)).isNotEmpty();
        }
    }
}
