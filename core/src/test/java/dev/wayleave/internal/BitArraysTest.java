package dev.wayleave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sets of small numbers, of which one may be shorter than another. */
class BitArraysTest {

    private static long[] set(int words, int... numbers) {
        long[] set = new long[words];
        for (int number : numbers) {
            BitArrays.set(set, number);
        }
        return set;
    }

    private static List<Integer> numbers(long[] set) {
        List<Integer> numbers = new ArrayList<>();
        BitArrays.forEach(set, numbers::add);
        return numbers;
    }

    @Test
    void theNumbersOfEveryWordAreHandedOutInOrder() {
        assertThat(numbers(set(3, 130, 64, 0, 63))).containsExactly(0, 63, 64, 130);
    }

    @Test
    void aNumberBeyondTheSetIsNotInIt() {
        long[] set = set(1, 63);

        assertThat(BitArrays.contains(set, 63)).isTrue();
        assertThat(BitArrays.contains(set, 62)).isFalse();
        assertThat(BitArrays.contains(set, 64)).isFalse();
    }

    @Test
    void aBitThatAShorterSetLacksIsNotKept() {
        long[] set = set(2, 1, 2, 65);

        BitArrays.keep(set, set(1, 2, 3));

        assertThat(numbers(set)).containsExactly(2);
    }

    @Test
    void theBitsOfAnotherSetAreAddedAsFarAsTheyFit() {
        long[] set = set(2, 1);

        BitArrays.add(set, set(3, 1, 2, 65, 130));
        BitArrays.add(set, set(1, 3));
        BitArrays.add(set, null);

        assertThat(numbers(set)).containsExactly(1, 2, 3, 65);
    }

    @Test
    void theBitsOfAnotherSetAreRemoved() {
        long[] set = set(2, 1, 2, 65);

        BitArrays.remove(set, set(1, 2, 3));

        assertThat(numbers(set)).containsExactly(1, 65);
    }

    @Test
    void theCommonBitsOfTwoOtherSetsAreAddedAndRemoved() {
        long[] set = set(2, 5);

        BitArrays.addCommon(set, set(2, 1, 2, 65), set(3, 2, 65, 130));
        assertThat(numbers(set)).containsExactly(2, 5, 65);

        BitArrays.removeCommon(set, set(1, 2, 5), set(2, 2, 65));
        assertThat(numbers(set)).containsExactly(5, 65);
    }

    @Test
    void aLongerSetIsEqualIfTheRestOfItIsEmpty() {
        assertThat(BitArrays.areEqual(set(1, 3), set(2, 3))).isTrue();
        assertThat(BitArrays.areEqual(set(2, 3), set(1, 3))).isTrue();
        assertThat(BitArrays.areEqual(set(2, 3, 64), set(1, 3))).isFalse();
        assertThat(BitArrays.areEqual(null, set(1))).isTrue();
        assertThat(BitArrays.areEqual(set(1, 0), null)).isFalse();
    }
}
