package dev.wayleave.internal;

import java.util.Arrays;

/** The chunks of a version of {@link SortedChunks} that is being made; used by one thread. */
final class ChunkList {

    private static final int MOST = 128;

    /** The size of a new chunk: there is room for more before it must be split. */
    static final int USUAL = 96;

    /** A chunk that has fewer values after a change joins the chunk before it, if both fit into one. */
    private static final int FEW = 32;

    private Object[][] list;
    private int count;

    ChunkList(int expected) {
        list = new Object[expected][];
    }

    void add(Object[] chunk) {
        if (count == list.length) {
            list = Arrays.copyOf(list, 2 * count + 1);
        }
        list[count++] = chunk;
    }

    void addAll(Object[][] chunks, int from, int to) {
        if (count + to - from > list.length) {
            list = Arrays.copyOf(list, Math.max(2 * count, count + to - from));
        }
        System.arraycopy(chunks, from, list, count, to - from);
        count += to - from;
    }

    /** Adds values as one chunk or several, or to the last chunk if they are few. */
    void join(Object[] values) {
        if (values.length < FEW && count > 0 && list[count - 1].length + values.length <= USUAL) {
            Object[] last = list[count - 1];
            Object[] joined = Arrays.copyOf(last, last.length + values.length);
            System.arraycopy(values, 0, joined, last.length, values.length);
            list[count - 1] = joined;
        } else if (values.length > MOST) {
            split(values);
        } else if (values.length > 0) {
            add(values);
        }
    }

    void split(Object[] values) {
        int pieces = (values.length + USUAL - 1) / USUAL;
        for (int piece = 0; piece < pieces; piece++) {
            int from = (int) ((long) values.length * piece / pieces);
            int to = (int) ((long) values.length * (piece + 1) / pieces);
            add(Arrays.copyOfRange(values, from, to));
        }
    }

    Object[][] toArray() {
        return count == list.length ? list : Arrays.copyOf(list, count);
    }
}
