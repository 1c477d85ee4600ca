package dev.wayleave.visibility.engine;

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

/** Sets of viewer classes against plain sets, with whole words empty between numbers, before them and after them. */
class ViewerClassSetPropertyTest {

    private static final int WORDS = 12;

    private static long[] bits(Set<Integer> classes) {
        long[] bits = new long[WORDS];
        classes.forEach(viewerClass -> bits[viewerClass / Long.SIZE] |= 1L << viewerClass % Long.SIZE);
        return bits;
    }

    private static ViewerClassSet built(SortedSet<Integer> classes) {
        ViewerClassSet.Builder builder = new ViewerClassSet.Builder();
        classes.forEach(builder::add);
        return builder.build();
    }

    @Property
    void holdsWhatWasPutIn(@ForAll("classes") SortedSet<Integer> classes) {
        ViewerClassSet set = ViewerClassSet.of(bits(classes));
        List<Integer> handed = new ArrayList<>();
        set.forEach(handed::add);
        assertThat(handed).containsExactlyElementsOf(classes);
        assertThat(set.isEmpty()).isEqualTo(classes.isEmpty());
        for (int viewerClass = 0; viewerClass < WORDS * Long.SIZE; viewerClass++) {
            assertThat(set.contains(viewerClass)).as("%s", viewerClass).isEqualTo(classes.contains(viewerClass));
        }
    }

    @Property
    void isTheSameBuiltOneByOne(
            @ForAll("classes") SortedSet<Integer> classes, @ForAll("classes") SortedSet<Integer> others) {
        ViewerClassSet set = ViewerClassSet.of(bits(classes));
        assertThat(built(classes)).isEqualTo(set).hasSameHashCodeAs(set);
        assertThat(built(others).equals(set)).isEqualTo(others.equals(classes));
    }

    @Property
    void addsItselfToBits(@ForAll("classes") SortedSet<Integer> classes, @ForAll("classes") SortedSet<Integer> others) {
        long[] bits = bits(others);
        ViewerClassSet.of(bits(classes)).orInto(bits);
        TreeSet<Integer> either = new TreeSet<>(classes);
        either.addAll(others);
        assertThat(bits).isEqualTo(bits(either));
    }

    @Provide
    Arbitrary<SortedSet<Integer>> classes() {
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
