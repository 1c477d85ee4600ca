package dev.wayleave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSortedSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Versions of a sorted collection, against copies of a {@link TreeMap}. */
class SortedChunksPropertyTest {

    /** Values of one key may differ. */
    private record Entry(Integer key, int value) {}

    private record Version(SortedChunks<Integer, Entry> chunks, TreeMap<Integer, Entry> twin) {

        Version next(Random random, int edits, int keys) {
            TreeMap<Integer, Entry> changed = new TreeMap<>();
            TreeMap<Integer, Entry> next = new TreeMap<>(twin);
            for (int i = 0; i < edits; i++) {
                int key = random.nextInt(keys);
                Entry entry = random.nextInt(3) == 0 ? null : new Entry(key, random.nextInt(1_000));
                changed.put(key, entry);
                if (entry == null) {
                    next.remove(key);
                } else {
                    next.put(key, entry);
                }
            }
            return new Version(chunks.with(changed), next);
        }
    }

    private static Version empty() {
        return new Version(SortedChunks.empty(Entry::key), new TreeMap<>());
    }

    private static List<Version> versions(Random random, int count) {
        List<Version> versions = new ArrayList<>(List.of(empty()));
        int keys = 1 + random.nextInt(1_000);
        for (int i = 0; i < count; i++) {
            Version from = random.nextInt(5) == 0
                    ? versions.get(random.nextInt(versions.size()))
                    : versions.get(versions.size() - 1);
            versions.add(from.next(random, random.nextBoolean() ? 1 : random.nextInt(400), keys));
        }
        return versions;
    }

    @Property(tries = 100)
    void everyVersionHasItsValues(@ForAll Random random) {
        for (Version version : versions(random, 30)) {
            assertThat(version.chunks().size()).isEqualTo(version.twin().size());
            assertThat(version.chunks().values().size())
                    .isEqualTo(version.twin().size());
            assertThat(new ArrayList<>(version.chunks().values()))
                    .isEqualTo(new ArrayList<>(version.twin().values()));
            for (int every = -1; every < 1_001; every++) {
                assertThat(version.chunks().get(every)).isSameAs(version.twin().get(every));
            }
            int key = random.nextInt(1_000);
            List<Entry> from = new ArrayList<>();
            version.chunks().from(key).forEachRemaining(from::add);
            assertThat(from)
                    .isEqualTo(new ArrayList<>(version.twin().tailMap(key).values()));
            if (!version.twin().isEmpty()) {
                assertThat(version.chunks().first())
                        .isEqualTo(version.twin().firstEntry().getValue());
                assertThat(version.chunks().last())
                        .isEqualTo(version.twin().lastEntry().getValue());
            }
        }
    }

    @Property(tries = 100)
    void aDifferenceNamesWhatIsNotTheSameObject(@ForAll Random random) {
        List<Version> versions = versions(random, 20);
        Version one = versions.get(random.nextInt(versions.size()));
        Version other = versions.get(random.nextInt(versions.size()));
        SortedMap<Integer, List<Object>> expected = new TreeMap<>();
        TreeSet<Integer> keys = new TreeSet<>(one.twin().keySet());
        keys.addAll(other.twin().keySet());
        for (Integer key : keys) {
            if (one.twin().get(key) != other.twin().get(key)) {
                expected.put(
                        key,
                        List.of(text(one.twin().get(key)), text(other.twin().get(key))));
            }
        }
        List<List<Object>> found = new ArrayList<>();
        SortedChunks.difference(
                one.chunks(), other.chunks(), (before, after) -> found.add(List.of(text(before), text(after))));
        assertThat(found).isEqualTo(new ArrayList<>(expected.values()));
    }

    private static String text(Object value) {
        return String.valueOf(value);
    }

    @Property(tries = 50)
    void editsThatChangeNothingReturnTheSameVersion(@ForAll Random random) {
        Version version = empty().next(random, 300, 400);
        TreeMap<Integer, Entry> same = new TreeMap<>(version.twin());
        same.put(1_000, null);
        assertThat(version.chunks().with(same)).isSameAs(version.chunks());
    }

    @Property(tries = 50)
    void chunksOfASortedListHaveItsValues(@ForAll @IntRange(max = 2_000) int size) {
        List<Entry> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(new Entry(i, i));
        }
        SortedChunks<Integer, Entry> made = empty().chunks().ofSorted(values);
        assertThat(new ArrayList<>(made.values())).isEqualTo(values);
        assertThat(made.get(size / 2)).isEqualTo(size == 0 ? null : values.get(size / 2));
    }

    @Property(tries = 100)
    void aSetOfMembersIsASortedSet(@ForAll Random random) {
        TreeSet<Integer> members = new TreeSet<>();
        TreeSet<Integer> excluded = new TreeSet<>();
        for (int i = random.nextInt(300); i > 0; i--) {
            members.add(random.nextInt(500));
        }
        members.stream().filter(member -> random.nextInt(4) == 0).forEach(excluded::add);
        SortedChunks<Integer, Integer> none = SortedChunks.empty(member -> member);
        MemberSet<Integer> set = new MemberSet<>(none.ofSorted(new ArrayList<>(members)), excluded);
        TreeSet<Integer> twin = new TreeSet<>(members);
        twin.removeAll(excluded);

        assertThat(set).isEqualTo(twin).hasSameHashCodeAs(twin);
        assertThat(new ArrayList<>(set)).isEqualTo(new ArrayList<>(twin));
        for (int i = 0; i < 20; i++) {
            int member = random.nextInt(500);
            assertThat(set.contains(member)).isEqualTo(twin.contains(member));
            assertThat(set.headSet(member)).isEqualTo(twin.headSet(member));
            assertThat(set.tailSet(member)).isEqualTo(twin.tailSet(member));
            assertThat(set.subSet(member, member + 50)).isEqualTo(twin.subSet(member, member + 50));
        }
        if (!twin.isEmpty()) {
            assertThat(set.first()).isEqualTo(twin.first());
            assertThat(set.last()).isEqualTo(twin.last());
        }
        assertThat(set.contains("a text")).isFalse();
    }

    /** A long history leaves no small chunks behind. */
    @Example
    void manyJoinsAndLeavesKeepTheChunksFull() {
        Random random = new Random(1);
        SortedChunks<Integer, Integer> numbers = SortedChunks.empty(number -> number);
        TreeSet<Integer> twin = new TreeSet<>();
        for (int i = 0; i < 20_000; i++) {
            int number = random.nextInt(2_000);
            boolean add = random.nextBoolean();
            TreeMap<Integer, Integer> edit = new TreeMap<>();
            edit.put(number, add ? (Integer) number : null);
            if (add) {
                twin.add(number);
            } else {
                twin.remove(number);
            }
            numbers = numbers.with(edit);
        }
        assertThat(ImmutableSortedSet.copyOf(numbers.values())).isEqualTo(twin);
        assertThat(numbers.chunkCount()).isBetween(twin.size() / 128, 1 + twin.size() / 16);
    }
}
