package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BitsPropertyTest {

    private static final BigInteger ALL_ONES = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private static BigInteger number(long high, long low) {
        return unsigned(high).shiftLeft(64).or(unsigned(low));
    }

    private static BigInteger unsigned(long half) {
        return new BigInteger(Long.toUnsignedString(half));
    }

    @Property
    void aMaskHasSoManyLeadingOnes(@ForAll @IntRange(min = 0, max = 128) int length) {
        assertThat(number(Bits.highMask(length), Bits.lowMask(length)))
                .isEqualTo(ALL_ONES.shiftLeft(128 - length).and(ALL_ONES));
    }

    @Property
    void bitsAreShiftedAcrossTheHalves(
            @ForAll long high, @ForAll long low, @ForAll @IntRange(min = 1, max = 127) int by) {
        assertThat(number(Bits.shiftedHigh(high, low, by), Bits.shiftedLow(low, by)))
                .isEqualTo(number(high, low).shiftLeft(by).and(ALL_ONES));
    }

    @Property
    void theCommonLengthIsWhereTheFirstDifferenceStands(
            @ForAll long high, @ForAll long low, @ForAll @IntRange(min = 0, max = 128) int bit) {
        BigInteger difference = bit == 128 ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(127 - bit);
        BigInteger other = number(high, low).xor(difference);
        assertThat(Bits.commonLength(high, low, other.shiftRight(64).longValue(), other.longValue()))
                .isEqualTo(bit);
    }
}
