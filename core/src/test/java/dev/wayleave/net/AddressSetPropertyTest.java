package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AddressSetPropertyTest {

    private static NaiveAddressSet naive(List<IpRange> ranges) {
        return NaiveAddressSet.of(ranges.toArray(IpRange[]::new));
    }

    private static BigInteger size(AddressSet set) {
        return set.ranges().stream()
                .map(range -> new BigInteger(1, range.last().toBytes())
                        .subtract(new BigInteger(1, range.first().toBytes()))
                        .add(BigInteger.ONE))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static void assertSame(AddressSet fast, NaiveAddressSet slow) {
        for (IpAddress probe : slow.probes()) {
            assertThat(fast.contains(probe))
                    .as("%s in %s", probe, fast)
                    .isEqualTo(slow.contains().test(probe));
        }
        assertNormal(fast);
    }

    private static void assertNormal(AddressSet set) {
        for (int i = 1; i < set.ranges().size(); i++) {
            IpRange before = set.ranges().get(i - 1);
            IpRange range = set.ranges().get(i);
            assertThat(before.last()).isLessThan(range.first());
            assertThat(before.isIpv6() == range.isIpv6()
                            && NaiveAddressSet.moved(before.last(), 1).equals(range.first()))
                    .as("%s touches %s", before, range)
                    .isFalse();
        }
    }

    @Property
    void aSetHoldsTheAddressesOfItsRanges(@ForAll("rangeLists") List<IpRange> ranges) {
        assertSame(AddressSet.ofRanges(ranges), naive(ranges));
    }

    @Property
    void aSetAddsTakesAwayAndIntersectsAsPredicatesDo(
            @ForAll("rangeLists") List<IpRange> one, @ForAll("rangeLists") List<IpRange> other) {
        AddressSet fast = AddressSet.ofRanges(one);
        AddressSet fastOther = AddressSet.ofRanges(other);
        assertSame(fast.union(fastOther), naive(one).union(naive(other)));
        assertSame(fast.subtract(fastOther), naive(one).subtract(naive(other)));
        assertSame(fast.intersect(fastOther), naive(one).intersect(naive(other)));
    }

    @Property
    void countsComeOutEven(@ForAll("sets") AddressSet one, @ForAll("sets") AddressSet other) {
        AddressSet common = one.intersect(other);
        assertThat(size(one.union(other)).add(size(common))).isEqualTo(size(one).add(size(other)));
        assertThat(size(one.subtract(other)).add(size(common))).isEqualTo(size(one));
    }

    @Property(tries = 400)
    void equalSetsAreEqualHoweverTheyWereMade(@ForAll("sets") AddressSet one, @ForAll("sets") AddressSet other) {
        AddressSet rebuilt = one.subtract(other).union(one.intersect(other));
        assertThat(rebuilt).isEqualTo(one).hasSameHashCodeAs(one).hasToString(one.toString());
        assertThat(AddressSet.ofPrefixes(one.prefixes())).isEqualTo(one);
        assertThat(one.union(other)).isEqualTo(other.union(one));
    }

    @Property
    void theOrderOfItsRangesMeansNothing(@ForAll("rangeLists") List<IpRange> ranges, @ForAll Random random) {
        List<IpRange> shuffled = new ArrayList<>(ranges);
        Collections.shuffle(shuffled, random);
        assertThat(AddressSet.ofRanges(shuffled)).isEqualTo(AddressSet.ofRanges(ranges));
    }

    @Property(tries = 400)
    void itsPrefixesAreTheFewest(@ForAll("rangeLists") List<IpRange> ranges) {
        assertThat(AddressSet.ofRanges(ranges).prefixes())
                .isEqualTo(naive(ranges).prefixes())
                .isSorted();
    }

    @Property
    void aSetContainsAndOverlapsBlocksAsTheAlgebraSays(
            @ForAll("sets") AddressSet set, @ForAll("prefixes") Prefix prefix) {
        AddressSet block = AddressSet.of(prefix);
        assertThat(set.contains(prefix))
                .isEqualTo(block.subtract(set).isEmpty())
                .isEqualTo(set.contains(block));
        assertThat(set.overlaps(prefix))
                .isEqualTo(!set.intersect(block).isEmpty())
                .isEqualTo(set.overlaps(block));
    }

    @Property
    void aSetContainsAndOverlapsSetsAsTheAlgebraSays(@ForAll("sets") AddressSet one, @ForAll("sets") AddressSet other) {
        assertThat(one.contains(other)).isEqualTo(size(other.intersect(one)).equals(size(other)));
        assertThat(one.overlaps(other)).isEqualTo(size(other.intersect(one)).signum() > 0);
        assertThat(one.contains(one.intersect(other))).isTrue();
        assertThat(one.union(other).contains(one)).isTrue();
        assertThat(one.subtract(other).overlaps(other)).isFalse();
    }

    @Property
    void everythingIsTheUnionOfASetAndTheRest(@ForAll("sets") AddressSet set) {
        AddressSet rest = KnownRanges.EVERYTHING.subtract(set);
        assertThat(rest.union(set)).isEqualTo(KnownRanges.EVERYTHING);
        assertThat(Stream.of(rest.intersect(set), set.subtract(KnownRanges.EVERYTHING)))
                .allMatch(AddressSet::isEmpty);
    }

    @Provide
    Arbitrary<List<IpRange>> rangeLists() {
        return NetArbitraries.ranges().list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<AddressSet> sets() {
        return NetArbitraries.addressSets();
    }

    @Provide
    Arbitrary<Prefix> prefixes() {
        return NetArbitraries.prefixes();
    }
}
