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
 * <p>A keep-alive copies one path: five branches for 30,000 sessions, about 400 bytes. A balanced tree of deadlines
 * would copy three paths of seventeen. Slots depend on history and never show.
 */
final class HeardTimes {

    private static final int WIDTH_BITS = 3;
    private static final int WIDTH = 1 << WIDTH_BITS;
    private static final HeardTimes NONE = new HeardTimes(null, 0, 0, ConsPStack.empty());

    /** Children are branches, or {@link Heard} in branches of height 0. */
    private final @Nullable Branch root;

    private final int height;
    private final int slots;
    private final PStack<Integer> free;

    private HeardTimes(@Nullable Branch root, int height, int slots, PStack<Integer> free) {
        this.root = root;
        this.height = height;
        this.slots = slots;
        this.free = free;
    }

    /** What was heard of one session. */
    record Heard(NodeId node, long at) {}

    private static final class Branch {

        private final long earliest;
        private final @Nullable Object[] children;

        Branch(@Nullable Object[] children) {
            this.children = children;
            long least = Deadline.NEVER;
            for (Object child : children) {
                least = Math.min(least, timeOf(child));
            }
            this.earliest = least;
        }
    }

    private static long timeOf(@Nullable Object child) {
        if (child instanceof Branch branch) {
            return branch.earliest;
        }
        return child instanceof Heard heard ? heard.at() : Deadline.NEVER;
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
        Branch grown = root;
        int newHeight = height;
        if (grown != null && slot == WIDTH << (WIDTH_BITS * height)) {
            Object[] children = new Object[WIDTH];
            children[0] = grown;
            grown = new Branch(children);
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
        for (int level = height; child instanceof Branch branch; level--) {
            child = branch.children[index(slot, level)];
        }
        return timeOf(child);
    }

    /** The session that has been silent for the longest; of several the one in the lowest slot. */
    @Nullable
    Heard earliest() {
        Object child = root;
        while (child instanceof Branch branch) {
            child = null;
            for (Object candidate : branch.children) {
                if (timeOf(candidate) == branch.earliest) {
                    child = candidate;
                    break;
                }
            }
        }
        return (Heard) child;
    }

    long earliestTime() {
        return timeOf(root);
    }

    private static int index(int slot, int level) {
        return (slot >>> (WIDTH_BITS * level)) & (WIDTH - 1);
    }

    private static Branch replaced(@Nullable Branch branch, int level, int slot, @Nullable Heard heard) {
        @Nullable Object[] children = branch == null ? new Object[WIDTH] : branch.children.clone();
        int index = index(slot, level);
        children[index] = level == 0 ? heard : replaced((Branch) children[index], level - 1, slot, heard);
        return new Branch(children);
    }
}
