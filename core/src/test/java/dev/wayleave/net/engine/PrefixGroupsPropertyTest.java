package dev.wayleave.net.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.net.NetArbitraries;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Prefixes grouped by their bytes against a tree that compares them. */
class PrefixGroupsPropertyTest {

    @Property
    void groupsAreThoseOfATree(@ForAll("lists") List<Prefix> prefixes) {
        TreeMap<Prefix, List<Integer>> tree = new TreeMap<>();
        for (int place = 0; place < prefixes.size(); place++) {
            tree.computeIfAbsent(prefixes.get(place), prefix -> new ArrayList<>())
                    .add(place);
        }

        PrefixGroups groups = PrefixGroups.of(prefixes);

        List<Prefix> distinct = new ArrayList<>();
        List<List<Integer>> places = new ArrayList<>();
        for (int group = 0; group < groups.count(); group++) {
            distinct.add(groups.prefix(group));
            places.add(placesOf(groups, group));
        }
        assertThat(distinct).containsExactlyElementsOf(tree.keySet());
        assertThat(places).containsExactlyElementsOf(tree.values());
    }

    @Property
    void everyPlaceIsInTheGroupOfItsPrefix(@ForAll("lists") List<Prefix> prefixes) {
        PrefixGroups groups = PrefixGroups.of(prefixes);

        for (int place = 0; place < prefixes.size(); place++) {
            int group = groups.groupOf(place);
            assertThat(groups.prefix(group)).isEqualTo(prefixes.get(place));
            assertThat(placesOf(groups, group)).contains(place);
            assertThat(groups.prefix(group)).isSameAs(prefixes.get(groups.place(group, 0)));
        }
    }

    private static List<Integer> placesOf(PrefixGroups groups, int group) {
        List<Integer> places = new ArrayList<>();
        for (int index = 0; index < groups.size(group); index++) {
            places.add(groups.place(group, index));
        }
        return places;
    }

    /** Of one family or both, with many equal ones; from none to more than a byte can number. */
    @Provide
    Arbitrary<List<Prefix>> lists() {
        Arbitrary<Prefix> both = NetArbitraries.prefixes();
        return Arbitraries.oneOf(
                both.list().ofMaxSize(20),
                both.list().ofMinSize(200).ofMaxSize(400),
                NetArbitraries.prefixes(false).list().ofMaxSize(100),
                NetArbitraries.prefixes(true).list().ofMaxSize(100));
    }
}
