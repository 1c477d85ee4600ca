package dev.wayleave;

import dev.wayleave.mesh.NodeId;
import org.jspecify.annotations.Nullable;
import org.pcollections.ConsPStack;
import org.pcollections.PStack;

/**
 * When each live session was last heard, and which of them has been silent for the longest.
 *
 * <p>Immutable. Every session has a slot, the slots are the leaves of a wide tree, and each branch knows the earliest
 * time beneath it:
 *
 * <pre>
 *                  [ earliest 07 ]
 *            ┌───────────┴───────────┐
 *     [ earliest 12 ]         [ earliest 07 ]
 *      12 │ 31 │ 15 │ -        44 │ 07 │ - │ -      slots 0-3, 4-7
 * </pre>
 *
 * <p>A keep-alive copies one path: six branches for 100,000 sessions, 360 bytes. A balanced tree of deadlines
 * would copy three paths of seventeen. Slots depend on history and never show.
 */
final class HeardTimes {

    private static final int WIDTH_BITS = 3;
    private static final int WIDTH = 1 << WIDTH_BITS;
    private static final HeardTimes NONE = new HeardTimes(null, 0, 0, ConsPStack.empty());

    /** Behind the children of a branch: what was heard earliest beneath it. */
    private static final int EARLIEST = WIDTH;

    /** A branch: eight children, which are branches or (at height 0) of type {@link Heard}, and the earliest of them. */
    private final @Nullable Object @Nullable [] root;

    private final int height;
    private final int slots;
    private final PStack<Integer> free;

    private HeardTimes(@Nullable Object @Nullable [] root, int height, int slots, PStack<Integer> free) {
        this.root = root;
        this.height = height;
        this.slots = slots;
        this.free = free;
    }

    /** What was heard of one session. */
    record Heard(NodeId node, long at) {}

    private static @Nullable Heard earliestOf(@Nullable Object child) {
        return (Heard) (child instanceof Object[] branch ? branch[EARLIEST] : child);
    }

    private static long timeOf(@Nullable Object child) {
        Heard heard = earliestOf(child);
        return heard == null ? Deadline.NEVER : heard.at();
    }

    static HeardTimes none() {
        return NONE;
    }

    /** A slot for a further session; the caller fills it before it asks for another. */
    int freeSlot() {
        return free.isEmpty() ? slots : free.get(0);
    }

    /** Fills the slot that {@link #freeSlot} named. */
    HeardTimes plus(int slot, Heard heard) {
        if (!free.isEmpty()) {
            return new HeardTimes(replaced(root, height, slot, heard), height, slots, free.minus(0));
        }
        @Nullable Object @Nullable [] grown = root;
        int newHeight = height;
        if (grown != null && slot == WIDTH << (WIDTH_BITS * height)) {
            @Nullable Object[] parent = new @Nullable Object[WIDTH + 1];
            parent[0] = grown;
            grown = parent;
            newHeight++;
        }
        return new HeardTimes(replaced(grown, newHeight, slot, heard), newHeight, slots + 1, free);
    }

    /** Replaces what was heard in a slot that is in use. */
    HeardTimes with(int slot, Heard heard) {
        return new HeardTimes(replaced(root, height, slot, heard), height, slots, free);
    }

    HeardTimes without(int slot) {
        return new HeardTimes(replaced(root, height, slot, null), height, slots, free.plus(slot));
    }

    long at(int slot) {
        Object child = root;
        for (int level = height; child instanceof Object[] branch; level--) {
            child = branch[index(slot, level)];
        }
        return timeOf(child);
    }

    /** The session that has been silent for the longest; of several the one in the lowest slot. */
    @Nullable
    Heard earliest() {
        return earliestOf(root);
    }

    long earliestTime() {
        return timeOf(root);
    }

    private static int index(int slot, int level) {
        return (slot >>> (WIDTH_BITS * level)) & (WIDTH - 1);
    }

    private static @Nullable Object[] replaced(
            @Nullable Object @Nullable [] branch, int level, int slot, @Nullable Heard heard) {
        @Nullable Object[] next = branch == null ? new @Nullable Object[WIDTH + 1] : branch.clone();
        int index = index(slot, level);
        next[index] = level == 0 ? heard : replaced((@Nullable Object[]) next[index], level - 1, slot, heard);
        Heard earliest = null;
        for (int i = 0; i < WIDTH; i++) {
            Heard candidate = earliestOf(next[i]);
            if (candidate != null && (earliest == null || candidate.at() < earliest.at())) {
                earliest = candidate;
            }
        }
        next[EARLIEST] = earliest;
        return next;
    }
}
