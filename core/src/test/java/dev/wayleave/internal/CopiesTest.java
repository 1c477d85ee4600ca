package dev.wayleave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CopiesTest {

    @Test
    void nullIsRefusedByTheNameOfTheParameter() {
        assertThatNullPointerException()
                .isThrownBy(() -> Copies.list((List<String>) null, "tags"))
                .withMessage("tags");
        assertThatNullPointerException()
                .isThrownBy(() -> Copies.sortedSet(Arrays.asList("a", null), "tags"))
                .withMessage("tags must not hold null");
        assertThatNullPointerException()
                .isThrownBy(() -> Copies.sortedMap(Collections.singletonMap("a", null), "tags"))
                .withMessage("tags must not hold null");
        assertThatNullPointerException()
                .isThrownBy(() -> Copies.sortedMapOfLists(
                        Collections.singletonMap("a", Collections.<String>singletonList(null)), "tags"))
                .withMessage("tags must not hold null");
    }

    @Test
    void nullInAnArrayAListOfLinksOrAsAKeyIsRefusedByTheSameName() {
        assertThatNullPointerException()
                .isThrownBy(() -> Copies.list(new String[] {"a", null}, "tags"))
                .withMessage("tags must not hold null");
        assertThatNullPointerException()
                .isThrownBy(() -> Copies.list(new LinkedList<>(Arrays.asList("a", null)), "tags"))
                .withMessage("tags must not hold null");
        assertThatNullPointerException()
                .isThrownBy(() -> Copies.sortedMap(Collections.<String, String>singletonMap(null, "a"), "tags"))
                .withMessage("tags must not hold null");
    }

    @Test
    void anImmutableValueIsNotCopied() {
        ImmutableList<String> list = ImmutableList.of("a");
        SortedMap<String, List<String>> map = ImmutableSortedMap.of("a", list);
        assertThat(Copies.list(list, "list")).isSameAs(list);
        assertThat(Copies.sortedMapOfLists(map, "map")).isSameAs(map);
    }

    @Test
    void aLaterChangeOfTheCallersCollectionChangesNoCopy() {
        List<String> inner = new ArrayList<>(List.of("a"));
        SortedMap<String, List<String>> map = new TreeMap<>(Collections.singletonMap("key", inner));
        SortedMap<String, List<String>> copy = Copies.sortedMapOfLists(map, "map");
        inner.add("b");
        map.clear();
        assertThat(copy).isEqualTo(Collections.singletonMap("key", List.of("a")));
    }
}
