package dev.wayleave;

import dev.wayleave.mesh.NodeId;
import org.jspecify.annotations.Nullable;
import org.pcollections.ConsPStack;
import org.pcollections.PStack;

/**
 * The times at which the live sessions were last heard, with the session that has been silent for the longest.
 *
 * <p>Immutable. Every session has a slot, the slots are the leaves of a tree of four, and each branch knows the
 * earliest time beneath it:
 *
 * <pre>
 *                  [ earliest 07 ]
 *            ┌───────────┴───────────┐
 *     [ earliest 12 ]         [ earliest 07 ]
 *      12 │ 31 │ 15 │ -        44 │ 07 │ - │ -      slots 0-3, 4-7
 * </pre>
 *
 * <p>A keep-alive copies one path: nine branches of 32 bytes for 100,000 sessions. A balanced tree of deadlines would
 * copy three paths of seventeen. Slots depend on history and never show.
 */
final class LastHeardTimes {

    private static final int WIDTH_BITS = 2;
    private static final int WIDTH = 1 << WIDTH_BITS;
    private static final LastHeardTimes NONE = new LastHeardTimes(null, 0, 0, ConsPStack.empty());

    private final @Nullable Branch root;

    private final int height;
    private final int slots;
    private final PStack<Integer> free;

    private LastHeardTimes(@Nullable Branch root, int height, int slots, PStack<Integer> free) {
        this.root = root;
        this.height = height;
        this.slots = slots;
        this.free = free;
    }

    /** The time at which the session of a node was last heard. */
    record LastHeardTime(NodeId node, long at) {}

    /** Four children, which are branches or (at height 0) what was heard, and the earliest beneath them. */
    private static final class Branch {

        private static final Branch EMPTY = new Branch(null, null, null, null);

        private final @Nullable Object first;
        private final @Nullable Object second;
        private final @Nullable Object third;
        private final @Nullable Object fourth;
        private final @Nullable LastHeardTime earliest;

        Branch(@Nullable Object first, @Nullable Object second, @Nullable Object third, @Nullable Object fourth) {
            this.first = first;
            this.second = second;
            this.third = third;
            this.fourth = fourth;
            this.earliest = earlier(
                    earlier(earliestOf(first), earliestOf(second)), earlier(earliestOf(third), earliestOf(fourth)));
        }

        @Nullable
        Object child(int index) {
            return switch (index) {
                case 0 -> first;
                case 1 -> second;
                case 2 -> third;
                default -> fourth;
            };
        }

        Branch with(int index, @Nullable Object child) {
            return switch (index) {
                case 0 -> new Branch(child, second, third, fourth);
                case 1 -> new Branch(first, child, third, fourth);
                case 2 -> new Branch(first, second, child, fourth);
                default -> new Branch(first, second, third, child);
            };
        }
    }

    /** The earlier of two; of equal ones the former. */
    private static @Nullable LastHeardTime earlier(@Nullable LastHeardTime one, @Nullable LastHeardTime other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.at() < one.at() ? other : one;
    }

    private static @Nullable LastHeardTime earliestOf(@Nullable Object child) {
        return child instanceof Branch branch ? branch.earliest : (LastHeardTime) child;
    }

    private static long timeOf(@Nullable Object child) {
        LastHeardTime heard = earliestOf(child);
        return heard == null ? Deadline.NEVER : heard.at();
    }

    static LastHeardTimes none() {
        return NONE;
    }

    /** A slot for a further session; the caller fills it before it asks for another. */
    int freeSlot() {
        return free.isEmpty() ? slots : free.get(0);
    }

    /** Fills the slot that {@link #freeSlot} named. */
    LastHeardTimes plus(int slot, LastHeardTime heard) {
        if (!free.isEmpty()) {
            return new LastHeardTimes(replaced(root, height, slot, heard), height, slots, free.minus(0));
        }
        Branch grown = root;
        int newHeight = height;
        if (grown != null && slot == WIDTH << (WIDTH_BITS * height)) {
            grown = Branch.EMPTY.with(0, grown);
            newHeight++;
        }
        return new LastHeardTimes(replaced(grown, newHeight, slot, heard), newHeight, slots + 1, free);
    }

    /** Replaces what was heard in a slot that is in use. */
    LastHeardTimes with(int slot, LastHeardTime heard) {
        return new LastHeardTimes(replaced(root, height, slot, heard), height, slots, free);
    }

    LastHeardTimes without(int slot) {
        return new LastHeardTimes(replaced(root, height, slot, null), height, slots, free.plus(slot));
    }

    /** The same times on a clock that was stepped by so many milliseconds. */
    LastHeardTimes shifted(long by) {
        return new LastHeardTimes((Branch) shifted(root, by), height, slots, free);
    }

    private static @Nullable Object shifted(@Nullable Object child, long by) {
        if (child instanceof LastHeardTime heard) {
            return new LastHeardTime(heard.node(), Times.shifted(heard.at(), by));
        }
        return child instanceof Branch branch
                ? new Branch(
                        shifted(branch.first, by),
                        shifted(branch.second, by),
                        shifted(branch.third, by),
                        shifted(branch.fourth, by))
                : null;
    }

    long at(int slot) {
        Object child = root;
        for (int level = height; child instanceof Branch branch; level--) {
            child = branch.child(index(slot, level));
        }
        return timeOf(child);
    }

    /** The session that has been silent for the longest; of several the one in the lowest slot. */
    @Nullable
    LastHeardTime earliest() {
        return earliestOf(root);
    }

    long earliestTime() {
        return timeOf(root);
    }

    private static int index(int slot, int level) {
        return (slot >>> (WIDTH_BITS * level)) & (WIDTH - 1);
    }

    private static Branch replaced(@Nullable Branch branch, int level, int slot, @Nullable LastHeardTime heard) {
        Branch last = branch == null ? Branch.EMPTY : branch;
        int index = index(slot, level);
        Object child = level == 0 ? heard : replaced((Branch) last.child(index), level - 1, slot, heard);
        return last.with(index, child);
    }
}
