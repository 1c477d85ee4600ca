package dev.wayleave.net.engine;

import dev.wayleave.net.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The places of a list of prefixes, grouped by equal prefixes: what brings millions of (prefix, node) pairs together
 * without a hash table and without a comparison.
 *
 * <pre>
 *   place     0             1             2             3
 *   prefix    10.2.0.0/16   10.1.0.0/16   10.2.0.0/16   10.1.0.0/24
 *
 *   group     0             1             2
 *   prefix    10.1.0.0/16   10.1.0.0/24   10.2.0.0/16
 *   places    1             3             0, 2
 * </pre>
 *
 * <p>Groups are numbered from 0 in the order of {@link Prefix}, places in the order of the list.
 */
public final class PrefixGroups {

    /** All places, group after group. */
    private final int[] places;

    /** By group: where its places start; at the end one more number, the end of the last group. */
    private final int[] starts;

    private final int[] groupOfPlace;
    private final Prefix[] prefixes;

    private PrefixGroups(int[] places, int[] starts, int[] groupOfPlace, Prefix[] prefixes) {
        this.places = places;
        this.starts = starts;
        this.groupOfPlace = groupOfPlace;
        this.prefixes = prefixes;
    }

    /**
     * Groups a list. {@code O(n)} for each byte in which its prefixes differ.
     *
     * @param prefixes the prefixes, in any order; equal ones may come often
     * @return its groups
     */
    public static PrefixGroups of(List<Prefix> prefixes) {
        Objects.requireNonNull(prefixes, "prefixes");
        Prefix[] all = prefixes.toArray(Prefix[]::new);
        for (Prefix prefix : all) {
            if (prefix == null) {
                throw new NullPointerException("prefixes must not hold null");
            }
        }
        return grouped(all, PrefixSort.of(all));
    }

    private static PrefixGroups grouped(Prefix[] all, PrefixSort sort) {
        int[] places = sort.places();
        int[] starts = new int[all.length + 1];
        int[] groupOfPlace = new int[all.length];
        int count = 0;
        for (int i = 0; i < places.length; i++) {
            if (!sort.equalsPrevious(i)) {
                starts[count++] = i;
            }
            groupOfPlace[places[i]] = count - 1;
        }
        starts[count] = places.length;
        Prefix[] distinct = new Prefix[count];
        for (int group = 0; group < count; group++) {
            distinct[group] = all[places[starts[group]]];
        }
        return new PrefixGroups(places, Arrays.copyOf(starts, count + 1), groupOfPlace, distinct);
    }

    /** {@return the number of groups, which is that of the distinct prefixes} */
    public int count() {
        return prefixes.length;
    }

    /**
     * Returns the prefix of a group: the first of the list that is equal to it, so that all places can share one
     * object.
     *
     * @param group 0 to {@link #count} - 1
     * @return the prefix
     * @throws IndexOutOfBoundsException if there is no such group
     */
    public Prefix prefix(int group) {
        return prefixes[group];
    }

    /**
     * Returns the group of a place.
     *
     * @param place 0 to the size of the list - 1
     * @return the group
     * @throws IndexOutOfBoundsException if the list has no such place
     */
    public int groupOf(int place) {
        return groupOfPlace[place];
    }

    /**
     * Returns how often the prefix of a group is in the list.
     *
     * @param group 0 to {@link #count} - 1
     * @return at least 1
     * @throws IndexOutOfBoundsException if there is no such group
     */
    public int size(int group) {
        return starts[group + 1] - starts[group];
    }

    /**
     * Returns one of the places of a group.
     *
     * @param group 0 to {@link #count} - 1
     * @param index 0 to {@link #size} - 1
     * @return the place in the list; a greater one for a greater index
     * @throws IndexOutOfBoundsException if there is no such group or index
     */
    public int place(int group, int index) {
        Objects.checkIndex(index, size(group));
        return places[starts[group] + index];
    }
}
