package dev.wayleave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.pcollections.TreePMap;

/** Lists in their order against a tree. */
class SortedPairsPropertyTest {

    @Property(tries = 200)
    void sortedPairsAreTheMapOfATree(@ForAll Set<Integer> numbers) {
        SortedMap<Integer, String> tree = new TreeMap<>();
        numbers.forEach(number -> tree.put(number, "of " + number));
        List<Integer> keys = new ArrayList<>(tree.keySet());
        List<String> values = new ArrayList<>(tree.values());

        for (SortedMap<Integer, String> pairs : List.of(
                SortedPairs.of(keys, values),
                SortedPairs.of(values, text -> Integer.valueOf(text.substring("of ".length()))))) {
            assertThat(List.copyOf(pairs.entrySet())).isEqualTo(List.copyOf(tree.entrySet()));
            assertThat(pairs.entrySet().size()).isEqualTo(tree.size());
            assertThat(TreePMap.fromSortedMap(pairs)).isEqualTo(tree);
            if (!numbers.isEmpty()) {
                assertThat(pairs.firstKey()).isEqualTo(tree.firstKey());
                assertThat(pairs.lastKey()).isEqualTo(tree.lastKey());
            }
        }
    }
}
