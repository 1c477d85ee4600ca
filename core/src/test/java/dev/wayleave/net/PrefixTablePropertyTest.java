package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PrefixTablePropertyTest {

    /** Both twins after the same steps. */
    record Twins(PrefixTable<Integer> fast, NaivePrefixTable<Integer> slow, List<Prefix> used) {}

    @Property
    void aTableAnswersAsAListDoes(@ForAll("twins") Twins twins, @ForAll("prefixes") Prefix prefix) {
        assertSameAnswers(twins, prefix);
    }

    @Property(tries = 300)
    void aTableAnswersAsAListDoesForItsOwnPrefixesAndTheirNeighbours(@ForAll("twins") Twins twins) {
        for (Prefix prefix : twins.used) {
            assertSameAnswers(twins, prefix);
            assertSameAnswers(twins, Prefix.truncating(prefix.first(), Math.max(0, prefix.length() - 1)));
            assertSameAnswers(twins, prefix.last().toPrefix());
        }
    }

    private static void assertSameAnswers(Twins twins, Prefix prefix) {
        assertThat(twins.fast.get(prefix)).isEqualTo(twins.slow.get(prefix));
        assertThat(twins.fast.containsKey(prefix))
                .isEqualTo(twins.slow.get(prefix).isPresent());
        assertThat(twins.fast.longestMatch(prefix)).isEqualTo(twins.slow.longestMatch(prefix));
        assertThat(twins.fast.covering(prefix)).isEqualTo(twins.slow.covering(prefix));
        assertThat(twins.fast.coveredBy(prefix)).isEqualTo(twins.slow.coveredBy(prefix));
        assertThat(twins.fast.overlapping(prefix)).isEqualTo(twins.slow.overlapping(prefix));
        List<Integer> handedOut = new ArrayList<>();
        twins.fast.forEachOverlapping(prefix, handedOut::add);
        assertThat(handedOut)
                .containsExactlyInAnyOrderElementsOf(twins.slow.overlapping(prefix).stream()
                        .map(PrefixTable.Entry::value)
                        .toList());
        assertThat(twins.fast.overlaps(prefix))
                .isEqualTo(!twins.slow.overlapping(prefix).isEmpty());
        for (IpAddress address : List.of(prefix.first(), prefix.last())) {
            assertThat(twins.fast.longestMatch(address)).isEqualTo(twins.slow.longestMatch(address));
            assertThat(twins.fast.covering(address)).isEqualTo(twins.slow.covering(address));
        }
    }

    @Property
    void aTableHoldsTheEntriesThatItsStepsLeft(@ForAll("twins") Twins twins) {
        assertThat(twins.fast.entries()).isEqualTo(twins.slow.entries());
        assertThat(twins.fast.size()).isEqualTo(twins.slow.entries().size());
        assertThat(twins.fast.isEmpty()).isEqualTo(twins.slow.entries().isEmpty());
    }

    @Property
    void aTableIsTheSameHoweverItWasMade(@ForAll("twins") Twins twins, @ForAll Random random) {
        List<PrefixTable.Entry<Integer>> entries = new ArrayList<>(twins.slow.entries());
        Collections.shuffle(entries, random);
        PrefixTable.Builder<Integer> builder = PrefixTable.builder();
        entries.forEach(entry -> builder.put(entry.prefix(), -1));
        entries.forEach(entry -> builder.put(entry.prefix(), entry.value()));
        assertThat(builder.build()).isEqualTo(twins.fast).hasSameHashCodeAs(twins.fast);
        assertThat(twins.fast.toBuilder().build()).isEqualTo(twins.fast);
        assertThat(builder.build()).hasToString(twins.fast.toString());
    }

    @Property
    void aTableStaysAsItWasWhenAnotherIsMadeFromIt(@ForAll("twins") Twins twins, @ForAll("prefixes") Prefix prefix) {
        List<PrefixTable.Entry<Integer>> before = List.copyOf(twins.fast.entries());
        assertThat(twins.fast.with(prefix, -1).without(prefix)).isEqualTo(twins.fast.without(prefix));
        assertThat(twins.fast.entries()).isEqualTo(before);
    }

    @Provide
    Arbitrary<Prefix> prefixes() {
        return NetArbitraries.prefixes();
    }

    @Provide
    Arbitrary<Twins> twins() {
        Arbitrary<List<Prefix>> puts = NetArbitraries.prefixes().list().ofMaxSize(40);
        Arbitrary<Integer> removals = Arbitraries.integers().between(0, 5);
        return Combinators.combine(puts, removals).as((prefixes, removed) -> {
            PrefixTable<Integer> fast = PrefixTable.empty();
            NaivePrefixTable<Integer> slow = new NaivePrefixTable<>();
            for (int i = 0; i < prefixes.size(); i++) {
                fast = fast.with(prefixes.get(i), i);
                slow = slow.with(prefixes.get(i), i);
            }
            for (Prefix prefix : prefixes.subList(0, Math.min(removed, prefixes.size()))) {
                fast = fast.without(prefix);
                slow = slow.without(prefix);
            }
            return new Twins(fast, slow, prefixes);
        });
    }
}
