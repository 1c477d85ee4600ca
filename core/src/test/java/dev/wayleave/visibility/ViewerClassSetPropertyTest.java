package dev.wayleave.visibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Sets of standings against plain sets, with whole words empty between numbers, before them and after them. */
class ViewerClassSetPropertyTest {

    private static final int WORDS = 12;

    private static long[] bits(Set<Integer> standings) {
        long[] bits = new long[WORDS];
        standings.forEach(standing -> bits[standing / Long.SIZE] |= 1L << standing % Long.SIZE);
        return bits;
    }

    private static ViewerClassSet built(SortedSet<Integer> standings) {
        ViewerClassSet.Builder builder = new ViewerClassSet.Builder();
        standings.forEach(builder::add);
        return builder.build();
    }

    @Property
    void holdsWhatWasPutIn(@ForAll("standings") SortedSet<Integer> standings) {
        ViewerClassSet set = ViewerClassSet.of(bits(standings));
        List<Integer> handed = new ArrayList<>();
        set.forEach(handed::add);
        assertThat(handed).containsExactlyElementsOf(standings);
        assertThat(set.isEmpty()).isEqualTo(standings.isEmpty());
        for (int standing = 0; standing < WORDS * Long.SIZE; standing++) {
            assertThat(set.contains(standing)).as("%s", standing).isEqualTo(standings.contains(standing));
        }
    }

    @Property
    void isTheSameBuiltOneByOne(
            @ForAll("standings") SortedSet<Integer> standings, @ForAll("standings") SortedSet<Integer> others) {
        ViewerClassSet set = ViewerClassSet.of(bits(standings));
        assertThat(built(standings)).isEqualTo(set).hasSameHashCodeAs(set);
        assertThat(built(others).equals(set)).isEqualTo(others.equals(standings));
    }

    @Property
    void addsItselfToBits(
            @ForAll("standings") SortedSet<Integer> standings, @ForAll("standings") SortedSet<Integer> others) {
        long[] bits = bits(others);
        ViewerClassSet.of(bits(standings)).orInto(bits);
        TreeSet<Integer> either = new TreeSet<>(standings);
        either.addAll(others);
        assertThat(bits).isEqualTo(bits(either));
    }

    @Provide
    Arbitrary<SortedSet<Integer>> standings() {
        // Few numbers in few words, so that two sets often share some.
        Arbitrary<Integer> word = Arbitraries.of(0, 1, 5, WORDS - 1);
        Arbitrary<Integer> bit = Arbitraries.of(0, 6, 31, Long.SIZE - 1);
        return Combinators.combine(word, bit)
                .as((at, place) -> at * Long.SIZE + place)
                .set()
                .ofMaxSize(8)
                .map(TreeSet::new);
    }
}
