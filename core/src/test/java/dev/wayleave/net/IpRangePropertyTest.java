package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class IpRangePropertyTest {

    @Property
    void itsTextReadsBack(@ForAll("ranges") IpRange range) {
        assertThat(IpRange.parse(range.toString())).isEqualTo(range);
        assertThat(IpRange.parse(range.first() + "-" + range.last())).isEqualTo(range);
    }

    @Property
    void aRangeIsABlockExactlyIfThatBlockHasItsEnds(@ForAll("ranges") IpRange range) {
        assertThat(range.toPrefix().map(IpRange::of).filter(range::equals).isPresent())
                .isEqualTo(range.toPrefixes().size() == 1);
    }

    @Property
    void theRangeOfABlockIsThatBlock(@ForAll("prefixes") Prefix prefix) {
        assertThat(IpRange.of(prefix).toPrefix()).contains(prefix);
    }

    @Property
    void aRangeIsMadeOfTheFewestBlocks(@ForAll("ranges") IpRange range) {
        assertThat(range.toPrefixes()).isEqualTo(NaiveAddressSet.of(range).prefixes());
    }

    @Property
    void aRangeContainsAndOverlapsAsItsEndsSay(@ForAll("ranges") IpRange one, @ForAll("ranges") IpRange other) {
        assertThat(one.contains(other)).isEqualTo(one.contains(other.first()) && one.contains(other.last()));
        assertThat(one.overlaps(other))
                .isEqualTo(one.contains(other.first()) || other.contains(one.first()))
                .isEqualTo(other.overlaps(one));
    }

    @Property
    void rangesAreOrderedAsPrefixesAre(@ForAll("prefixes") Prefix one, @ForAll("prefixes") Prefix other) {
        assertThat(Integer.signum(IpRange.of(one).compareTo(IpRange.of(other))))
                .isEqualTo(Integer.signum(one.compareTo(other)));
    }

    @Property
    void aRangeEqualsExactlyThoseRangesThatCompareEqual(
            @ForAll("ranges") IpRange one, @ForAll("ranges") IpRange other) {
        assertThat(one.equals(other)).isEqualTo(one.compareTo(other) == 0);
        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
    }

    @Provide
    Arbitrary<IpRange> ranges() {
        return NetArbitraries.ranges();
    }

    @Provide
    Arbitrary<Prefix> prefixes() {
        return NetArbitraries.prefixes();
    }
}
