package dev.wayleave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Lists in their order against the collections that sort. */
class SortedListsPropertyTest {

    @Property(tries = 200)
    void aSetIsThatOfTheSameElements(@ForAll Set<@IntRange(max = 40) Integer> numbers) {
        ImmutableSortedSet<Integer> sorted = ImmutableSortedSet.copyOf(numbers);

        ImmutableSortedSet<Integer> set = SortedLists.set(new ArrayList<>(sorted));

        assertThat(set).containsExactlyElementsOf(sorted);
        assertThat(set.comparator()).isEqualTo(sorted.comparator());
        assertThat(ImmutableSortedSet.copyOf(set)).isSameAs(set);
        for (int number = -1; number <= 41; number++) {
            assertThat(set.contains(number)).isEqualTo(numbers.contains(number));
        }
    }

    @Property
    void aUnionIsThatOfATree(
            @ForAll Set<@IntRange(max = 40) Integer> one, @ForAll Set<@IntRange(max = 40) Integer> other) {
        TreeSet<Integer> tree = new TreeSet<>(one);
        tree.addAll(other);

        assertThat(SortedLists.union(List.copyOf(new TreeSet<>(one)), List.copyOf(new TreeSet<>(other))))
                .containsExactlyElementsOf(tree);
    }

    @Property
    void theValuesOfOneListAloneAreTheUnionWithoutThoseOfBoth(
            @ForAll Set<@IntRange(max = 40) Integer> one, @ForAll Set<@IntRange(max = 40) Integer> other) {
        TreeSet<Integer> tree = new TreeSet<>(Sets.symmetricDifference(one, other));

        assertThat(SortedLists.exclusive(List.copyOf(new TreeSet<>(one)), List.copyOf(new TreeSet<>(other))))
                .containsExactlyElementsOf(tree);
    }
}
