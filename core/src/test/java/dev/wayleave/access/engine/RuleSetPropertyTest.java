package dev.wayleave.access.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.internal.BitArrays;
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

/** Sets of rules against plain sets, with whole words empty between numbers, before them and after them. */
class RuleSetPropertyTest {

    private static final int WORDS = 12;

    private static long[] bits(Set<Integer> rules) {
        long[] bits = new long[WORDS];
        rules.forEach(rule -> BitArrays.set(bits, rule));
        return bits;
    }

    private static SortedSet<Integer> rules(long[] bits) {
        TreeSet<Integer> rules = new TreeSet<>();
        for (int rule = 0; rule < bits.length * Long.SIZE; rule++) {
            if (BitArrays.contains(bits, rule)) {
                rules.add(rule);
            }
        }
        return rules;
    }

    private static Set<Integer> both(Set<Integer> one, Set<Integer> other) {
        TreeSet<Integer> both = new TreeSet<>(one);
        both.retainAll(other);
        return both;
    }

    private static Set<Integer> either(Set<Integer> one, Set<Integer> other) {
        TreeSet<Integer> either = new TreeSet<>(one);
        either.addAll(other);
        return either;
    }

    @Property
    void aSetHoldsTheRulesThatWerePutIn(@ForAll("rules") SortedSet<Integer> rules) {
        RuleSet set = RuleSet.of(bits(rules));
        List<Integer> handed = new ArrayList<>();
        set.forEach(handed::add);
        assertThat(handed).containsExactlyElementsOf(rules);
        assertThat(set.isEmpty()).isEqualTo(rules.isEmpty());
        for (int rule = 0; rule < WORDS * Long.SIZE; rule++) {
            assertThat(set.contains(rule)).as("%s", rule).isEqualTo(rules.contains(rule));
        }
        assertThat(set).hasToString(rules.toString().replace('[', '{').replace(']', '}'));
    }

    @Property
    void unionHasTheRulesOfBothSets(
            @ForAll("rules") SortedSet<Integer> one, @ForAll("rules") SortedSet<Integer> other) {
        assertThat(RuleSet.of(bits(one)).union(RuleSet.of(bits(other))))
                .isEqualTo(RuleSet.of(bits(either(one, other))));
    }

    @Property
    void unionWithSomeOfTheSameRulesIsTheSetItself(
            @ForAll("rules") SortedSet<Integer> one, @ForAll("rules") SortedSet<Integer> other) {
        RuleSet set = RuleSet.of(bits(one));
        assertThat(set.union(RuleSet.of(bits(both(one, other))))).isSameAs(set);
    }

    @Property
    void aSetAddsItselfToBits(@ForAll("rules") SortedSet<Integer> rules, @ForAll("rules") SortedSet<Integer> others) {
        long[] bits = bits(others);
        RuleSet.of(bits(rules)).orInto(bits);
        assertThat(rules(bits)).isEqualTo(either(rules, others));
    }

    @Property
    void aSetAddsToBitsTheRulesThatAMaskAllowsHoweverShortTheMask(
            @ForAll("rules") SortedSet<Integer> rules,
            @ForAll("rules") SortedSet<Integer> others,
            @ForAll("short") long[] mask) {
        long[] bits = bits(others);
        RuleSet.of(bits(rules)).orBothInto(bits, mask);
        assertThat(rules(bits)).isEqualTo(either(others, both(rules, rules(mask))));
    }

    @Property
    void aSetFindsTheFirstRuleInCommon(
            @ForAll("rules") SortedSet<Integer> rules, @ForAll("rules") SortedSet<Integer> others) {
        RuleSet one = RuleSet.of(bits(rules));
        RuleSet other = RuleSet.of(bits(others));
        Set<Integer> both = both(rules, others);
        int first = both.stream().findFirst().orElse(-1);
        assertThat(one.firstCommon(other)).isEqualTo(first);
        assertThat(one.meets(other)).isEqualTo(!both.isEmpty());
    }

    @Property
    void aSetIsEqualToASetOfTheSameRulesAlone(
            @ForAll("rules") SortedSet<Integer> rules, @ForAll("rules") SortedSet<Integer> others) {
        RuleSet one = RuleSet.of(bits(rules));
        RuleSet other = RuleSet.of(bits(others));
        assertThat(one.equals(other)).isEqualTo(rules.equals(others));
        long[] longer = new long[WORDS + 3];
        one.orInto(longer);
        assertThat(RuleSet.of(longer)).isEqualTo(one).hasSameHashCodeAs(one);
    }

    @Property
    void masksAddAndMeetLikeSets(
            @ForAll("rules") SortedSet<Integer> rules,
            @ForAll("rules") SortedSet<Integer> others,
            @ForAll("short") long[] mask) {
        long[] bits = bits(rules);
        BitArrays.add(bits, mask);
        assertThat(rules(bits)).isEqualTo(either(rules, rules(mask)));
        long[] met = bits(rules);
        BitArrays.addCommon(met, bits(others), mask);
        assertThat(rules(met)).isEqualTo(either(rules, both(others, rules(mask))));
    }

    @Provide("rules")
    Arbitrary<SortedSet<Integer>> sets() {
        // Few numbers in few words, so that two sets often share some.
        Arbitrary<Integer> word = Arbitraries.of(0, 1, 5, WORDS - 1);
        Arbitrary<Integer> bit = Arbitraries.of(0, 6, 31, Long.SIZE - 1);
        return Combinators.combine(word, bit)
                .as((at, place) -> at * Long.SIZE + place)
                .set()
                .ofMaxSize(8)
                .map(TreeSet::new);
    }

    @Provide("short")
    Arbitrary<long[]> masks() {
        return Arbitraries.longs().array(long[].class).ofMaxSize(WORDS);
    }
}
