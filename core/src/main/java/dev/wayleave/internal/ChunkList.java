package dev.wayleave.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The chunks of a version of {@link SortedChunks} that is being made; used by one thread. */
final class ChunkList {

    private static final int MOST = 128;

    /** The size of a new chunk: there is room for more before it must be split. */
    private static final int USUAL = 96;

    /** A chunk that has fewer values after a change joins the chunk before it, if both fit into one. */
    private static final int FEW = 32;

    private final List<Object[]> list;

    ChunkList(int expected) {
        list = new ArrayList<>(expected);
    }

    void add(Object[] chunk) {
        list.add(chunk);
    }

    void addAll(Object[][] chunks, int from, int to) {
        list.addAll(Arrays.asList(chunks).subList(from, to));
    }

    /** Adds values as one chunk or several, or to the last chunk if they are few. */
    void join(Object[] values) {
        Object[] last = list.isEmpty() ? null : list.get(list.size() - 1);
        if (values.length < FEW && last != null && last.length + values.length <= USUAL) {
            Object[] joined = Arrays.copyOf(last, last.length + values.length);
            System.arraycopy(values, 0, joined, last.length, values.length);
            list.set(list.size() - 1, joined);
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
        return list.toArray(new Object[0][]);
    }
}
